// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import io.github.rouse.kernel.FrameTransform;
import io.github.rouse.kernel.Kernels;
import java.util.Arrays;

/**
 * Simulates a longer or shorter vocal tract: moves the resonances, keeps pitch and tempo. Each
 * frame's spectral envelope is removed and reapplied at scaled frequencies, as in a channel
 * vocoder. (Vocal tract length perturbation, Jaitly and Hinton 2013, moves the pitch too.) Holds
 * scratch memory; not thread-safe.
 */
public final class VocalTract {
  private static final double FRAME_SECONDS = 0.032;
  private static final double SMOOTHING_HZ = 250; // wider than the harmonics of most voices
  private static final float LARGEST_GAIN = 10; // in amplitude

  private static final float FLOOR = 1e-12f; // of power

  private final int length; // of a frame, samples
  private final int halfWidth; // of the smoothing window, bins
  private final FrameTransform transform;
  private final float[] power; // [2][bins][lanes]; then the gains, of amplitude
  private final float[] once; // [2][bins][lanes], smoothed once
  private final float[] envelope; // [2][bins][lanes], smoothed twice

  /** Prepares frames at this rate, Hz. */
  public VocalTract(int sampleRate) {
    length = Integer.highestOneBit((int) (2 * FRAME_SECONDS * sampleRate) - 1);
    halfWidth = Math.max(1, (int) (SMOOTHING_HZ * length / sampleRate / 2));
    float[] window = new float[length]; // overlapping squares add up to one
    for (int i = 0; i < length; i++) {
      window[i] = (float) Math.sin(Math.PI * (i + 0.5) / length);
    }
    transform = Kernels.frameTransform(window);
    int size = FrameTransform.MOST * (length / 2 + 1);
    power = new float[size];
    once = new float[size];
    envelope = new float[size];
  }

  /**
   * Moves a recording's resonances to {@code factor} times their frequencies.
   *
   * @param samples not modified
   * @param factor above 1 for a shorter tract, as a child's
   * @return the same number of samples
   */
  public float[] scaled(float[] samples, double factor) {
    int hop = length / 2;
    int frames = (samples.length + hop - 1) / hop + 1; // the first begins a hop before the sound
    float[] in = new float[(frames + 1) * hop];
    System.arraycopy(samples, 0, in, hop, samples.length);
    float[] out = new float[in.length];
    for (int frame = 0; frame < frames; frame += FrameTransform.MOST) {
      int count = Math.min(FrameTransform.MOST, frames - frame);
      transform.forward(in, frame * hop, hop, count);
      transform.powers(power);
      transform.smooth(power, once, halfWidth, FLOOR);
      transform.smooth(once, envelope, halfWidth, FLOOR);
      transform.stretchGains(envelope, factor, LARGEST_GAIN, power);
      transform.scale(power);
      transform.addInverse(out, frame * hop, hop, count);
    }
    return Arrays.copyOfRange(out, hop, hop + samples.length);
  }
}
