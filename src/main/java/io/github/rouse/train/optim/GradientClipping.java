// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.optim;

import io.github.rouse.train.backprop.Parameter;
import java.util.Arrays;
import java.util.List;

/** Gradient clipping against exploding gradients (Pascanu et al. 2013). */
public final class GradientClipping {
  private GradientClipping() {}

  /**
   * Scales all gradients so that their global norm is at most {@code limit}. If the norm is not
   * finite, the gradients become zero.
   *
   * @return the norm before clipping
   */
  public static double byNorm(List<Parameter> parameters, double limit) {
    double norm = norm(parameters);
    if (!Double.isFinite(norm)) {
      parameters.forEach(p -> Arrays.fill(p.gradient(), 0f));
    } else if (norm > limit) {
      float scale = (float) (limit / norm);
      for (Parameter p : parameters) {
        for (int i = 0; i < p.gradient().length; i++) {
          p.gradient()[i] *= scale;
        }
      }
    }
    return norm;
  }

  /** Clamps each gradient entry to {@code -limit..limit}; NaN becomes zero. */
  public static void byValue(List<Parameter> parameters, float limit) {
    for (Parameter p : parameters) {
      float[] g = p.gradient();
      for (int i = 0; i < g.length; i++) {
        g[i] = Float.isNaN(g[i]) ? 0f : Math.max(-limit, Math.min(limit, g[i]));
      }
    }
  }

  /** The global norm of all gradients. */
  public static double norm(List<Parameter> parameters) {
    double sum = 0;
    for (Parameter p : parameters) {
      for (float g : p.gradient()) {
        sum += (double) g * g;
      }
    }
    return Math.sqrt(sum);
  }
}
