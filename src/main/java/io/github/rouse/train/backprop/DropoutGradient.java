// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.nn.Layer;
import java.util.List;

/**
 * Inverted dropout (Srivastava et al. 2014): during training, zeroes each value with probability
 * {@code rate} (to 16 bits) and scales the others so that the mean stays the same. The trained
 * network omits the layer.
 *
 * <p>The mask is a function of seed, batch and position, so it does not depend on the number of
 * threads.
 */
public final class DropoutGradient implements LayerGradient {
  private final int dropped; // of 65536 values of 16 bits
  private final long seed;
  private final WorkerPool workers;
  private long batch; // index of the next mask
  private SequenceBatch mask; // 0 or 1 / (1 - rate)
  private SequenceBatch out;
  private boolean dropping;

  public DropoutGradient(float rate, long seed, WorkerPool workers) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("rate=" + rate + ", expected 0 to below 1");
    }
    dropped = (int) (rate * (1 << 16));
    this.seed = seed;
    this.workers = workers;
  }

  /** Sets the index of the next mask; each training pass increments it. */
  public void batch(long number) {
    batch = number;
  }

  @Override
  public SequenceBatch forward(SequenceBatch in, boolean training) {
    dropping = training && dropped > 0;
    if (!dropping) {
      return in;
    }
    mask = SequenceBatch.sized(mask, in.steps(), in.clips(), in.width());
    out = SequenceBatch.sized(out, in.steps(), in.clips(), in.width());
    long start = mixed(mixed(seed) + batch++);
    workers.each(
        (in.data().length + 3) / 4,
        (part, from, to, product) -> {
          int end = Math.min(4 * to, in.data().length);
          fillMask(mask.data(), 4 * from, end, start);
          multiply(in.data(), mask.data(), out.data(), 4 * from, end);
        });
    return out;
  }

  /** Four values share a random number. Branchless: branches would be mispredicted. */
  private void fillMask(float[] to, int first, int end, long start) {
    int scale = Float.floatToRawIntBits((1 << 16) / (float) ((1 << 16) - dropped));
    for (int i = first; i < end; i += 4) {
      long random = mixed(start + i / 4);
      for (int j = i; j < Math.min(i + 4, end); j++) {
        int kept = (dropped - 1 - (int) (random & 0xffff)) >> 31; // all bits, or none
        to[j] = Float.intBitsToFloat(kept & scale);
        random >>>= 16;
      }
    }
  }

  private static void multiply(float[] x, float[] mask, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] * mask[i];
    }
  }

  /** SplitMix64 as a hash of a counter (Steele, Lea and Flood 2014). */
  private static long mixed(long counter) {
    long z = counter * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Overwrites {@code outGradient} with the input gradient. */
  @Override
  public SequenceBatch backward(SequenceBatch outGradient, boolean needed) {
    if (needed && dropping) {
      float[] d = outGradient.data();
      workers.each(d.length, (part, from, to, product) -> multiply(d, mask.data(), d, from, to));
    }
    return needed ? outGradient : null;
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }

  @Override
  public Layer trained() {
    return null;
  }
}
