// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.Weights;
import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997; peepholes: Gers and Schmidhuber 2000),
 * gates in ONNX's order i, o, f, c:
 *
 * <pre>
 *   i = sigmoid(x Wi + bi + h_prev Ui + ci + Pi * C_prev)
 *   f = sigmoid(x Wf + bf + h_prev Uf + cf + Pf * C_prev)
 *   C = f * C_prev + i * tanh(x Wc + bc + h_prev Uc + cc)
 *   o = sigmoid(x Wo + bo + h_prev Uo + co + Po * C)
 *   h = o * tanh(C)
 * </pre>
 *
 * @param inputWeights W, [inputs][4 * units]
 * @param recurrentWeights U, [units][4 * units]
 * @param inputBias b, [4 * units]
 * @param recurrentBias c, [4 * units]
 * @param peepholes P, [3 * units] in the order i, o, f; empty without peepholes
 */
public record Lstm(
    float[][] inputWeights,
    float[][] recurrentWeights,
    float[] inputBias,
    float[] recurrentBias,
    float[] peepholes)
    implements RecurrentLayer {
  /** Checks the shapes. */
  public Lstm {
    int units = recurrentWeights.length;
    Layer.checkShape("inputWeights", inputWeights, inputWeights.length, 4 * units);
    Layer.checkShape("recurrentWeights", recurrentWeights, units, 4 * units);
    Layer.checkLength("inputBias", inputBias, 4 * units);
    Layer.checkLength("recurrentBias", recurrentBias, 4 * units);
    Layer.checkLength("peepholes", peepholes, peepholes.length == 0 ? 0 : 3 * units);
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
    return (inputs() + outputs() + 2L) * inputBias.length + peepholes.length;
  }

  @Override
  public Object[] parts() {
    return new Object[] {inputWeights, recurrentWeights, inputBias, recurrentBias, peepholes};
  }

  @Override
  public Prepared prepare() {
    Weights fromInput = Kernels.weights(inputWeights);
    Weights fromHidden = Kernels.weights(recurrentWeights);
    return streams -> new LstmStreams(streams, fromInput, fromHidden);
  }

  private final class LstmStreams extends RecurrentStep {
    private final int units = outputs();
    private final boolean peeps = peepholes.length > 0;
    private final Weights fromInput;
    private final Weights fromHidden;
    private final float[][] cells; // [streams][units]
    private final float[] squashed = new float[units]; // tanh(C)

    LstmStreams(int streams, Weights fromInput, Weights fromHidden) {
      super(streams, outputs(), 4 * outputs());
      this.fromInput = fromInput;
      this.fromHidden = fromHidden;
      cells = new float[streams][units];
    }

    @Override
    void project(StepBatch in, StepBatch sums) {
      for (int i = 0; i < in.count; i++) {
        for (int g = 0; g < 4 * units; g++) {
          sums.rows[i][g] = inputBias[g] + recurrentBias[g];
        }
      }
      fromInput.addProduct(in.rows, sums.rows, in.count);
    }

    @Override
    void step(float[][] gates, float[][] hidden, int[] streams, int count) {
      fromHidden.addProduct(hidden, gates, count);
      for (int i = 0; i < count; i++) {
        squash(gates[i], cells[streams[i]], hidden[i]);
      }
    }

    private void squash(float[] gates, float[] cell, float[] hidden) {
      if (peeps) {
        addPeepholes(gates, 0, cell);
        addPeepholes(gates, 2 * units, cell);
      }
      Kernels.sigmoid(gates, 0, units);
      Kernels.sigmoid(gates, 2 * units, 3 * units);
      Kernels.tanh(gates, 3 * units, 4 * units);
      for (int u = 0; u < units; u++) {
        cell[u] = gates[2 * units + u] * cell[u] + gates[u] * gates[3 * units + u];
      }
      if (peeps) {
        addPeepholes(gates, units, cell);
      }
      Kernels.sigmoid(gates, units, 2 * units);
      System.arraycopy(cell, 0, squashed, 0, units);
      Kernels.tanh(squashed, 0, units);
      for (int u = 0; u < units; u++) {
        hidden[u] = gates[units + u] * squashed[u];
      }
    }

    private void addPeepholes(float[] gates, int gate, float[] cell) {
      for (int u = 0; u < units; u++) {
        gates[gate + u] += peepholes[gate + u] * cell[u];
      }
    }

    @Override
    public void state(Snapshot snapshot) {
      super.state(snapshot);
      snapshot.values(cells);
    }

    @Override
    public void reset(int stream) {
      super.reset(stream);
      Arrays.fill(cells[stream], 0f);
    }
  }
}
