// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

/**
 * Compares a layer's gradients with central finite differences of the loss {@code sum(out *
 * weight)} for random weights. In float, so the tolerance is 1e-2 of the gradient's largest entry.
 */
final class GradientCheck {
  private static final float EPSILON = 2e-3f;
  private static final double TOLERANCE = 1e-2;

  private GradientCheck() {}

  static void check(LayerGradient layer, int steps, int clips, int inputs, long seed) {
    Random random = new Random(seed);
    for (Parameter p : layer.parameters()) {
      fill(p.value(), random, 0.4);
    }
    SequenceBatch in = new SequenceBatch(steps, clips, inputs);
    fill(in.data(), random, 1);
    SequenceBatch out = layer.forward(in, true);
    float[] by = new float[out.data().length];
    fill(by, random, 1);
    SequenceBatch given = new SequenceBatch(by.clone(), out.steps(), out.clips(), out.width());
    SequenceBatch inGradient = layer.backward(given, true);
    if (inGradient != null) { // null for a whole network
      compare("input", layer, in, in.data(), inGradient.data().clone(), by);
    }
    for (Parameter p : layer.parameters()) {
      compare(p.name(), layer, in, p.value(), p.gradient(), by);
    }
  }

  private static void compare(
      String name,
      LayerGradient layer,
      SequenceBatch in,
      float[] values,
      float[] gradient,
      float[] by) {
    double largest = 1e-2; // below it, the loss's float noise dominates
    for (float g : gradient) {
      largest = Math.max(largest, Math.abs(g));
    }
    for (int i = 0; i < values.length; i += 1 + values.length / 40) {
      float kept = values[i];
      values[i] = kept + EPSILON;
      double above = loss(layer, in, by);
      values[i] = kept - EPSILON;
      double below = loss(layer, in, by);
      values[i] = kept;
      double expected = (above - below) / (2 * EPSILON);
      double error = Math.abs(expected - gradient[i]) / largest;
      assertTrue(
          error < TOLERANCE,
          name + "[" + i + "]: " + gradient[i] + ", by finite differences " + expected);
    }
  }

  private static double loss(LayerGradient layer, SequenceBatch in, float[] by) {
    float[] out = layer.forward(in, true).data();
    double sum = 0;
    for (int i = 0; i < out.length; i++) {
      sum += (double) out[i] * by[i];
    }
    return sum;
  }

  static void fill(float[] v, Random random, double scale) {
    for (int i = 0; i < v.length; i++) {
      v[i] = (float) (scale * random.nextGaussian());
    }
  }
}
