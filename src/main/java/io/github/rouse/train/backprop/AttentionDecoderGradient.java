// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Gemm;
import io.github.rouse.kernel.Kernels;
import io.github.rouse.kernel.Matrix;
import io.github.rouse.kernel.PackedMatrix;
import io.github.rouse.nn.AttentionDecoder;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Layer;
import java.util.Arrays;
import java.util.List;

/**
 * Trains an {@link AttentionDecoder} up to its states and contexts; a dense layer follows. Each
 * step is given the correct previous symbol (teacher forcing: Williams and Zipser 1989), so the
 * number of steps out is that of {@link #feed}, not that of the encoder.
 *
 * <p>Names follow {@link AttentionDecoder}'s formulas; a leading d means the gradient.
 */
public final class AttentionDecoderGradient implements LayerGradient {
  private final int symbols;
  private final int encoded; // values of an encoder step
  private final int units;
  private final Linear keys; // H Wk + bk
  private final RecurrentProjection query; // s_prev Wq + bq
  private final Parameter scorer; // v, [1][attention units]
  private final Linear input; // [y_prev, context] W + b
  private final RecurrentProjection recurrent; // s_prev U + c
  private final WorkerPool workers;
  private final float[][] scorerParts; // [worker][attention units]
  private PackedMatrix forwardInput; // W
  private PackedMatrix backwardInput; // W transposed

  private int[][] previous = {}; // [steps][clips]
  private SequenceBatch in; // H, [letters][clips][encoded]
  private SequenceBatch keyed; // [letters][clips][attention units]
  private SequenceBatch queries; // [steps][clips][attention units]; then their gradient
  private SequenceBatch matches; // tanh(key + query), [steps * letters][clips][attention units]
  private SequenceBatch attention; // [steps][clips][letters]
  private SequenceBatch inputs; // [y_prev, context], [steps][clips][symbols + encoded]
  private SequenceBatch gates; // activated z, r, candidate; then their gradients
  private SequenceBatch hidden; // s_prev U + c, [steps][clips][3 * units]; then its gradient
  private SequenceBatch states; // s, [steps][clips][units]
  private SequenceBatch out; // [s, context]
  private SequenceBatch inputGradient;
  private SequenceBatch keyGradient;
  private SequenceBatch direct; // dH through the contexts
  private SequenceBatch inGradient;

  public AttentionDecoderGradient(
      String name, int symbols, int encoded, int units, int attention, WorkerPool workers) {
    this.symbols = symbols;
    this.encoded = encoded;
    this.units = units;
    this.workers = workers;
    int width = 3 * units;
    keys = new Linear(name + ".keys", encoded, attention, workers);
    query = new RecurrentProjection(name + ".query", units, attention, 0, workers);
    scorer = new Parameter(name + ".scorer", 1, attention);
    input = new Linear(name + ".gru", symbols + encoded, width, workers);
    recurrent = new RecurrentProjection(name + ".gru", units, width, 0, workers);
    scorerParts = new float[workers.count()][attention];
  }

  /**
   * Sets the symbols before each step of the next batches.
   *
   * @param before [steps][clips]; not copied
   */
  public void feed(int[][] before) {
    previous = before;
  }

  @Override
  public SequenceBatch forward(SequenceBatch in, boolean training) {
    this.in = in;
    int steps = previous.length;
    int clips = in.clips();
    int width = scorer.columns();
    keyed = SequenceBatch.sized(keyed, in.steps(), clips, width);
    queries = new SequenceBatch(steps, clips, width);
    matches = SequenceBatch.sized(matches, steps * in.steps(), clips, width);
    attention = SequenceBatch.sized(attention, steps, clips, in.steps());
    inputs = new SequenceBatch(steps, clips, symbols + encoded);
    gates = SequenceBatch.sized(gates, steps, clips, 3 * units);
    hidden = new SequenceBatch(steps, clips, 3 * units);
    states = SequenceBatch.sized(states, steps, clips, units);
    out = SequenceBatch.sized(out, steps, clips, units + encoded);
    keys.forward(in, keyed);
    query.begin(clips);
    recurrent.begin(clips);
    forwardInput = Linear.packed(forwardInput, input.weights.values());
    workers.each(clips, (part, from, to, product) -> forward(from, to - from, product));
    return out;
  }

