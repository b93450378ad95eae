// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.nn.BatchNorm;
import io.github.rouse.nn.Layer;
import java.util.Arrays;
import java.util.List;

/**
 * Trains {@link BatchNorm} (Ioffe and Szegedy 2015): normalises by the batch statistics over all
 * steps and clips, and keeps running averages of them for the trained layer.
 */
public final class BatchNormGradient implements LayerGradient {
  private final float momentum; // decay of the running averages
  private final float epsilon;
  private final Parameter gamma; // [channels]
  private final Parameter beta; // [channels]
  private final float[] runningMean; // [channels]
  private final float[] runningVariance; // [channels], of the population, as Keras keeps it
  private final WorkerPool workers;
  private final Scratch[] scratch; // [worker]
  private final float[] mean; // [channels], in use
  private final float[] inverse; // [channels], 1 / sqrt(variance + epsilon)

  private SequenceBatch in;
  private SequenceBatch out;
  private SequenceBatch inGradient;

  public BatchNormGradient(
      String name, int channels, float momentum, float epsilon, WorkerPool workers) {
    this.momentum = momentum;
    this.epsilon = epsilon;
    this.workers = workers;
    gamma = new Parameter(name + ".gamma", 1, channels);
    Arrays.fill(gamma.value(), 1f);
    beta = new Parameter(name + ".beta", 1, channels);
    runningMean = new float[channels];
    runningVariance = new float[channels];
    Arrays.fill(runningVariance, 1f);
    scratch = new Scratch[workers.count()];
    Arrays.setAll(scratch, part -> new Scratch(channels));
    mean = new float[channels];
    inverse = new float[channels];
  }

  @Override
  public SequenceBatch forward(SequenceBatch in, boolean training) {
    this.in = in;
    out = SequenceBatch.sized(out, in.steps(), in.clips(), in.width());
    if (training) {
      measure();
    } else {
      for (int j = 0; j < mean.length; j++) {
        mean[j] = runningMean[j];
        inverse[j] = (float) (1 / Math.sqrt((double) runningVariance[j] + epsilon));
      }
    }
    workers.each(in.rows(), (part, from, to, product) -> normalise(from, to, scratch[part]));
    return out;
  }

  /** Computes the batch's mean and variance and updates the running averages. */
  private void measure() {
    double[] sums = sums((row, s) -> s.addToSums(s.copy(in, row, s.x)));
    for (int j = 0; j < mean.length; j++) {
      mean[j] = (float) (sums[j] / in.rows());
    }
    double[] squares = sums(this::addSquares);
    for (int j = 0; j < mean.length; j++) {
      double variance = squares[j] / in.rows();
      inverse[j] = (float) (1 / Math.sqrt(variance + epsilon));
      runningMean[j] += (1 - momentum) * (mean[j] - runningMean[j]);
      runningVariance[j] += (1 - momentum) * ((float) variance - runningVariance[j]);
    }
  }

  private void addSquares(int row, Scratch s) {
    float[] x = s.copy(in, row, s.x);
    for (int j = 0; j < x.length; j++) {
      float fromMean = x[j] - mean[j];
      x[j] = fromMean * fromMean;
    }
    s.addToSums(x);
  }

  private void normalise(int from, int to, Scratch s) {
    float[] g = gamma.value();
    float[] b = beta.value();
    for (int row = from; row < to; row++) {
      float[] x = s.copy(in, row, s.x);
      for (int j = 0; j < x.length; j++) {
        x[j] = Math.fma((x[j] - mean[j]) * inverse[j], g[j], b[j]);
      }
      System.arraycopy(x, 0, out.data(), row * x.length, x.length);
    }
  }

  /** Adds a row to the sums. */
  private interface Term {
    void add(int row, Scratch s);
  }

  /** A worker's rows and sums, in separate arrays: C2 vectorises only loops with equal indices. */
  private static final class Scratch {
    static final int FEW = 32; // rows that float can sum precisely

    final float[] x; // [channels], a row of inputs
    final float[] d; // [channels], a row of gradients
    final float[] few; // [channels], sums of a few rows
    final double[] all; // [channels]

    Scratch(int channels) {
      x = new float[channels];
      d = new float[channels];
      few = new float[channels];
      all = new double[channels];
    }

    float[] copy(SequenceBatch from, int row, float[] to) {
      System.arraycopy(from.data(), row * to.length, to, 0, to.length);
      return to;
    }

    void addToSums(float[] values) {
      for (int j = 0; j < few.length; j++) {
        few[j] += values[j];
      }
    }

    void sum(Term term, int from, int to) {
      Arrays.fill(all, 0);
      for (int start = from; start < to; start += FEW) {
        Arrays.fill(few, 0f);
        for (int row = start; row < Math.min(to, start + FEW); row++) {
          term.add(row, this);
        }
        for (int j = 0; j < all.length; j++) {
          all[j] += few[j];
        }
      }
    }
  }

  /** Sums over all rows, [channels]; adds the workers' sums in order. */
  private double[] sums(Term term) {
    workers.each(in.rows(), (part, from, to, product) -> scratch[part].sum(term, from, to));
    double[] sums = new double[mean.length];
    for (Scratch part : scratch) {
      for (int j = 0; j < sums.length; j++) {
        sums[j] += part.all[j];
      }
    }
    return sums;
  }

  /** The gradient after a forward pass with batch statistics, which depend on the input. */
  @Override
  public SequenceBatch backward(SequenceBatch outGradient, boolean needed) {
    double[] sums = sums((row, s) -> s.addToSums(s.copy(outGradient, row, s.d)));
    double[] products = sums((row, s) -> addProducts(outGradient, row, s));
    for (int j = 0; j < sums.length; j++) {
      beta.gradient()[j] += (float) sums[j];
      gamma.gradient()[j] += (float) products[j];
    }
    if (!needed) {
      return null;
    }
    float[] byMean = new float[sums.length];
    float[] byVariance = new float[sums.length];
    for (int j = 0; j < sums.length; j++) {
      byMean[j] = (float) (sums[j] / in.rows());
      byVariance[j] = (float) (products[j] / in.rows());
    }
    inGradient = SequenceBatch.sized(inGradient, in.steps(), in.clips(), in.width());
    workers.each(
        in.rows(),
        (part, from, to, product) -> {
          for (int row = from; row < to; row++) {
            spread(outGradient, row, scratch[part], byMean, byVariance);
          }
        });
    return inGradient;
  }

  /** The gradient of gamma: gradient times normalised value. */
  private void addProducts(SequenceBatch outGradient, int row, Scratch s) {
    float[] x = s.copy(in, row, s.x);
    float[] d = s.copy(outGradient, row, s.d);
    for (int j = 0; j < x.length; j++) {
      d[j] *= (x[j] - mean[j]) * inverse[j];
    }
    s.addToSums(d);
  }

  /** {@code dx = gamma / deviation * (dy - mean(dy) - normal * mean(dy * normal))}. */
  private void spread(
      SequenceBatch outGradient, int row, Scratch s, float[] byMean, float[] byVariance) {
    float[] x = s.copy(in, row, s.x);
    float[] d = s.copy(outGradient, row, s.d);
    float[] g = gamma.value();
    for (int j = 0; j < x.length; j++) {
      float normal = (x[j] - mean[j]) * inverse[j];
      d[j] = g[j] * inverse[j] * (d[j] - byMean[j] - normal * byVariance[j]);
    }
    System.arraycopy(d, 0, inGradient.data(), row * d.length, d.length);
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
