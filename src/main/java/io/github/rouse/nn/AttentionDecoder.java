// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.Weights;
import java.util.Arrays;

/**
 * Gives a sequence of symbols for the steps H of an encoder, one at a time. A GRU remembers what it
 * has given; additive attention (Bahdanau, Cho and Bengio 2015) says which encoder steps come next:
 *
 * <pre>
 *   score_i = v . tanh(H_i Wk + s_prev Wq + b)
 *   context = sum over i of softmax(score)_i H_i
 *   s       = GRU([y_prev, context], s_prev)          y_prev: 1 at the previous symbol, else 0
 *   logits  = [s, context] Wo + bo
 * </pre>
 *
 * @param keyWeights Wk, [encoded][attention units]
 * @param attentionBias b, [attention units]
 * @param queryWeights Wq, [units][attention units]
 * @param scorer v, [attention units]
 * @param gru reads [symbols + encoded]; its relevance gate acts {@link Gru.Reset#AFTER}
 * @param output [units + encoded] to [symbols]
 */
public record AttentionDecoder(
    float[][] keyWeights,
    float[] attentionBias,
    float[][] queryWeights,
    float[] scorer,
    Gru gru,
    Dense output) {
  /** Checks the shapes. */
  public AttentionDecoder {
    int attention = scorer.length;
    Layer.checkLength("attentionBias", attentionBias, attention);
    Layer.checkShape("keyWeights", keyWeights, keyWeights.length, attention);
    Layer.checkShape("queryWeights", queryWeights, gru.outputs(), attention);
    int encoded = keyWeights.length;
    if (gru.reset() != Gru.Reset.AFTER
        || gru.inputs() != output.outputs() + encoded
        || output.inputs() != gru.outputs() + encoded) {
      throw new IllegalArgumentException(
          String.format(
              "gru=%d to %d, output=%d to %d, encoded=%d do not fit",
              gru.inputs(), gru.outputs(), output.inputs(), output.outputs(), encoded));
    }
  }

  /** The number of symbols. */
  public int symbols() {
    return output.outputs();
  }

  /** Values of an encoder step. */
  public int encoded() {
    return keyWeights.length;
  }

  /** Values of a state. */
  public int units() {
    return gru.outputs();
  }

  /** The number of trained parameters. */
  public long parameters() {
    return (long) (encoded() + units() + 2) * scorer.length
        + gru.parameters()
        + output.parameters();
  }

  /** Lays out the weights, once for many words. */
  public PreparedDecoder prepare() {
    return new PreparedDecoder();
  }

  /** A decoder ready to run. Immutable and thread-safe. */
  public final class PreparedDecoder {
    private final Weights keys = Kernels.weights(keyWeights);
    private final Weights queries = Kernels.weights(queryWeights);
    private final Weights input = Kernels.weights(gru.inputWeights());
    private final Weights recurrent = Kernels.weights(gru.recurrentWeights());
    private final Weights readout = Kernels.weights(output.weights());

    private PreparedDecoder() {}

    /**
     * Starts to decode.
     *
     * @param steps H, [letters][encoded]
     */
    public Decoding decode(float[][] steps) {
      return new Decoding(this, steps);
    }
  }

  /** The decoding of one encoded sequence, by several hypotheses side by side. */
  public final class Decoding {
    private final PreparedDecoder weights;
    private final float[][] steps; // H
    private final float[][] keys; // H Wk + b, [letters][attention units]

    private Decoding(PreparedDecoder weights, float[][] steps) {
      this.weights = weights;
      this.steps = steps;
      keys = new float[steps.length][];
      Arrays.setAll(keys, i -> attentionBias.clone());
      weights.keys.addProduct(steps, keys, steps.length);
    }

    /**
     * One step of some hypotheses.
     *
     * @param previous the last symbol of each, [hypotheses]
     * @param states [hypotheses][units], zeros before the first step; replaced by the next states
     * @param attention overwritten with the weight of each encoder step, [hypotheses][letters]
     * @return logits of the next symbol, [hypotheses][symbols]
     */
    public float[][] step(int[] previous, float[][] states, float[][] attention) {
      int count = previous.length;
      float[][] asked = new float[count][scorer.length];
      weights.queries.addProduct(states, asked, count);
      float[][] in = new float[count][gru.inputs()];
      float[][] joined = new float[count][output.inputs()];
      float[][] gates = new float[count][];
      for (int h = 0; h < count; h++) {
        in[h][previous[h]] = 1f;
        float[] context = attend(asked[h], attention[h]);
        System.arraycopy(context, 0, in[h], symbols(), encoded());
        System.arraycopy(context, 0, joined[h], units(), encoded());
        gates[h] = gru.inputBias().clone();
      }
      weights.input.addProduct(in, gates, count);
      gru.step(weights.recurrent, gates, states, count);
      float[][] logits = new float[count][];
      for (int h = 0; h < count; h++) {
        System.arraycopy(states[h], 0, joined[h], 0, units());
        logits[h] = output.bias().clone();
      }
      weights.readout.addProduct(joined, logits, count);
      return logits;
    }

    private float[] attend(float[] asked, float[] shares) {
      double[] scores = new double[steps.length];
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < steps.length; i++) {
        float[] match = keys[i].clone();
        for (int u = 0; u < match.length; u++) {
          match[u] += asked[u];
        }
        Kernels.tanh(match, 0, match.length);
        for (int u = 0; u < match.length; u++) {
          scores[i] += (double) match[u] * scorer[u];
        }
        largest = Math.max(largest, scores[i]);
      }
      double total = 0;
      for (int i = 0; i < scores.length; i++) {
        scores[i] = Math.exp(scores[i] - largest);
        total += scores[i];
      }
      float[] context = new float[encoded()];
      for (int i = 0; i < scores.length; i++) {
        shares[i] = (float) (scores[i] / total);
        for (int k = 0; k < context.length; k++) {
          context[k] = Math.fma(shares[i], steps[i][k], context[k]);
        }
      }
      return context;
    }
  }
}
