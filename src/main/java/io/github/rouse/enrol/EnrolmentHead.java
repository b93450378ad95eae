// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.NetworkState;
import io.github.rouse.nn.StepBatch;
import io.github.rouse.train.NetworkBuilder;
import io.github.rouse.train.backprop.DenseGradient;
import io.github.rouse.train.backprop.DropoutGradient;
import io.github.rouse.train.backprop.GruGradient;
import io.github.rouse.train.backprop.Loss;
import io.github.rouse.train.backprop.Parameter;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.TrainingNetwork;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.optim.Adam;
import io.github.rouse.train.optim.GradientClipping;
import io.github.rouse.train.optim.LearningRate;
import io.github.rouse.train.optim.WeightAverage;
import io.github.rouse.train.recipe.Recipe;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A small recurrent network that detects one word in an encoder's embeddings. Training works on
 * embeddings alone: those of the word are pasted over segments of other speech, either with the
 * surrounding silence or trimmed closely, as in running speech.
 */
final class EnrolmentHead {
  /**
   * The embeddings of a clip that contains the word.
   *
   * @param values [steps][units]
   * @param start first step after the word's start
   * @param end first step after the word's end
   */
  record WordClip(float[][] values, int start, int end) {}

  /**
   * The training material of a head.
   *
   * @param words clips that contain the word
   * @param bank other speech
   * @param leftOutFrom first step of the bank's left-out part
   * @param leftOutTo step after the last of that part
   * @param hardNegatives recordings mistaken for the word, [steps][units] each
   */
  record Material(
      List<WordClip> words,
      EmbeddingBank bank,
      int leftOutFrom,
      int leftOutTo,
      List<float[][]> hardNegatives) {

    /** The first step of a random segment of the bank. */
    private int segment(SplittableRandom random) {
      int before = Math.max(0, leftOutFrom - STEPS);
      int after = Math.max(0, bank.steps() - leftOutTo - STEPS);
      int at = random.nextInt(before + after);
      return at < before ? at : leftOutTo + at - before;
    }
  }

  private static final int BATCHES = 800;
  static final int UNITS = 24;
  static final int STEPS = 128; // of a training clip
  private static final int CLIPS = 32;
  private static final float DROPOUT = 0.3f;
  private static final double RATE = 2e-3;
  private static final double WEIGHT_DECAY = 0.01;
  private static final double CLIP_NORM = 0.5;
  private static final double AVERAGING = 0.99;
  private static final int LABEL_STEPS = Recipe.Clips.DEFAULT.labelSteps();
  private static final int IGNORED = 6; // steps before and after the ones, excluded from the loss
  private static final int LEAD = 3; // steps kept before a closely trimmed word
  private static final double WITH_WORD = 0.5; // of the clips
  private static final double TRIMMED = 0.5; // of these
  private static final double HARD_NEGATIVE = 0.2; // of the clips, where there are any
  private static final double HARD = 0.7; // of the segments, once mined
  private static final int HARDEST = 300; // segments kept

  private final Material material;
  private final int units;
  private final SplittableRandom random;
  private final List<DropoutGradient> dropouts;
  private final TrainingNetwork network;
  private final SequenceBatch in; // [STEPS][CLIPS][units]
  private final SequenceBatch labels = new SequenceBatch(STEPS, CLIPS, 1);
  private final SequenceBatch weights = new SequenceBatch(STEPS, CLIPS, 1);
  private final SequenceBatch gradient = new SequenceBatch(STEPS, CLIPS, 1);
  private final float[] step; // [units], scratch
  private int[] hard = {}; // first steps of the bank's segments most like the word

  private EnrolmentHead(Material material, long seed, WorkerPool workers) {
    this.material = material;
    units = material.bank.units();
    random = new SplittableRandom(seed);
    in = new SequenceBatch(STEPS, CLIPS, units);
    step = new float[units];
    dropouts =
        List.of(
            new DropoutGradient(DROPOUT, seed, workers),
            new DropoutGradient(DROPOUT, seed + 1, workers));
    network =
        new TrainingNetwork(
            List.of(
                dropouts.get(0),
                new GruGradient("gru", Gru.Reset.AFTER, units, UNITS, 0, workers),
                dropouts.get(1),
                new DenseGradient("output", UNITS, 1, workers)));
    network.parameters().forEach(p -> NetworkBuilder.initialise(p, random));
  }