  private void forward(int clip, int count, Gemm product) {
    GruCells cells = new GruCells(Gru.Reset.AFTER, count, units);
    for (int t = 0; t < states.steps(); t++) {
      query.add(states, queries, t, clip, count, product);
      for (int i = clip; i < clip + count; i++) {
        inputs.data()[(t * in.clips() + i) * inputs.width() + previous[t][i]] = 1f;
        attend(t, i);
      }
      Matrix gatesNow = gates.at(t, clip, count);
      for (int i = 0; i < count; i++) {
        System.arraycopy(
            input.bias.value(),
            0,
            gates.data(),
            gatesNow.offset() + i * gates.width(),
            gates.width());
      }
      product.add(inputs.at(t, clip, count), forwardInput, gatesNow);
      recurrent.add(states, hidden, t, clip, count, product);
      Matrix before = recurrent.state.before(states, t, clip, count);
      Matrix hiddenNow = hidden.at(t, clip, count);
      Matrix inner = hiddenNow.columns(2 * units, units);
      cells.gates(gatesNow, hiddenNow, before, inner);
      cells.state(gatesNow, hiddenNow, before, inner, states.at(t, clip, count));
      for (int i = clip; i < clip + count; i++) {
        int row = t * in.clips() + i;
        int to = row * out.width();
        System.arraycopy(states.data(), row * units, out.data(), to, units);
        System.arraycopy(
            inputs.data(), row * inputs.width() + symbols, out.data(), to + units, encoded);
      }
    }
  }

