// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import io.github.rouse.kernel.Convolver;
import io.github.rouse.kernel.Kernels;

/** FFT convolution, for long responses such as room impulse responses. */
public final class Convolution {
  private static final ThreadLocal<Convolver> CONVOLVER =
      ThreadLocal.withInitial(Kernels::convolver);

  private Convolution() {}

  /**
   * Convolves a signal with a response and keeps the first {@code signal.length} samples.
   *
   * @param signal replaced by the result
   */
  public static void apply(float[] signal, float[] response) {
    CONVOLVER.get().apply(signal, response);
  }
}
