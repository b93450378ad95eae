// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jtransforms.fft.FloatFFT_1D;

/**
 * Looks, while a sound is read, for what makes detection worse: clipping, a constant offset, few
 * levels, no treble, silence, channels that differ.
 */
public final class SoundCheck {
  /** What can be wrong with a sound. */
  public enum Fault {
    /** All samples of all channels are zero, or nearly so. */
    SILENT("silent: check the microphone, its connection and its mute switch"),
    /** Many samples are at full scale. */
    CLIPPED("clipped: lower the recording level"),
    /** The mean is far from zero. */
    OFFSET("a constant offset: remove it, as `sox IN OUT highpass 20` does"),
    /** It has the levels of a few bits. */
    COARSE("the resolution of few bits: record with 16"),
    /** The upper part of its spectrum is empty. */
    DULL("no treble, as after a telephone: words are missed more often"),
    /** The first channel is silent, others are not. */
    FIRST_CHANNEL_SILENT("the first channel is silent; another one was used"),
    /** The channels hold different sounds, of which one is used. */
    CHANNELS_DIFFER(
        "the channels differ and the first was used; --channel N, mix, best or each chooses");

    private final String advice;

    Fault(String advice) {
      this.advice = advice;
    }

    /** What is wrong, and what to do. */
    public String advice() {
      return advice;
    }
  }

  private static final float FULL = 0.999f;
  private static final double MOST_CLIPPED = 0.01; // share of the samples
  private static final float SILENCE = 2 / 32768f; // highest magnitude
  private static final double MOST_OFFSET = 0.05;
  private static final int MOST_LEVELS = 32; // that count as few
  private static final double LEAST_SECONDS = 1; // to judge levels, treble and channels
  private static final int WINDOW = 2048; // samples of a spectrum
  private static final int EVERY = 8; // windows to one that is looked at
  private static final double TREBLE = 4200; // Hz
  private static final double LEAST_TREBLE = 1e-6; // of the power below it: -60 dB
  private static final double ALIKE = 0.5; // least correlation of channels with the same sound
  private static final double HEARD = 1e-5; // mean square of a channel that holds something: -50 dB

  private final int channels;
  private final int sampleRate;
  private final double[] sum; // [channels]
  private final double[] squares; // [channels]
  private final double[] products; // [channels], with the first
  private final float[] peak; // [channels], of all samples; the rest is of one window in EVERY
  private final Set<Float> levels = new HashSet<>(); // of the first channel
  private final FloatFFT_1D fft = new FloatFFT_1D(WINDOW);
  private final float[] window = new float[WINDOW]; // of the first channel
  private long frames;
  private long looked; // frames looked at
  private long clipped; // samples of the first channel
  private double bass; // power below TREBLE
  private double treble; // power above it

  /**
   * Prepares to look at a sound.
   *
   * @param channels of the sound
   * @param sampleRate frames per second
   */
  public SoundCheck(int channels, int sampleRate) {
    this.channels = channels;
    this.sampleRate = sampleRate;
    sum = new double[channels];
    squares = new double[channels];
    products = new double[channels];
    peak = new float[channels];
  }

  /**
   * Looks at the next frames.
   *
   * @param interleaved [frames * channels]
   * @param count of frames
   */
  public void accept(float[] interleaved, int count) {
    for (int c = 0; c < channels; c++) {
      float highest = peak[c];
      for (int i = c; i < count * channels; i += channels) {
        highest = Math.max(highest, Math.abs(interleaved[i]));
      }
      peak[c] = highest;
    }
    for (int i = 0; i < count; ) {
      int place = (int) ((frames + i) % WINDOW);
      int end = Math.min(count, i + WINDOW - place); // of the window, in these frames
      if ((frames + i) / WINDOW % EVERY == 0) {
        for (; i < end; i++) {
          look(interleaved, i * channels);
          window[place++] = interleaved[i * channels];
        }
        if (place == WINDOW) {
          addSpectrum();
        }
      }
      i = end;
    }
    frames += count;
  }

  private void look(float[] frame, int at) {
    float first = frame[at];
    looked++;
    clipped += Math.abs(first) >= FULL ? 1 : 0;
    if (levels.size() <= MOST_LEVELS) {
      levels.add(first);
    }
    for (int c = 0; c < channels; c++) {
      double value = frame[at + c];
      sum[c] += value;
      squares[c] += value * value;
      products[c] += value * first;
    }
  }

  private void addSpectrum() {
    float[] spectrum = window.clone();
    for (int i = 0; i < WINDOW; i++) {
      spectrum[i] *= (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / WINDOW));
    }
    fft.realForward(spectrum);
    for (int k = 1; k < WINDOW / 2; k++) {
      double power = spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
      if ((double) k * sampleRate / WINDOW < TREBLE) {
        bass += power;
      } else {
        treble += power;
      }
    }
  }

  /** What was found so far. */
  public List<Fault> faults() {
    if (frames == 0) {
      return List.of();
    }
    float highest = 0;
    for (float one : peak) {
      highest = Math.max(highest, one);
    }
    if (highest <= SILENCE) {
      return List.of(Fault.SILENT);
    }
    List<Fault> faults = new ArrayList<>();
    boolean isLong = frames >= LEAST_SECONDS * sampleRate;
    if (clipped > MOST_CLIPPED * looked) {
      faults.add(Fault.CLIPPED);
    }
    if (Arrays.stream(sum).anyMatch(s -> Math.abs(s / looked) > MOST_OFFSET)) {
      faults.add(Fault.OFFSET);
    }
    if (peak[0] > SILENCE && isLong && levels.size() > 1 && levels.size() <= MOST_LEVELS) {
      faults.add(Fault.COARSE);
    } else if (isLong && bass > 0 && treble < LEAST_TREBLE * bass) {
      faults.add(Fault.DULL);
    }
    if (peak[0] <= SILENCE) {
      faults.add(Fault.FIRST_CHANNEL_SILENT);
    } else if (isLong && channelsDiffer()) {
      faults.add(Fault.CHANNELS_DIFFER);
    }
    return faults;
  }

  private boolean channelsDiffer() {
    for (int c = 1; c < channels; c++) {
      double alike = Math.abs(products[c]) / Math.sqrt(squares[0] * squares[c] + 1e-30);
      boolean bothHold = Math.min(squares[0], squares[c]) > HEARD * looked;
      if (bothHold && alike < ALIKE) {
        return true;
      }
    }
    return false;
  }
}
