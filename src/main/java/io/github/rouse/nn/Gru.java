// SPDX-License-Identifier: Apache-2.0
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
    implements RecurrentLayer {
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

    /** The number of gates: 3, or 2 without a relevance gate. */
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
  public Object[] parts() {
    return new Object[] {reset, inputWeights, recurrentWeights, inputBias, recurrentBias};
  }

  @Override
  public Prepared prepare() {
    Weights fromInput = Kernels.weights(inputWeights);
    if (reset != Reset.BEFORE) {
      Weights fromHidden = Kernels.weights(recurrentWeights);
      return streams -> new GruStreams(streams, fromInput, fromHidden);
    }
    int units = outputs();
    Weights forGates = Kernels.weights(columns(recurrentWeights, 0, 2 * units));
    Weights forCandidate = Kernels.weights(columns(recurrentWeights, 2 * units, 3 * units));
    return streams -> new ResetBefore(streams, fromInput, forGates, forCandidate);
  }

  /** AFTER and NONE: one product with all the recurrent weights, then the gates. */
  private final class GruStreams extends RecurrentStep {
    private final Weights input;
    private final Weights recurrent;
    private final float[][] fromHidden; // h_prev U + c, [streams][gates * units]

    GruStreams(int streams, Weights input, Weights recurrent) {
      super(streams, outputs(), inputBias.length);
      this.input = input;
      this.recurrent = recurrent;
      fromHidden = new float[streams][inputBias.length];
    }

    @Override
    void project(StepBatch in, StepBatch sums) {
      for (int i = 0; i < in.count; i++) {
        System.arraycopy(inputBias, 0, sums.rows[i], 0, inputBias.length);
      }
      input.addProduct(in.rows, sums.rows, in.count);
    }

    @Override
    void step(float[][] gates, float[][] hidden, int[] streams, int count) {
      Gru.this.step(recurrent, gates, hidden, fromHidden, count);
    }
  }

  /**
   * One step of several sequences, AFTER or NONE.
   *
   * @param recurrent U, prepared
   * @param gates {@code x W + b}, [count][gates * units]; overwritten
   * @param hidden [count][units], of the previous step; overwritten with this step's
   */
  void step(Weights recurrent, float[][] gates, float[][] hidden, int count) {
    step(recurrent, gates, hidden, new float[count][recurrentBias.length], count);
  }

  private void step(
      Weights recurrent, float[][] gates, float[][] hidden, float[][] fromHidden, int count) {
    for (int i = 0; i < count; i++) {
      System.arraycopy(recurrentBias, 0, fromHidden[i], 0, recurrentBias.length);
    }
    recurrent.addProduct(hidden, fromHidden, count);
    int last = (reset.gates - 1) * outputs(); // where the candidate's part begins
    for (int i = 0; i < count; i++) {
      gate(gates[i], fromHidden[i], last);
      mix(gates[i], gates[i], last, hidden[i]);
    }
  }

  /** Computes gates and candidate in place from the input's sums. */
  private void gate(float[] x, float[] h, int last) {
    int units = outputs();
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

  /** BEFORE: the candidate's recurrent product waits for the relevance gate. */
  private final class ResetBefore extends RecurrentStep {
    private final int units = outputs();
    private final Weights input;
    private final Weights forGates;
    private final Weights forCandidate;
    private final float[][] relevant; // r * h_prev, [streams][units]
    private final float[][] gates; // z and r, [streams][2 * units]
    private final float[][] candidates; // [streams][units]

    ResetBefore(int streams, Weights input, Weights forGates, Weights forCandidate) {
      super(streams, outputs(), inputBias.length);
      this.input = input;
      this.forGates = forGates;
      this.forCandidate = forCandidate;
      relevant = new float[streams][units];
      gates = new float[streams][2 * units];
      candidates = new float[streams][units];
    }

    @Override
    void project(StepBatch in, StepBatch sums) {
      for (int i = 0; i < in.count; i++) {
        for (int g = 0; g < inputBias.length; g++) {
          sums.rows[i][g] = inputBias[g] + recurrentBias[g];
        }
      }
      input.addProduct(in.rows, sums.rows, in.count);
    }

    @Override
    void step(float[][] sums, float[][] hidden, int[] streams, int count) {
      for (int i = 0; i < count; i++) {
        System.arraycopy(sums[i], 0, gates[i], 0, 2 * units);
        System.arraycopy(sums[i], 2 * units, candidates[i], 0, units);
      }
      forGates.addProduct(hidden, gates, count);
      for (int i = 0; i < count; i++) {
        Kernels.sigmoid(gates[i], 0, 2 * units);
        for (int u = 0; u < units; u++) {
          relevant[i][u] = gates[i][units + u] * hidden[i][u];
        }
      }
      forCandidate.addProduct(relevant, candidates, count);
      for (int i = 0; i < count; i++) {
        Kernels.tanh(candidates[i], 0, units);
        mix(gates[i], candidates[i], 0, hidden[i]);
      }
    }
  }

  /** {@code h = z * h + (1 - z) * candidate}; z starts at 0, the candidates at {@code at}. */
  private static void mix(float[] z, float[] candidates, int at, float[] h) {
    for (int u = 0; u < h.length; u++) {
      float candidate = candidates[at + u];
      h[u] = Math.fma(z[u], h[u] - candidate, candidate);
    }
  }

  private static float[][] columns(float[][] rows, int from, int to) {
    return Arrays.stream(rows).map(r -> Arrays.copyOfRange(r, from, to)).toArray(float[][]::new);
  }
}
