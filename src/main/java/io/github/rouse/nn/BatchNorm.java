// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

/**
 * Batch normalisation with fixed statistics from training: {@code y = (x - mean) / sqrt(variance +
 * epsilon) * gamma + beta}. {@link Network#folded()} merges it into a neighbour.
 *
 * @param gamma [channels], scale
 * @param beta [channels], shift
 * @param mean [channels]
 * @param variance [channels]
 * @param epsilon added to the variance
 */
public record BatchNorm(float[] gamma, float[] beta, float[] mean, float[] variance, float epsilon)
    implements Layer {
  /**
   * Checks that all vectors have the same length and that every {@code variance + epsilon} is
   * positive.
   */
  public BatchNorm {
    Layer.checkLength("beta", beta, gamma.length);
    Layer.checkLength("mean", mean, gamma.length);
    Layer.checkLength("variance", variance, gamma.length);
    for (int i = 0; i < variance.length; i++) {
      double sum = (double) variance[i] + epsilon;
      if (!(sum > 0 && Double.isFinite(sum))) {
        throw new IllegalArgumentException(
            "variance[" + i + "]+epsilon=" + sum + ", expected above 0 and finite");
      }
    }
  }

  @Override
  public int inputs() {
    return gamma.length;
  }

  @Override
  public int outputs() {
    return gamma.length;
  }

  @Override
  public long parameters() {
    return 4L * gamma.length;
  }

  /** The factor in {@code y = scale * x + shift}, [channels]. */
  float[] scale() {
    float[] scale = new float[gamma.length];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = (float) (gamma[i] / Math.sqrt((double) variance[i] + epsilon));
    }
    return scale;
  }

  /** The summand in {@code y = scale * x + shift}, [channels]. */
  float[] shift() {
    float[] shift = new float[gamma.length];
    for (int i = 0; i < shift.length; i++) {
      double scale = gamma[i] / Math.sqrt((double) variance[i] + epsilon);
      shift[i] = (float) (beta[i] - mean[i] * scale);
    }
    return shift;
  }

  @Override
  public Object[] parts() {
    return new Object[] {gamma, beta, mean, variance, epsilon};
  }

  @Override
  public Prepared prepare() {
    float[] scale = scale();
    float[] shift = shift();
    return new Stateless(
        (in, count, out) -> {
          for (int t = 0; t < count; t++) {
            for (int i = 0; i < scale.length; i++) {
              out[t][i] = Math.fma(in[t][i], scale[i], shift[i]);
            }
          }
        });
  }
}
