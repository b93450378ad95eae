// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import io.github.rouse.state.Snapshot;

/**
 * The streaming front end: samples in, feature frames out; openWakeWord's come in groups. Frames do
 * not depend on chunking. Not thread-safe. Allocates nothing once compiled, except for {@link
 * Spectrum.PowerDensity}, where JTransforms does unless the frame's length is a power of two.
 */
public final class Spectrogram {
  /** Receives frames. */
  @FunctionalInterface
  public interface FrameSink {
    /**
     * Takes one frame.
     *
     * @param frame [bins], overwritten by the next frame
     * @param level mean square of the frame's samples in [-1, 1]
     */
    void accept(float[] frame, float level);
  }

  private final FeatureSpec spec;
  private final FrameAnalysis analysis;
  private final float[] recent; // samples of frames to come, oldest first
  private final float[][] frames; // [most][bins]
  private final FrameGroup group; // or null
  private int filled; // samples in recent

  /** Starts a stream of these features. */
  public Spectrogram(FeatureSpec spec) {
    this.spec = spec;
    analysis = analysis(spec);
    recent = new float[spec.frameLength() + (analysis.most() - 1) * spec.hop()];
    frames = new float[analysis.most()][spec.bins()];
    group = spec.spectrum() instanceof Spectrum.OpenWakeWord ? new FrameGroup(spec.bins()) : null;
  }

  private static FrameAnalysis analysis(FeatureSpec spec) {
    Spectrum spectrum = spec.spectrum();
    if (spectrum instanceof Spectrum.PowerDensity density) {
      return new DensityAnalysis(spec, density);
    } else if (spectrum instanceof Spectrum.Pcen pcen) {
      return new PcenAnalysis(spec, pcen);
    }
    return new LogAnalysis(spec);
  }

  /** Takes samples in [-1, 1] at the spec's rate and passes each completed frame to the sink. */
  public void accept(float[] samples, int from, int length, FrameSink sink) {
    collect(samples, from, length, sink);
    flush(sink);
  }

  /** Takes samples like {@link #accept}, but completed frames may wait for {@link #flush}. */
  public void collect(float[] samples, int from, int length, FrameSink sink) {
    int end = from + length;
    for (int at = from; at < end; ) {
      if (filled == recent.length) {
        flush(sink);
      }
      int taken = Math.min(end - at, recent.length - filled);
      System.arraycopy(samples, at, recent, filled, taken);
      filled += taken;
      at += taken;
    }
  }

  /** Passes the waiting frames to the sink. */
  public void flush(FrameSink sink) {
    if (filled >= spec.frameLength()) {
      pass((filled - spec.frameLength()) / spec.hop() + 1, sink);
    }
  }

  private void pass(int count, FrameSink sink) {
    analysis.apply(recent, count, frames);
    for (int i = 0; i < count; i++) {
      float level = level(i * spec.hop());
      if (group == null) {
        sink.accept(frames[i], level);
      } else {
        group.add(frames[i], level, sink);
      }
    }
    int done = count * spec.hop();
    System.arraycopy(recent, done, recent, 0, filled - done);
    filled -= done;
  }

  /** Forgets the stream so far. */
  public void reset() {
    filled = 0;
    analysis.reset();
    if (group != null) {
      group.reset();
    }
  }

  /** Saves or restores the stream. */
  public void state(Snapshot snapshot) {
    snapshot.values(recent);
    filled = snapshot.number(filled);
    analysis.state(snapshot);
    if (group != null) {
      group.state(snapshot);
    }
  }

  /** Mean square of a frame, in four independent sums to hide the latency of additions. */
  private float level(int from) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int end = from + spec.frameLength();
    int i = from;
    for (; i + 3 < end; i += 4) {
      a = Math.fma(recent[i], recent[i], a);
      b = Math.fma(recent[i + 1], recent[i + 1], b);
      c = Math.fma(recent[i + 2], recent[i + 2], c);
      d = Math.fma(recent[i + 3], recent[i + 3], d);
    }
    for (; i < end; i++) {
      a = Math.fma(recent[i], recent[i], a);
    }
    return (a + b + (c + d)) / spec.frameLength();
  }

  /** Holds the frames of openWakeWord's features until the loudest of their group is known. */
  private static final class FrameGroup {
    private final float[][] frames; // [GROUP][bands], decibels
    private final float[] levels = new float[Spectrum.OpenWakeWord.GROUP];
    private int size = Spectrum.OpenWakeWord.FIRST; // of this group
    private int filled;

    FrameGroup(int bands) {
      frames = new float[Spectrum.OpenWakeWord.GROUP][bands];
    }

    /** Takes a frame of decibels; passes on the features of the whole group if it is the last. */
    void add(float[] decibels, float level, FrameSink sink) {
      System.arraycopy(decibels, 0, frames[filled], 0, decibels.length);
      levels[filled++] = level;
      if (filled < size) {
        return;
      }
      float largest = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < size; i++) {
        for (float value : frames[i]) {
          largest = Math.max(largest, value);
        }
      }
      float least = largest - (float) Spectrum.OpenWakeWord.RANGE;
      for (int i = 0; i < size; i++) {
        for (int b = 0; b < decibels.length; b++) {
          frames[i][b] = Math.max(frames[i][b], least) / 10 + 2;
        }
        sink.accept(frames[i], levels[i]);
      }
      reset();
      size = Spectrum.OpenWakeWord.GROUP;
    }

    void state(Snapshot snapshot) {
      snapshot.values(frames);
      snapshot.values(levels);
      size = snapshot.number(size);
      filled = snapshot.number(filled);
    }

    /** Starts a stream. */
    void reset() {
      filled = 0;
      size = Spectrum.OpenWakeWord.FIRST;
    }
  }
}
