package io.github.rouse.nn;

import io.github.rouse.kernel.Kernels;
import java.util.Arrays;

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
    implements Layer {
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
  public Step start() {
    float[] hidden = new float[outputs()];
    return new Step() {
      @Override
      public boolean step(float[] in, float[] out) {
        for (int o = 0; o < out.length; o++) {
          out[o] = inputBias[o] + recurrentBias[o];
        }
        Kernels.addProduct(in, inputWeights, 0, out);
        Kernels.addProduct(hidden, recurrentWeights, 0, out);
        Kernels.tanh(out, 0, out.length);
        System.arraycopy(out, 0, hidden, 0, out.length);
        return true;
      }

      @Override
      public void reset() {
        Arrays.fill(hidden, 0f);
      }
    };
  }
}