  /** Trains a head; a pure function of its arguments. */
  static Network trained(Material material, long seed) {
    try (WorkerPool alone = new WorkerPool(1)) {
      EnrolmentHead head = new EnrolmentHead(material, seed, alone);
      head.train();
      List<Layer> layers = new ArrayList<>(head.network.trained().layers());
      layers.add(new Activation(Activation.Function.SIGMOID, 1));
      return new Network(layers);
    }
  }

  /**
   * Merges heads into one whose logit is the mean of theirs: their units side by side, with zero
   * weights between units of different heads.
   */
  static Network mean(List<Network> heads) {
    int inputs = heads.get(0).inputs();
    int all = UNITS * heads.size();
    float[][] in = new float[inputs][3 * all];
    float[][] recurrent = new float[all][3 * all];
    float[] inBias = new float[3 * all];
    float[] recurrentBias = new float[3 * all];
    float[][] out = new float[all][1];
    float[] outBias = new float[1];
    for (int h = 0; h < heads.size(); h++) {
      Gru gru = (Gru) heads.get(h).layers().get(0);
      Dense dense = (Dense) heads.get(h).layers().get(1);
      for (int gate = 0; gate < 3; gate++) {
        int from = gate * UNITS;
        int to = gate * all + h * UNITS;
        for (int i = 0; i < inputs; i++) {
          System.arraycopy(gru.inputWeights()[i], from, in[i], to, UNITS);
        }
        for (int u = 0; u < UNITS; u++) {
          System.arraycopy(gru.recurrentWeights()[u], from, recurrent[h * UNITS + u], to, UNITS);
        }
        System.arraycopy(gru.inputBias(), from, inBias, to, UNITS);
        System.arraycopy(gru.recurrentBias(), from, recurrentBias, to, UNITS);
      }
      for (int u = 0; u < UNITS; u++) {
        out[h * UNITS + u][0] = dense.weights()[u][0] / heads.size();
      }
      outBias[0] += dense.bias()[0] / heads.size();
    }
    return new Network(
        List.of(
            new Gru(Gru.Reset.AFTER, in, recurrent, inBias, recurrentBias),
            new Dense(out, outBias),
            new Activation(Activation.Function.SIGMOID, 1)));
  }

  private void train() {
    List<float[]> values = network.parameters().stream().map(Parameter::value).toList();
    WeightAverage average = new WeightAverage(values, AVERAGING);
    Adam adam = new Adam(network.parameters(), WEIGHT_DECAY);
    LearningRate rate = new LearningRate(RATE, BATCHES / 20, BATCHES, RATE / 100);
    Loss loss = new Loss.CrossEntropy(0);
    for (int batch = 0; batch < BATCHES; batch++) {
      if (batch == BATCHES / 3 || batch == 2 * BATCHES / 3) {
        average.swap();
        findHard();
        average.swap();
      }
      for (int clip = 0; clip < CLIPS; clip++) {
        fill(clip);
      }
      for (DropoutGradient dropout : dropouts) {
        dropout.batch(batch);
      }
      network.clearGradients();
      loss.of(network.forward(in, true), labels, weights, gradient);
      network.backward(gradient);
      GradientClipping.byNorm(network.parameters(), CLIP_NORM);
      adam.step(rate.at(batch));
      average.update(batch);
    }
    average.swap();
  }

