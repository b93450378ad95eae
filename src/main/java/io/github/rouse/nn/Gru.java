package io.github.rouse.nn;

import io.github.rouse.kernel.Kernels;
import java.util.Arrays;

/**
 * A gated recurrent unit (Cho et al. 2014), gates in ONNX's and Keras's order z, r, h:
 *
 * <pre>
 *   z = sigmoid(x Wz + bz + h_prev Uz + cz)
 *   r = sigmoid(x Wr + br + h_prev Ur + cr)
 *   candidate = tanh(x Wh + bh + r * (h_prev Uh + ch))      AFTER:  Keras reset_after,
 *                                                                   ONNX linear_before_reset=1
 *             = tanh(x Wh + bh + (r * h_prev) Uh + ch)      BEFORE: the paper's
 *             = tanh(x Wh + bh + h_prev Uh + ch)            NONE:   simplified, gates z, h
 *   h = z * h_prev + (1 - z) * candidate
 * </pre>
 *
 * @param reset where the relevance (reset) gate acts
 * @param inputWeights W, [inputs][gates * units]
 * @param recurrentWeights U, [units][gates * units]
 * @param inputBias b, [gates * units]
 * @param recurrentBias c, [gates * units]
 */
public record Gru(
    Reset reset,
    float[][] inputWeights,
    float[][] recurrentWeights,
    float[] inputBias,
    float[] recurrentBias)
    implements Layer {
  /** Where the relevance gate acts. */
  public enum Reset {
    /** On the product of the state with its weights. */
    AFTER(3),
    /** On the state before its product with the weights. */
    BEFORE(3),
    /** Nowhere: the simplified unit has no relevance gate. */
    NONE(2);

    final int gates;

    Reset(int gates) {
      this.gates = gates;
    }

    /** How many gates' weights stand beside each other: 3, or 2 without a relevance gate. */
    public int gates() {
      return gates;
    }
  }

  /** Checks the shapes. */
  public Gru {
    int width = recurrentWeights.length * reset.gates;
    Layer.checkShape("inputWeights", inputWeights, inputWeights.length, width);
    Layer.checkShape("recurrentWeights", recurrentWeights, recurrentWeights.length, width);
    Layer.checkLength("inputBias", inputBias, width);
    Layer.checkLength("recurrentBias", recurrentBias, width);
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
    return reset == Reset.BEFORE ? new ResetBefore() : new Stream();
  }

  /** AFTER and NONE: one product with all the recurrent weights, then the gates. */
  private final class Stream implements Step {
    private final int units = outputs();
    private final int last = (reset.gates - 1) * units; // where the candidate's part begins
    private final float[] hidden = new float[units];
    private final float[] fromInput = new float[reset.gates * units]; // x W + b
    private final float[] fromHidden = new float[reset.gates * units]; // h_prev U + c

    @Override
    public boolean step(float[] in, float[] out) {
      System.arraycopy(inputBias, 0, fromInput, 0, fromInput.length);
      System.arraycopy(recurrentBias, 0, fromHidden, 0, fromHidden.length);
      Kernels.addProduct(in, inputWeights, 0, fromInput);
      Kernels.addProduct(hidden, recurrentWeights, 0, fromHidden);
      for (int g = 0; g < last; g++) {
        fromInput[g] += fromHidden[g];
      }
      Kernels.sigmoid(fromInput, 0, last);
      for (int u = 0; u < units; u++) {
        float relevance = reset == Reset.AFTER ? fromInput[units + u] : 1f;
        fromInput[last + u] = Math.fma(relevance, fromHidden[last + u], fromInput[last + u]);
      }
      Kernels.tanh(fromInput, last, last + units);
      mix(fromInput, last, hidden);
      System.arraycopy(hidden, 0, out, 0, units);
      return true;
    }

    @Override
    public void reset() {
      Arrays.fill(hidden, 0f);
    }
  }

  /** BEFORE: the candidate's recurrent product waits for the relevance gate. */
  private final class ResetBefore implements Step {
    private final int units = outputs();
    private final float[][] gateRows = columns(recurrentWeights, 0, 2 * units);
    private final float[][] candidateRows = columns(recurrentWeights, 2 * units, 3 * units);
    private final float[] hidden = new float[units];
    private final float[] relevant = new float[units]; // r * h_prev
    private final float[] sums = new float[3 * units];
    private final float[] gates = new float[2 * units];
    private final float[] candidate = new float[units];

    @Override
    public boolean step(float[] in, float[] out) {
      for (int g = 0; g < sums.length; g++) {
        sums[g] = inputBias[g] + recurrentBias[g];
      }
      Kernels.addProduct(in, inputWeights, 0, sums);
      System.arraycopy(sums, 0, gates, 0, gates.length);
      System.arraycopy(sums, gates.length, candidate, 0, units);
      Kernels.addProduct(hidden, gateRows, 0, gates);
      Kernels.sigmoid(gates, 0, gates.length);
      for (int u = 0; u < units; u++) {
        relevant[u] = gates[units + u] * hidden[u];
      }
      Kernels.addProduct(relevant, candidateRows, 0, candidate);
      Kernels.tanh(candidate, 0, units);
      System.arraycopy(gates, 0, sums, 0, units);
      System.arraycopy(candidate, 0, sums, 2 * units, units);
      mix(sums, 2 * units, hidden);
      System.arraycopy(hidden, 0, out, 0, units);
      return true;
    }

    @Override
    public void reset() {
      Arrays.fill(hidden, 0f);
    }
  }

  /** {@code h = z * h + (1 - z) * candidate}, z first in {@code gates}, candidate at {@code at}. */
  private static void mix(float[] gates, int at, float[] h) {
    for (int u = 0; u < h.length; u++) {
      float candidate = gates[at + u];
      h[u] = Math.fma(gates[u], h[u] - candidate, candidate);
    }
  }

  private static float[][] columns(float[][] rows, int from, int to) {
    return Arrays.stream(rows).map(r -> Arrays.copyOfRange(r, from, to)).toArray(float[][]::new);
  }
}
