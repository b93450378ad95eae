package io.github.rouse.feature;

import java.util.Arrays;
import org.jtransforms.fft.FloatFFT_1D;

/**
 * Speech as if through a longer or shorter vocal tract: the resonances move, pitch and tempo stay.
 * Frame by frame, the spectrum's envelope is taken off and put on again at scaled frequencies (a
 * channel vocoder's idea; vocal tract length perturbation, Jaitly and Hinton 2013, moves the pitch
 * too).
 */
public final class VocalTract {
  private static final double FRAME_SECONDS = 0.032;
  private static final double SMOOTHING_HZ = 250; // wider than the harmonics of most voices
  private static final float LARGEST_GAIN = 10; // in amplitude

  private static final float FLOOR = 1e-12f; // of power

  private final int bins;
  private final int reach; // bins smoothed over on either side
  private final FloatFFT_1D fft;
  private final float[] frame; // [length], samples, then the spectrum
  private final float[] power; // [bins]
  private final float[] once; // [bins], smoothed once
  private final float[] envelope; // [bins], smoothed twice
  private final float[] gain; // [bins], of amplitude
  private final double[] sums; // of power up to a bin, `reach` before the first and after the last
  private final int[] below; // [bins], the bin under the one whose envelope each gets
  private final float[] part; // [bins], of the way from there to the next

  private VocalTract(int length, int sampleRate, double factor) {
    bins = length / 2 + 1;
    reach = Math.max(1, (int) (SMOOTHING_HZ * length / sampleRate / 2));
    fft = new FloatFFT_1D(length);
    frame = new float[length];
    power = new float[bins];
    once = new float[bins];
    envelope = new float[bins];
    gain = new float[bins];
    sums = new double[bins + 2 * reach + 1];
    below = new int[bins];
    part = new float[bins];
    for (int k = 0; k < bins; k++) {
      double source = Math.min(k / factor, bins - 2);
      below[k] = (int) source;
      part[k] = (float) (source - below[k]);
    }
  }

  /**
   * A recording with its resonances at {@code factor} times their frequencies.
   *
   * @param samples kept as they are
   * @param sampleRate Hz
   * @param factor above 1 for a shorter tract, as a child's
   * @return as many samples
   */
  public static float[] scaled(float[] samples, int sampleRate, double factor) {
    int length = Integer.highestOneBit((int) (2 * FRAME_SECONDS * sampleRate) - 1);
    int hop = length / 2;
    float[] window = new float[length]; // its square overlaps to one
    for (int i = 0; i < length; i++) {
      window[i] = (float) Math.sin(Math.PI * (i + 0.5) / length);
    }
    VocalTract frames = new VocalTract(length, sampleRate, factor);
    float[] out = new float[samples.length];
    for (int at = -hop; at < samples.length; at += hop) {
      int first = Math.max(0, -at);
      int end = Math.min(length, samples.length - at);
      Arrays.fill(frames.frame, 0f);
      for (int i = first; i < end; i++) {
        frames.frame[i] = window[i] * samples[at + i];
      }
      frames.scale();
      for (int i = first; i < end; i++) {
        out[at + i] += window[i] * frames.frame[i];
      }
    }
    return out;
  }

  /** The frame as through the other tract. */
  private void scale() {
    fft.realForward(frame);
    for (int k = 1; k < bins - 1; k++) {
      power[k] = frame[2 * k] * frame[2 * k] + frame[2 * k + 1] * frame[2 * k + 1];
    }
    power[0] = frame[0] * frame[0];
    power[bins - 1] = frame[1] * frame[1];
    smooth(power, once);
    smooth(once, envelope);
    for (int k = 1; k < bins - 1; k++) {
      gain[k] = envelope[below[k]] + part[k] * (envelope[below[k] + 1] - envelope[below[k]]);
    }
    for (int k = 1; k < bins - 1; k++) {
      gain[k] = Math.min(LARGEST_GAIN, (float) Math.sqrt(gain[k] / envelope[k]));
    }
    for (int k = 1; k < bins - 1; k++) {
      frame[2 * k] *= gain[k];
      frame[2 * k + 1] *= gain[k];
    }
    fft.realInverse(frame, true);
  }

  /** The mean of the bins around each. */
  private void smooth(float[] from, float[] to) {
    for (int k = 0; k < bins; k++) {
      sums[reach + k + 1] = sums[reach + k] + from[k];
    }
    Arrays.fill(sums, reach + bins + 1, sums.length, sums[reach + bins]);
    double share = 1.0 / (2 * reach + 1);
    for (int k = 0; k < bins; k++) {
      to[k] = (float) (share * (sums[k + 2 * reach + 1] - sums[k])) + FLOOR;
    }
  }
}