  private void fill(int clip) {
    boolean near = hard.length > 0 && random.nextDouble() < HARD;
    int from = near ? hard[random.nextInt(hard.length)] : material.segment(random);
    for (int t = 0; t < STEPS; t++) {
      material.bank.copy(from + t, step);
      put(clip, t);
      labels.data()[t * CLIPS + clip] = 0f;
      weights.data()[t * CLIPS + clip] = 1f;
    }
    if (!material.hardNegatives.isEmpty() && random.nextDouble() < HARD_NEGATIVE) {
      float[][] other = material.hardNegatives.get(random.nextInt(material.hardNegatives.size()));
      int start = random.nextInt(Math.max(1, other.length - STEPS + 1));
      paste(clip, other, start, Math.min(other.length, start + STEPS), 0);
    } else if (random.nextDouble() < WITH_WORD) {
      pasteWord(clip, material.words.get(random.nextInt(material.words.size())));
    }
  }

  /** Pastes a word over a clip: trimmed closely, or with as much context as fits. */
  private void pasteWord(int clip, WordClip word) {
    Segment segment = segment(word, random.nextDouble() < TRIMMED, random);
    int at = random.nextInt(STEPS - (segment.end - segment.first) + 1);
    paste(clip, word.values, segment.first, segment.end, at);
    label(clip, at + word.start - segment.first, at + word.end - segment.first);
  }

  /** A range of steps; {@code end} is exclusive. */
  record Segment(int first, int end) {}

  /** A segment, at most as long as a clip, with the whole word and its label steps. */
  static Segment segment(WordClip word, boolean close, SplittableRandom random) {
    int start = Math.max(0, word.start - LEAD);
    int end = Math.min(word.values.length, word.end + LABEL_STEPS + IGNORED);
    int first = Math.max(start, end - STEPS);
    if (close) {
      return new Segment(first, end);
    }
    int latest = Math.min(first, Math.max(0, word.values.length - STEPS));
    int earliest = Math.min(latest, Math.max(0, end - STEPS));
    int drawn = random.nextInt(earliest, latest + 1);
    return new Segment(drawn, Math.min(word.values.length, drawn + STEPS));
  }

  /** Copies steps into a clip, quantised like the bank so that precision gives nothing away. */
  private void paste(int clip, float[][] values, int from, int to, int at) {
    for (int t = from; t < to; t++) {
      for (int i = 0; i < units; i++) {
        step[i] = EmbeddingBank.rounded(values[t][i]);
      }
      put(clip, at + t - from);
    }
  }

  private void put(int clip, int t) {
    System.arraycopy(step, 0, in.data(), (t * CLIPS + clip) * units, units);
  }

  private void label(int clip, int start, int end) {
    int ignored = Math.max(0, Math.max((start + end) / 2, end - IGNORED));
    for (int t = ignored; t < Math.min(STEPS, end + LABEL_STEPS + IGNORED); t++) {
      float one = t >= end && t < end + LABEL_STEPS ? 1f : 0f;
      labels.data()[t * CLIPS + clip] = one;
      weights.data()[t * CLIPS + clip] = one;
    }
  }

  private record Peak(float logit, int step) {}

  /** Finds the segments of the bank with the highest logits of the current network. */
  private void findHard() {
    List<Peak> peaks = new ArrayList<>();
    NetworkState state = network.trained().start();
    StepBatch one = StepBatch.of(new float[][] {step});
    for (int from = 0; from + STEPS <= material.bank.steps(); from += STEPS) {
      if (from + STEPS <= material.leftOutFrom || from >= material.leftOutTo) {
        Peak best = new Peak(Float.NEGATIVE_INFINITY, from);
        for (int t = from; t < from + STEPS; t++) {
          material.bank.copy(t, step);
          float logit = state.run(one).values(0)[0];
          best = logit > best.logit ? new Peak(logit, t) : best;
        }
        peaks.add(best);
      }
    }
    hard =
        peaks.stream()
            .sorted(Comparator.comparing(Peak::logit).reversed())
            .limit(HARDEST)
            .mapToInt(peak -> around(peak.step))
            .toArray();
  }

  /** First step of a segment around a step, within the bank and outside the left-out part. */
  private int around(int middle) {
    boolean before = middle < material.leftOutFrom;
    int least = before ? 0 : material.leftOutTo;
    int end = before ? material.leftOutFrom : material.bank.steps();
    return Math.max(least, Math.min(middle - STEPS / 2, end - STEPS));
  }
}
