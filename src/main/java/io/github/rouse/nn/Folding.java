// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import java.util.ArrayList;
import java.util.List;

/** Merges batch normalisation, an affine map after training, into the layer before or after it. */
final class Folding {
  private Folding() {}

  static List<Layer> fold(List<Layer> layers) {
    List<Layer> out = new ArrayList<>();
    BatchNorm waiting = null; // no layer before takes it; try the next one
    for (Layer layer : layers) {
      if (waiting != null) {
        Layer merged = into(waiting, layer);
        if (merged == null) {
          out.add(waiting);
          merged = layer;
        }
        waiting = null;
        layer = merged;
      }
      if (layer instanceof BatchNorm norm) {
        Layer before = out.isEmpty() ? null : out.get(out.size() - 1);
        if (before instanceof Conv1d c) {
          out.set(
              out.size() - 1,
              new Conv1d(
                  scaleColumns(c.weights(), norm.scale()),
                  affine(c.bias(), norm),
                  c.kernel(),
                  c.stride(),
                  c.padding()));
        } else if (before instanceof Dense d) {
          out.set(
              out.size() - 1,
              new Dense(scaleColumns(d.weights(), norm.scale()), affine(d.bias(), norm)));
        } else {
          waiting = norm;
        }
      } else {
        out.add(layer);
      }
    }
    if (waiting != null) {
      out.add(waiting);
    }
    return out;
  }

  /** Merges {@code norm} into the layer after it; null if that is impossible. */
  private static Layer into(BatchNorm norm, Layer layer) {
    if (layer instanceof Dense d) {
      return new Dense(scaleRows(d.weights(), norm), shiftThrough(d.weights(), d.bias(), norm));
    } else if (layer instanceof SimpleRnn r) {
      return new SimpleRnn(
          scaleRows(r.inputWeights(), norm),
          r.recurrentWeights(),
          shiftThrough(r.inputWeights(), r.inputBias(), norm),
          r.recurrentBias());
    } else if (layer instanceof Gru g) {
      return new Gru(
          g.reset(),
          scaleRows(g.inputWeights(), norm),
          g.recurrentWeights(),
          shiftThrough(g.inputWeights(), g.inputBias(), norm),
          g.recurrentBias());
    } else if (layer instanceof Lstm l) {
      return new Lstm(
          scaleRows(l.inputWeights(), norm),
          l.recurrentWeights(),
          shiftThrough(l.inputWeights(), l.inputBias(), norm),
          l.recurrentBias(),
          l.peepholes());
    }
    return null;
  }

  private static float[][] scaleColumns(float[][] w, float[] scale) {
    float[][] scaled = new float[w.length][scale.length];
    for (int i = 0; i < w.length; i++) {
      for (int o = 0; o < scale.length; o++) {
        scaled[i][o] = w[i][o] * scale[o];
      }
    }
    return scaled;
  }

  private static float[] affine(float[] bias, BatchNorm norm) {
    float[] scale = norm.scale();
    float[] result = norm.shift();
    for (int o = 0; o < result.length; o++) {
      result[o] += bias[o] * scale[o];
    }
    return result;
  }

  private static float[][] scaleRows(float[][] w, BatchNorm norm) {
    float[] scale = norm.scale();
    float[][] scaled = new float[w.length][];
    for (int i = 0; i < w.length; i++) {
      scaled[i] = w[i].clone();
      for (int o = 0; o < scaled[i].length; o++) {
        scaled[i][o] *= scale[i];
      }
    }
    return scaled;
  }

  private static float[] shiftThrough(float[][] w, float[] bias, BatchNorm norm) {
    float[] shift = norm.shift();
    float[] result = new float[bias.length];
    for (int o = 0; o < result.length; o++) {
      double sum = bias[o];
      for (int i = 0; i < w.length; i++) {
        sum += (double) shift[i] * w[i][o];
      }
      result[o] = (float) sum;
    }
    return result;
  }
}
