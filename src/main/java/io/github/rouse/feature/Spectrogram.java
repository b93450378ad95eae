// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import io.github.rouse.state.Snapshot;
import java.util.Arrays;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * The streaming front end: samples in, feature frames out; openWakeWord's come in groups. Frames do
 * not depend on chunking. Not thread-safe. Allocates nothing itself, but JTransforms does unless
 * the transform's length is a power of two.
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
  private final double[] recent; // the frame being filled, oldest sample first
  private final double[] window; // [frameLength]
  private final DoubleFFT_1D fft;
  private final double[] transform; // [fftLength], packed as JTransforms does
  private final Shaping shaping;
  private final float[] frame; // [bins]
  private final FrameGroup group; // or null
  private int filled; // samples in recent

  /** Starts a stream of these features. */
  public Spectrogram(FeatureSpec spec) {
    this.spec = spec;
    recent = new double[spec.frameLength()];
    fft = new DoubleFFT_1D(spec.fftLength());
    transform = new double[spec.fftLength()];
    window = spec.window();
    shaping = Shaping.of(spec);
    frame = new float[spec.bins()];
    group = spec.spectrum() instanceof Spectrum.OpenWakeWord ? new FrameGroup(frame.length) : null;
  }

  /** Takes samples in [-1, 1] at the spec's rate and passes each completed frame to the sink. */
  public void accept(float[] samples, int from, int length, FrameSink sink) {
    int end = from + length;
    int at = from;
    while (at < end) {
      int taken = Math.min(end - at, recent.length - filled);
      for (int i = 0; i < taken; i++) {
        recent[filled + i] = samples[at + i];
      }
      filled += taken;
      at += taken;
      if (filled == recent.length) {
        transform();
        if (group == null) {
          sink.accept(frame, level());
        } else {
          group.add(frame, level(), sink);
        }
        System.arraycopy(recent, spec.hop(), recent, 0, recent.length - spec.hop());
        filled -= spec.hop();
      }
    }
  }

  /** Forgets the stream so far. */
  public void reset() {
    filled = 0;
    shaping.reset();
    if (group != null) {
      group.reset();
    }
  }

  /** Saves or restores the stream. */
  public void state(Snapshot snapshot) {
    snapshot.values(recent);
    filled = snapshot.number(filled);
    shaping.state(snapshot);
    if (group != null) {
      group.state(snapshot);
    }
  }

  /** Mean square, in four independent sums to hide the latency of additions. */
  private float level() {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = 0;
    for (; i + 3 < recent.length; i += 4) {
      a += recent[i] * recent[i];
      b += recent[i + 1] * recent[i + 1];
      c += recent[i + 2] * recent[i + 2];
      d += recent[i + 3] * recent[i + 3];
    }
    for (; i < recent.length; i++) {
      a += recent[i] * recent[i];
    }
    return (float) ((a + b + c + d) / recent.length);
  }

  private void transform() {
    for (int i = 0; i < recent.length; i++) {
      transform[i] = recent[i] * window[i];
    }
    Arrays.fill(transform, recent.length, transform.length, 0);
    fft.realForward(transform);
    shaping.apply(transform, frame);
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
