// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Checks recurrent layers against their equations, evaluated term by term in double. */
class GateEquationsTest {
  private static final int INPUTS = 7;
  private static final int UNITS = 5;
  private static final double TOLERANCE = 2e-6;
  private static final float[][] FRAMES = TinyNetworks.frames(50, INPUTS);

  @Test
  void aGruFollowsItsEquationsForEveryReset() {
    for (Gru.Reset reset : Gru.Reset.values()) {
      Gru gru = (Gru) only(TinyNetworks.reading(INPUTS).gru(reset, UNITS));
      double[] h = new double[UNITS];
      check(
          gru,
          x -> {
            advance(gru, x, h);
            return h;
          });
    }
  }

  private static void advance(Gru gru, float[] x, double[] h) {
    int candidate = (gru.reset().gates() - 1) * UNITS;
    double[] previous = h.clone();
    double[] relevance = new double[UNITS];
    for (int u = 0; u < UNITS; u++) {
      int column = UNITS + u;
      relevance[u] =
          gru.reset() == Gru.Reset.NONE
              ? 1
              : sigmoid(input(gru, x, column) + recurrent(gru, previous, column));
    }
    double[] relevant = new double[UNITS];
    for (int u = 0; u < UNITS; u++) {
      relevant[u] = relevance[u] * previous[u];
    }
    for (int u = 0; u < UNITS; u++) {
      double z = sigmoid(input(gru, x, u) + recurrent(gru, previous, u));
      int column = candidate + u;
      double past =
          gru.reset() == Gru.Reset.BEFORE
              ? recurrent(gru, relevant, column)
              : relevance[u] * recurrent(gru, previous, column);
      h[u] = z * previous[u] + (1 - z) * Math.tanh(input(gru, x, column) + past);
    }
  }

  private static double input(Gru gru, float[] x, int column) {
    return dot(x, gru.inputWeights(), column) + gru.inputBias()[column];
  }

  private static double recurrent(Gru gru, double[] h, int column) {
    return dot(h, gru.recurrentWeights(), column) + gru.recurrentBias()[column];
  }

  @Test
  void anLstmFollowsItsEquationsWithAndWithoutPeepholes() {
    for (boolean peepholes : new boolean[] {false, true}) {
      Lstm lstm = (Lstm) only(TinyNetworks.reading(INPUTS).lstm(UNITS, peepholes));
      double[] h = new double[UNITS];
      double[] cell = new double[UNITS];
      check(
          lstm,
          x -> {
            double[] previous = h.clone();
            for (int u = 0; u < UNITS; u++) {
              double c = cell[u];
              double i = sigmoid(sum(lstm, x, previous, u) + peep(lstm, u) * c);
              double f =
                  sigmoid(sum(lstm, x, previous, 2 * UNITS + u) + peep(lstm, 2 * UNITS + u) * c);
              cell[u] = f * c + i * Math.tanh(sum(lstm, x, previous, 3 * UNITS + u));
              double o =
                  sigmoid(sum(lstm, x, previous, UNITS + u) + peep(lstm, UNITS + u) * cell[u]);
              h[u] = o * Math.tanh(cell[u]);
            }
            return h;
          });
    }
  }

  private static double sum(Lstm lstm, float[] x, double[] h, int column) {
    return dot(x, lstm.inputWeights(), column)
        + lstm.inputBias()[column]
        + dot(h, lstm.recurrentWeights(), column)
        + lstm.recurrentBias()[column];
  }

  private static double peep(Lstm lstm, int index) {
    return lstm.peepholes().length == 0 ? 0 : lstm.peepholes()[index];
  }

  @Test
  void aSimpleRecurrentLayerFollowsItsEquation() {
    SimpleRnn rnn = (SimpleRnn) only(TinyNetworks.reading(INPUTS).rnn(UNITS));
    double[] h = new double[UNITS];
    check(
        rnn,
        x -> {
          double[] previous = h.clone();
          for (int u = 0; u < UNITS; u++) {
            h[u] =
                Math.tanh(
                    dot(x, rnn.inputWeights(), u)
                        + rnn.inputBias()[u]
                        + dot(previous, rnn.recurrentWeights(), u)
                        + rnn.recurrentBias()[u]);
          }
          return h;
        });
  }

  @Test
  void aConvolutionReadsItsWindowWithZerosBeforeTheClip() {
    for (int padding = 0; padding < 4; padding++) {
      Conv1d conv = (Conv1d) only(TinyNetworks.reading(INPUTS).conv(3, 4, 2, padding));
      int start = -padding;
      float[][] out = TinyNetworks.reading(INPUTS).conv(3, 4, 2, padding).network().forward(FRAMES);
      for (int j = 0; j < out.length; j++) {
        int first = start + 2 * j;
        for (int o = 0; o < 3; o++) {
          double sum = conv.bias()[o];
          for (int k = 0; k < 4; k++) {
            for (int i = 0; i < INPUTS && first + k >= 0; i++) {
              sum += (double) FRAMES[first + k][i] * conv.weights()[k * INPUTS + i][o];
            }
          }
          assertTrue(Math.abs(sum - out[j][o]) < TOLERANCE, padding + ": " + sum);
        }
      }
      assertTrue(out.length == (FRAMES.length + padding - 4) / 2 + 1, "steps=" + out.length);
    }
  }

  private interface Reference {
    double[] next(float[] x);
  }

  private static void check(Layer layer, Reference reference) {
    Layer.Step step = layer.prepare().start(1);
    StepBatch out = new StepBatch(layer.outputs());
    for (float[] frame : FRAMES) {
      step.run(StepBatch.of(new float[][] {frame}), out);
      double[] expected = reference.next(frame);
      for (int u = 0; u < expected.length; u++) {
        double difference = Math.abs(expected[u] - out.values(0)[u]);
        assertTrue(difference < TOLERANCE, layer.getClass() + ": " + difference);
      }
    }
  }

  private static Layer only(TinyNetworks built) {
    return built.network().layers().get(0);
  }

  private static double dot(float[] x, float[][] w, int column) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (double) x[i] * w[i][column];
    }
    return sum;
  }

  private static double dot(double[] h, float[][] w, int column) {
    double sum = 0;
    for (int i = 0; i < h.length; i++) {
      sum += h[i] * w[i][column];
    }
    return sum;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