  /** Scores a clip's encoder steps for a decoder step; their weighted mean is the context. */
  private void attend(int t, int clip) {
    int letters = in.steps();
    int width = scorer.columns();
    int row = t * in.clips() + clip;
    float[] sums = new float[width];
    float[] asked = Arrays.copyOfRange(queries.data(), row * width, (row + 1) * width);
    double[] shares = new double[letters];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < letters; i++) {
      System.arraycopy(keyed.data(), (i * in.clips() + clip) * width, sums, 0, width);
      for (int u = 0; u < width; u++) {
        sums[u] += asked[u];
      }
      Kernels.tanh(sums, 0, width);
      for (int u = 0; u < width; u++) {
        shares[i] += (double) sums[u] * scorer.value()[u];
      }
      System.arraycopy(sums, 0, matches.data(), match(t, i, clip), width);
      largest = Math.max(largest, shares[i]);
    }
    double total = 0;
    for (int i = 0; i < letters; i++) {
      shares[i] = Math.exp(shares[i] - largest);
      total += shares[i];
    }
    float[] context = new float[encoded];
    float[] step = new float[encoded];
    for (int i = 0; i < letters; i++) {
      float share = (float) (shares[i] / total);
      attention.data()[row * letters + i] = share;
      System.arraycopy(in.data(), (i * in.clips() + clip) * encoded, step, 0, encoded);
      for (int k = 0; k < encoded; k++) {
        context[k] = Math.fma(share, step[k], context[k]);
      }
    }
    System.arraycopy(context, 0, inputs.data(), row * inputs.width() + symbols, encoded);
  }

  private int match(int t, int letter, int clip) {
    return ((t * in.steps() + letter) * in.clips() + clip) * scorer.columns();
  }

  @Override
  public SequenceBatch backward(SequenceBatch outGradient, boolean needed) {
    inputGradient = new SequenceBatch(states.steps(), in.clips(), inputs.width());
    keyGradient = new SequenceBatch(in.steps(), in.clips(), scorer.columns());
    direct = new SequenceBatch(in.steps(), in.clips(), encoded);
    query.beginBackward();
    recurrent.beginBackward();
    backwardInput = Linear.packed(backwardInput, input.weights.values().transposed());
    workers.each(
        in.clips(),
        (part, from, to, product) ->
            backward(outGradient, from, to - from, scorerParts[part], product));
    Linear.gather(scorerParts, scorer.gradient());
    query.addGradients(states, queries);
    recurrent.addGradients(states, hidden);
    input.backward(inputs, gates, null);
    if (needed) {
      inGradient = SequenceBatch.sized(inGradient, in.steps(), in.clips(), encoded);
    }
    keys.backward(in, keyGradient, needed ? inGradient : null);
    if (!needed) {
      return null;
    }
    for (int i = 0; i < inGradient.data().length; i++) {
      inGradient.data()[i] += direct.data()[i];
    }
    return inGradient;
  }

  /** Back through time, last step first. */
  private void backward(
      SequenceBatch outGradient, int clip, int count, float[] byScorer, Gemm product) {
    GruCells cells = new GruCells(Gru.Reset.AFTER, count, units);
    float[] through = new float[count * units]; // to the previous state
    float[] byContext = new float[encoded];
    for (int t = states.steps() - 1; t >= 0; t--) {
      Matrix given = outGradient.at(t, clip, count);
      Matrix gatesNow = gates.at(t, clip, count);
      Matrix hiddenNow = hidden.at(t, clip, count);
      Matrix before = recurrent.state.before(states, t, clip, count);
      cells.back(given.columns(0, units), gatesNow, before, hiddenNow.columns(2 * units, units));
      for (int i = 0; i < count; i++) { // both sums of a gate have the same gradient
        System.arraycopy(
            gates.data(),
            gatesNow.offset() + i * gates.width(),
            hidden.data(),
            hiddenNow.offset() + i * hidden.width(),
            2 * units);
      }
      product.add(gatesNow, backwardInput, inputGradient.at(t, clip, count));
      recurrent.back(hidden, t, clip, through, product);
      addTo(cells.dh, through);
      for (int i = clip; i < clip + count; i++) {
        int row = t * in.clips() + i;
        int byInput = row * inputs.width() + symbols;
        int byOut = row * out.width() + units;
        for (int k = 0; k < encoded; k++) {
          byContext[k] = inputGradient.data()[byInput + k] + outGradient.data()[byOut + k];
        }
        unattend(t, i, byContext, byScorer);
      }
      query.back(queries, t, clip, through, product);
      addTo(cells.dh, through);
    }
  }

  private static void addTo(float[] sum, float[] more) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
  }

  /** Back through context, softmax and scores: the query becomes its gradient. */
  private void unattend(int t, int clip, float[] byContext, float[] byScorer) {
    int letters = in.steps();
    int width = scorer.columns();
    int row = t * in.clips() + clip;
    double[] byShare = new double[letters];
    double mean = 0;
    float[] step = new float[encoded]; // C2 vectorises only equal indices
    for (int i = 0; i < letters; i++) {
      int at = (i * in.clips() + clip) * encoded;
      float share = attention.data()[row * letters + i];
      System.arraycopy(in.data(), at, step, 0, encoded);
      for (int k = 0; k < encoded; k++) {
        byShare[i] += (double) byContext[k] * step[k];
      }
      System.arraycopy(direct.data(), at, step, 0, encoded);
      for (int k = 0; k < encoded; k++) {
        step[k] += share * byContext[k];
      }
      System.arraycopy(step, 0, direct.data(), at, encoded);
      mean += share * byShare[i];
    }
    float[] byQuery = new float[width];
    float[] match = new float[width];
    float[] byKey = new float[width];
    float[] v = scorer.value();
    for (int i = 0; i < letters; i++) {
      float byScore = (float) (attention.data()[row * letters + i] * (byShare[i] - mean));
      System.arraycopy(matches.data(), match(t, i, clip), match, 0, width);
      int key = (i * in.clips() + clip) * width;
      for (int u = 0; u < width; u++) {
        byScorer[u] += byScore * match[u];
        match[u] = byScore * v[u] * (1 - match[u] * match[u]);
        byQuery[u] += match[u];
      }
      System.arraycopy(keyGradient.data(), key, byKey, 0, width);
      for (int u = 0; u < width; u++) {
        byKey[u] += match[u];
      }
      System.arraycopy(byKey, 0, keyGradient.data(), key, width);
    }
    System.arraycopy(byQuery, 0, queries.data(), row * width, width);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(
        keys.weights,
        keys.bias,
        query.weights,
        query.bias,
        scorer,
        input.weights,
        input.bias,
        recurrent.weights,
        recurrent.bias);
  }

  /** Null: it is no layer of a chain; see {@link #decoder}. */
  @Override
  public Layer trained() {
    return null;
  }

  /**
   * The decoder with the current weights.
   *
   * @param output the layer that follows
   */
  public AttentionDecoder decoder(Dense output) {
    float[] bias = keys.bias.value().clone();
    addTo(bias, query.bias.value());
    return new AttentionDecoder(
        keys.weights.toRows(),
        bias,
        query.weights.toRows(),
        scorer.value().clone(),
        new Gru(
            Gru.Reset.AFTER,
            input.weights.toRows(),
            recurrent.weights.toRows(),
            input.bias.value().clone(),
            recurrent.bias.value().clone()),
        output);
  }
}
