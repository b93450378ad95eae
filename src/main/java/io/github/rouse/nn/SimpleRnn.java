package io.github.rouse.nn;

import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.Weights;
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
  public Prepared prepare() {
    Weights fromInput = Weights.of(inputWeights);
    Weights fromHidden = Weights.of(recurrentWeights);
    return () -> new Stream(fromInput, fromHidden);
  }

  private final class Stream implements Step {
    private final Weights fromInput;
    private final Weights fromHidden;
    private final float[][] hidden = new float[1][outputs()];
    private final float[][] next = new float[1][];

    Stream(Weights fromInput, Weights fromHidden) {
      this.fromInput = fromInput;
      this.fromHidden = fromHidden;
    }

    @Override
    public int run(float[][] in, int count, float[][] out) {
      for (int t = 0; t < count; t++) {
        for (int o = 0; o < hidden[0].length; o++) {
          out[t][o] = inputBias[o] + recurrentBias[o];
        }
      }
      fromInput.addProduct(in, out, count);
      for (int t = 0; t < count; t++) {
        next[0] = out[t];
        fromHidden.addProduct(hidden, next, 1);
        Kernels.tanh(out[t], 0, out[t].length);
        System.arraycopy(out[t], 0, hidden[0], 0, out[t].length);
      }
      return count;
    }

    @Override
    public void reset() {
      Arrays.fill(hidden[0], 0f);
    }
  }
}
