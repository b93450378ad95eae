package io.github.rouse.nn;

import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.Weights;
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
  public Prepared prepare() {
    Weights fromInput = Weights.of(inputWeights);
    if (reset != Reset.BEFORE) {
      Weights fromHidden = Weights.of(recurrentWeights);
      return () -> new Stream(fromInput, fromHidden);
    }
    int units = outputs();
    Weights forGates = Weights.of(columns(recurrentWeights, 0, 2 * units));
    Weights forCandidate = Weights.of(columns(recurrentWeights, 2 * units, 3 * units));
    return () -> new ResetBefore(fromInput, forGates, forCandidate);
  }

  /** AFTER and NONE: one product with all the recurrent weights, then the gates. */
  private final class Stream implements Step {
    private final int units = outputs();
    private final int last = (reset.gates - 1) * units; // where the candidate's part begins
    private final Weights input;
    private final Weights recurrent;
    private final float[][] hidden = new float[1][units];
    private final float[][] fromHidden = new float[1][reset.gates * units]; // h_prev U + c
    private float[][] sums = new float[1][reset.gates * units]; // x W + b of each step

    Stream(Weights input, Weights recurrent) {
      this.input = input;
      this.recurrent = recurrent;
    }

    @Override
    public int run(float[][] in, int count, float[][] out) {
      sums = Buffers.atLeast(sums, count, inputBias.length);
      for (int t = 0; t < count; t++) {
        System.arraycopy(inputBias, 0, sums[t], 0, inputBias.length);
      }
      input.addProduct(in, sums, count);
      for (int t = 0; t < count; t++) {
        System.arraycopy(recurrentBias, 0, fromHidden[0], 0, recurrentBias.length);
        recurrent.addProduct(hidden, fromHidden, 1);
        gate(sums[t], fromHidden[0]);
        mix(sums[t], last, hidden[0]);
        System.arraycopy(hidden[0], 0, out[t], 0, units);
      }
      return count;
    }

    /** Makes gates and candidate of what comes from the input, in its place. */
    private void gate(float[] x, float[] h) {
      for (int g = 0; g < last; g++) {
        x[g] += h[g];
      }
      Kernels.sigmoid(x, 0, last);
      for (int u = 0; u < units; u++) {
        float relevance = reset == Reset.AFTER ? x[units + u] : 1f;
        x[last + u] = Math.fma(relevance, h[last + u], x[last + u]);
      }
      Kernels.tanh(x, last, last + units);
    }

    @Override
    public void reset() {
      Arrays.fill(hidden[0], 0f);
    }
  }

  /** BEFORE: the candidate's recurrent product waits for the relevance gate. */
  private final class ResetBefore implements Step {
    private final int units = outputs();
    private final Weights input;
    private final Weights forGates;
    private final Weights forCandidate;
    private final float[][] hidden = new float[1][units];
    private final float[][] relevant = new float[1][units]; // r * h_prev
    private final float[][] gates = new float[1][2 * units];
    private final float[][] candidate = new float[1][units];
    private float[][] sums = new float[1][3 * units]; // x W + b + c of each step

    ResetBefore(Weights input, Weights forGates, Weights forCandidate) {
      this.input = input;
      this.forGates = forGates;
      this.forCandidate = forCandidate;
    }

    @Override
    public int run(float[][] in, int count, float[][] out) {
      sums = Buffers.atLeast(sums, count, 3 * units);
      for (int t = 0; t < count; t++) {
        for (int g = 0; g < 3 * units; g++) {
          sums[t][g] = inputBias[g] + recurrentBias[g];
        }
      }
      input.addProduct(in, sums, count);
      for (int t = 0; t < count; t++) {
        step(sums[t]);
        System.arraycopy(hidden[0], 0, out[t], 0, units);
      }
      return count;
    }

    private void step(float[] x) {
      System.arraycopy(x, 0, gates[0], 0, 2 * units);
      System.arraycopy(x, 2 * units, candidate[0], 0, units);
      forGates.addProduct(hidden, gates, 1);
      Kernels.sigmoid(gates[0], 0, 2 * units);
      for (int u = 0; u < units; u++) {
        relevant[0][u] = gates[0][units + u] * hidden[0][u];
      }
      forCandidate.addProduct(relevant, candidate, 1);
      Kernels.tanh(candidate[0], 0, units);
      System.arraycopy(gates[0], 0, x, 0, units);
      System.arraycopy(candidate[0], 0, x, 2 * units, units);
      mix(x, 2 * units, hidden[0]);
    }

    @Override
    public void reset() {
      Arrays.fill(hidden[0], 0f);
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
