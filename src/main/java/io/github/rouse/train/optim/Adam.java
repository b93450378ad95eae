// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.optim;

import io.github.rouse.train.backprop.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015, algorithm 1), and AdamW if the weight decay is not zero: the decay
 * applies to the weights and not to the moments (Loshchilov and Hutter 2019). Biases and scales do
 * not decay.
 */
public final class Adam implements Optimiser {
  private static final double BETA1 = 0.9; // decay of the mean gradient, as in the paper
  private static final double BETA2 = 0.999; // decay of the mean square, as in the paper
  private static final double EPSILON = 1e-8;

  private final List<Parameter> parameters;
  private final double weightDecay;
  private final float[] steps = new float[1]; // steps taken; exact up to 16 million
  private final List<float[]> means;
  private final List<float[]> squares;

  public Adam(List<Parameter> parameters, double weightDecay) {
    this.parameters = parameters;
    this.weightDecay = weightDecay;
    means = Optimiser.zeros(parameters);
    squares = Optimiser.zeros(parameters);
  }

  @Override
  public void step(double learningRate) {
    steps[0]++;
    // Both bias corrections at once, as in section 2 of the paper.
    double correction = Math.sqrt(1 - Math.pow(BETA2, steps[0]));
    float rate = (float) (learningRate * correction / (1 - Math.pow(BETA1, steps[0])));
    float epsilon = (float) (EPSILON * correction);
    for (int k = 0; k < parameters.size(); k++) {
      Parameter p = parameters.get(k);
      float kept = (float) (1 - (p.isMatrix() ? learningRate * weightDecay : 0));
      step(p, means.get(k), squares.get(k), rate, epsilon, kept);
    }
  }

  private void step(Parameter p, float[] m, float[] v, float rate, float epsilon, float kept) {
    float[] w = p.value();
    float[] g = p.gradient();
    float newMean = (float) (1 - BETA1);
    float newSquare = (float) (1 - BETA2);
    for (int i = 0; i < w.length; i++) {
      m[i] += newMean * (g[i] - m[i]);
      v[i] += newSquare * (g[i] * g[i] - v[i]);
      w[i] = kept * w[i] - rate * m[i] / ((float) Math.sqrt(v[i]) + epsilon);
    }
  }

  @Override
  public List<float[]> state() {
    List<float[]> all = new ArrayList<>(means);
    all.addAll(squares);
    all.add(steps);
    return all;
  }
}
