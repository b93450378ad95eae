// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * A head of the second look that learns from mistakes. Its body, which never changes, maps a window
 * to one vector, the view. The base is the logit as trained; each corrector lowers it near one
 * mistake (Gorban et al. 2018, "Correction of AI systems by linear discriminants"), all together by
 * no more than the cap.
 *
 * <pre>
 *   u_i = max(0, direction_i . view + offset_i)
 *   logit = base(view) - min(cap, sum over i of u_i)
 * </pre>
 *
 * In a file these are three dense layers with rectifiers between, which any ONNX runtime reads.
 *
 * @param body layers up to the view
 * @param base a dense layer to the logit
 * @param correctors in the order in which they were learnt
 * @param cap in logits; 0 without correctors
 */
record LearntHead(Network body, Dense base, List<Corrector> correctors, float cap) {
  private static final Activation.Function RECTIFIER = Activation.Function.RELU;
  private static final int FIRST = 2; // column of the first corrector

  /**
   * Lowers the logit on one side of a plane.
   *
   * @param direction [values of the view]
   */
  record Corrector(float[] direction, float offset) {
    float of(float[] view) {
      return Math.max(0, dot(direction, view) + offset);
    }
  }

  /**
   * Reads a head.
   *
   * @throws IllegalArgumentException if its layers have a different structure
   */
  static LearntHead of(Network head) {
    List<Layer> layers = head.layers();
    int end = layers.size();
    if (end >= 6
        && layers.get(end - 5) instanceof Dense first
        && isRectifier(layers.get(end - 4))
        && layers.get(end - 3) instanceof Dense second
        && isRectifier(layers.get(end - 2))
        && layers.get(end - 1) instanceof Dense
        && second.outputs() == FIRST + 1) {
      List<Corrector> correctors = new ArrayList<>();
      for (int i = FIRST; i < first.outputs(); i++) {
        Dense one = first.keeping(i);
        correctors.add(new Corrector(column(one), one.bias()[0]));
      }
      return new LearntHead(
          new Network(layers.subList(0, end - 5)),
          first.keeping(0),
          List.copyOf(correctors),
          second.bias()[FIRST]);
    }
    if (end >= 2 && layers.get(end - 1) instanceof Dense base && base.outputs() == 1) {
      return new LearntHead(new Network(layers.subList(0, end - 1)), base, List.of(), 0);
    }
    throw new IllegalArgumentException("the second look has layers that cannot learn from marks");
  }

  private static boolean isRectifier(Layer layer) {
    return layer instanceof Activation a && a.function() == RECTIFIER;
  }

  private static float[] column(Dense one) {
    float[] column = new float[one.inputs()];
    for (int i = 0; i < column.length; i++) {
      column[i] = one.weights()[i][0];
    }
    return column;
  }

  /** With one more corrector, and a cap that is no lower than before. */
  LearntHead with(Corrector corrector, float atLeast) {
    List<Corrector> more = new ArrayList<>(correctors);
    more.add(corrector);
    return new LearntHead(body, base, List.copyOf(more), Math.max(cap, atLeast));
  }

  float logit(float[] view) {
    double lowered = 0;
    for (Corrector corrector : correctors) {
      lowered += corrector.of(view);
    }
    return (float) (dot(column(base), view) + base.bias()[0] - Math.min(cap, lowered));
  }

  private static float dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return (float) sum;
  }

  /** The head as layers. */
  Network network() {
    List<Layer> layers = new ArrayList<>(body.layers());
    if (correctors.isEmpty()) {
      layers.add(base);
      return new Network(layers);
    }
    int outputs = FIRST + correctors.size();
    float[][] first = new float[base.inputs()][outputs];
    float[] offsets = new float[outputs];
    float[][] second = new float[outputs][FIRST + 1];
    float[] column = column(base);
    for (int i = 0; i < column.length; i++) {
      first[i][0] = column[i]; // the base in two halves, since a rectifier cuts at 0
      first[i][1] = -column[i];
    }
    offsets[0] = base.bias()[0];
    offsets[1] = -base.bias()[0];
    second[0][0] = 1;
    second[1][1] = 1;
    for (int c = 0; c < correctors.size(); c++) {
      Corrector corrector = correctors.get(c);
      for (int i = 0; i < column.length; i++) {
        first[i][FIRST + c] = corrector.direction[i];
      }
      offsets[FIRST + c] = corrector.offset;
      second[FIRST + c][FIRST] = -1; // what remains of the cap
    }
    layers.add(new Dense(first, offsets));
    layers.add(new Activation(RECTIFIER, outputs));
    layers.add(new Dense(second, new float[] {0, 0, cap}));
    layers.add(new Activation(RECTIFIER, FIRST + 1));
    layers.add(new Dense(new float[][] {{1}, {-1}, {1}}, new float[] {-cap}));
    return new Network(layers);
  }
}
