package io.github.rouse.train;

import io.github.rouse.nn.BatchNorm;
import io.github.rouse.nn.Layer;
import java.util.Arrays;
import java.util.List;

/**
 * {@link BatchNorm} in training (Ioffe and Szegedy 2015): statistics of the batch at hand over all
 * its steps and clips, while running averages of them collect for the trained layer.
 */
final class BatchNormGradient implements LayerGradient {
  private final float momentum; // of the old in the running averages
  private final float epsilon;
  private final Parameter gamma; // [channels]
  private final Parameter beta; // [channels]
  private final float[] runningMean; // [channels]
  private final float[] runningVariance; // [channels], of the population, as Keras keeps it
  private final Workers workers;
  private final double[][] parts; // [worker][2 * channels], sums of one pass
  private final double[] sums; // [2 * channels], of all workers
  private final float[] mean; // [channels], those in use
  private final float[] inverse; // [channels], 1 / sqrt(variance + epsilon)

  private Steps in;
  private Steps out;
  private Steps inGradient;

  BatchNormGradient(String name, int channels, float momentum, float epsilon, Workers workers) {
    this.momentum = momentum;
    this.epsilon = epsilon;
    this.workers = workers;
    gamma = new Parameter(name + ".gamma", 1, channels);
    Arrays.fill(gamma.value(), 1f);
    beta = new Parameter(name + ".beta", 1, channels);
    runningMean = new float[channels];
    runningVariance = new float[channels];
    Arrays.fill(runningVariance, 1f);
    parts = new double[workers.count()][2 * channels];
    sums = new double[2 * channels];
    mean = new float[channels];
    inverse = new float[channels];
  }

  @Override
  public Steps forward(Steps in, boolean training) {
    this.in = in;
    out = Steps.sized(out, in.steps(), in.clips(), in.width());
    if (training) {
      measure();
    } else {
      for (int j = 0; j < mean.length; j++) {
        mean[j] = runningMean[j];
        inverse[j] = (float) (1 / Math.sqrt((double) runningVariance[j] + epsilon));
      }
    }
    workers.each(in.rows(), (part, from, to, product) -> normalise(from, to));
    return out;
  }

  /** The batch's mean and variance, from sums and sums of squares; both go into the averages. */
  private void measure() {
    workers.each(
        in.rows(),
        (part, from, to, product) -> {
          double[] s = parts[part];
          int channels = mean.length;
          for (int row = from; row < to; row++) {
            for (int j = 0; j < channels; j++) {
              double x = in.data()[row * channels + j];
              s[j] += x;
              s[channels + j] += x * x;
            }
          }
        });
    gather();
    for (int j = 0; j < mean.length; j++) {
      double m = sums[j] / in.rows();
      double variance = Math.max(0, sums[mean.length + j] / in.rows() - m * m);
      mean[j] = (float) m;
      inverse[j] = (float) (1 / Math.sqrt(variance + epsilon));
      runningMean[j] += (1 - momentum) * ((float) m - runningMean[j]);
      runningVariance[j] += (1 - momentum) * ((float) variance - runningVariance[j]);
    }
  }

  private void normalise(int from, int to) {
    float[] g = gamma.value();
    float[] b = beta.value();
    for (int row = from; row < to; row++) {
      int at = row * mean.length;
      for (int j = 0; j < mean.length; j++) {
        out.data()[at + j] = Math.fma((in.data()[at + j] - mean[j]) * inverse[j], g[j], b[j]);
      }
    }
  }

  /** Adds what each worker found, in order, and clears it. */
  private void gather() {
    Arrays.fill(sums, 0);
    for (double[] part : parts) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += part[i];
      }
      Arrays.fill(part, 0);
    }
  }

  /** Follows a forward pass with training statistics, which the inputs' gradient passes through. */
  @Override
  public Steps backward(Steps outGradient, boolean needed) {
    int channels = mean.length;
    workers.each(
        in.rows(), (part, from, to, product) -> addSums(outGradient, parts[part], from, to));
    gather();
    for (int j = 0; j < channels; j++) {
      beta.gradient()[j] += (float) sums[j];
      gamma.gradient()[j] += (float) sums[channels + j];
    }
    if (!needed) {
      return null;
    }
    inGradient = Steps.sized(inGradient, in.steps(), in.clips(), in.width());
    workers.each(in.rows(), (part, from, to, product) -> spread(outGradient, from, to));
    return inGradient;
  }

  /** Sums by beta, then by gamma. */
  private void addSums(Steps outGradient, double[] s, int from, int to) {
    int channels = mean.length;
    for (int row = from; row < to; row++) {
      for (int j = 0; j < channels; j++) {
        float d = outGradient.data()[row * channels + j];
        float normal = (in.data()[row * channels + j] - mean[j]) * inverse[j];
        s[j] += d;
        s[channels + j] += d * normal;
      }
    }
  }

  /** {@code dx = gamma / deviation * (dy - mean(dy) - normal * mean(dy * normal))}. */
  private void spread(Steps outGradient, int from, int to) {
    int channels = mean.length;
    float[] byMean = new float[channels];
    float[] byVariance = new float[channels];
    for (int j = 0; j < channels; j++) {
      byMean[j] = (float) (sums[j] / in.rows());
      byVariance[j] = (float) (sums[channels + j] / in.rows());
    }
    for (int row = from; row < to; row++) {
      for (int j = 0; j < channels; j++) {
        int at = row * channels + j;
        float normal = (in.data()[at] - mean[j]) * inverse[j];
        float d = outGradient.data()[at] - byMean[j] - normal * byVariance[j];
        inGradient.data()[at] = gamma.value()[j] * inverse[j] * d;
      }
    }
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(gamma, beta);
  }

  @Override
  public List<float[]> statistics() {
    return List.of(runningMean, runningVariance);
  }

  @Override
  public Layer trained() {
    return new BatchNorm(
        gamma.value().clone(),
        beta.value().clone(),
        runningMean.clone(),
        runningVariance.clone(),
        epsilon);
  }
}
