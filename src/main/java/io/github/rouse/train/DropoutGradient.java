package io.github.rouse.train;

import io.github.rouse.nn.Layer;
import java.util.List;

/**
 * Inverted dropout (Srivastava et al. 2014): while training, each value is zero with probability
 * {@code rate}, and the others grow so that the mean stays. The trained network has no such layer.
 *
 * <p>Whether a value is dropped is a function of seed, batch and position, so it does not depend on
 * the number of threads.
 */
final class DropoutGradient implements LayerGradient {
  private final float rate;
  private final long seed;
  private final Workers workers;
  private long batch; // that the next mask is for
  private Steps mask; // 0 or 1 / (1 - rate)
  private Steps out;
  private boolean dropping;

  DropoutGradient(float rate, long seed, Workers workers) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("rate=" + rate + ", expected 0 to below 1");
    }
    this.rate = rate;
    this.seed = seed;
    this.workers = workers;
  }

  /** Chooses the batch that the next mask is for; each training pass goes on to the next. */
  void batch(long number) {
    batch = number;
  }

  @Override
  public Steps forward(Steps in, boolean training) {
    dropping = training && rate > 0;
    if (!dropping) {
      return in;
    }
    mask = Steps.sized(mask, in.steps(), in.clips(), in.width());
    out = Steps.sized(out, in.steps(), in.clips(), in.width());
    long start = mixed(mixed(seed) + batch++);
    float scale = 1 / (1 - rate);
    workers.each(
        in.data().length,
        (part, from, to, product) -> {
          for (int i = from; i < to; i++) {
            float uniform = (mixed(start + i) >>> 40) * 0x1p-24f;
            mask.data()[i] = uniform < rate ? 0f : scale;
            out.data()[i] = in.data()[i] * mask.data()[i];
          }
        });
    return out;
  }

  /** A well-stirred function of a counter: SplitMix64 (Steele, Lea and Flood 2014). */
  private static long mixed(long counter) {
    long z = counter * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** In place of {@code outGradient}. */
  @Override
  public Steps backward(Steps outGradient, boolean needed) {
    if (needed && dropping) {
      float[] d = outGradient.data();
      workers.each(
          d.length,
          (part, from, to, product) -> {
            for (int i = from; i < to; i++) {
              d[i] *= mask.data()[i];
            }
          });
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
