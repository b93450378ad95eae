// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.Weights;

/**
 * Elman's recurrent layer: {@code h = tanh(x W + b + h_prev U + c)}.
 *
 * @param inputWeights W, [inputs][units]
 * @param recurrentWeights U, [units][units]
 * @param inputBias b, [units]
 * @param recurrentBias c, [units]
 */
public record SimpleRnn(
    float[][] inputWeights, float[][] recurrentWeights, float[] inputBias, float[] recurrentBias)
    implements RecurrentLayer {
  /** Checks the shapes. */
  public SimpleRnn {
    int units = recurrentWeights.length;
    Layer.checkShape("inputWeights", inputWeights, inputWeights.length, units);
    Layer.checkShape("recurrentWeights", recurrentWeights, units, units);
    Layer.checkLength("inputBias", inputBias, units);
    Layer.checkLength("recurrentBias", recurrentBias, units);
  }

  @Override
  public int inputs() {
    return inputWeights.length;
  }

  @Override
  public int outputs() {
    return recurrentWeights.length;
  }

  @Override
  public long parameters() {
    return (inputs() + outputs() + 2L) * inputBias.length;
  }

  @Override
  public Object[] parts() {
    return new Object[] {inputWeights, recurrentWeights, inputBias, recurrentBias};
  }

  @Override
  public Prepared prepare() {
    Weights fromInput = Kernels.weights(inputWeights);
    Weights fromHidden = Kernels.weights(recurrentWeights);
    return streams -> new RnnStreams(streams, fromInput, fromHidden);
  }

  private final class RnnStreams extends RecurrentStep {
    private final Weights fromInput;
    private final Weights fromHidden;

    RnnStreams(int streams, Weights fromInput, Weights fromHidden) {
      super(streams, outputs(), outputs());
      this.fromInput = fromInput;
      this.fromHidden = fromHidden;
    }

    @Override
    void project(StepBatch in, StepBatch sums) {
      for (int i = 0; i < in.count; i++) {
        for (int o = 0; o < inputBias.length; o++) {
          sums.rows[i][o] = inputBias[o] + recurrentBias[o];
        }
      }
      fromInput.addProduct(in.rows, sums.rows, in.count);
    }

    @Override
    void step(float[][] sums, float[][] hidden, int[] streams, int count) {
      fromHidden.addProduct(hidden, sums, count);
      for (int i = 0; i < count; i++) {
        Kernels.tanh(sums[i], 0, sums[i].length);
        System.arraycopy(sums[i], 0, hidden[i], 0, sums[i].length);
      }
    }
  }
}
