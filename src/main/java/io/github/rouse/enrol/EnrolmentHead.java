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
 * A small recurrent network over an encoder's embeddings, trained to tell one word from all else.
 * Its training sees no sound: the word's embeddings are laid over stretches of those of other
 * speech, as they are with their silence, or cut close as in running speech.
 */
final class EnrolmentHead {
  /**
   * The embeddings of a clip with the word in it.
   *
   * @param values [steps][units]
   * @param start the first step that has heard some of the word
   * @param end the first step that has heard all of it
   */
  record Said(float[][] values, int start, int end) {}

  /**
   * What it learns from.
   *
   * @param words clips with the word
   * @param bank other speech
   * @param leftOutFrom the first step of the bank that is not to be learnt from
   * @param leftOutTo the step after the last of these
   * @param hardNegatives sounds that were taken for the word, [steps][units] each
   */
  record Material(
      List<Said> words,
      EmbeddingBank bank,
      int leftOutFrom,
      int leftOutTo,
      List<float[][]> hardNegatives) {

    /** A random stretch of the bank: its first step. */
    private int stretch(SplittableRandom random) {
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
  private static final int IGNORED = 6; // steps before and after the ones that do not count
  private static final int LEAD = 3; // steps of its own surroundings before a word cut close
  private static final double WITH_WORD = 0.5; // of the clips
  private static final double CUT_CLOSE = 0.5; // of these
  private static final double HARD_NEGATIVE = 0.2; // of the clips, where there are any
  private static final double HARD = 0.7; // of the stretches, once they are known
  private static final int HARDEST = 300; // stretches kept

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
  private int[] hard = {}; // first steps of the bank's stretches most like the word

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

  /** Trains one; with the same material and seed the same one. */
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
   * Several of them as one whose logit is the mean of theirs: their units side by side, each with
   * weights of zero to those of the others.
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
    int from = near ? hard[random.nextInt(hard.length)] : material.stretch(random);
    for (int t = 0; t < STEPS; t++) {
      material.bank.copy(from + t, step);
      put(clip, t);
      labels.data()[t * CLIPS + clip] = 0f;
      weights.data()[t * CLIPS + clip] = 1f;
    }
    if (!material.hardNegatives.isEmpty() && random.nextDouble() < HARD_NEGATIVE) {
      float[][] other = material.hardNegatives.get(random.nextInt(material.hardNegatives.size()));
      int start = random.nextInt(Math.max(1, other.length - STEPS + 1));
      lay(clip, other, start, Math.min(other.length, start + STEPS), 0);
    } else if (random.nextDouble() < WITH_WORD) {
      say(clip, material.words.get(random.nextInt(material.words.size())));
    }
  }

  /** Lays a word over a clip: cut close, or with as much around it as there is room for. */
  private void say(int clip, Said said) {
    Stretch stretch = stretch(said, random.nextDouble() < CUT_CLOSE, random);
    int at = random.nextInt(STEPS - (stretch.end - stretch.first) + 1);
    lay(clip, said.values, stretch.first, stretch.end, at);
    label(clip, at + said.start - stretch.first, at + said.end - stretch.first);
  }

  /** Steps of a sound, from the first to before the end. */
  record Stretch(int first, int end) {}

  /** A stretch no longer than a clip, with the whole word and the steps that its labels take. */
  static Stretch stretch(Said said, boolean close, SplittableRandom random) {
    int start = Math.max(0, said.start - LEAD);
    int end = Math.min(said.values.length, said.end + LABEL_STEPS + IGNORED);
    int first = Math.max(start, end - STEPS);
    if (close) {
      return new Stretch(first, end);
    }
    int latest = Math.min(first, Math.max(0, said.values.length - STEPS));
    int earliest = Math.min(latest, Math.max(0, end - STEPS));
    int drawn = random.nextInt(earliest, latest + 1);
    return new Stretch(drawn, Math.min(said.values.length, drawn + STEPS));
  }

  /** Copies steps into a clip, rounded as the bank's are: precision must not tell them apart. */
  private void lay(int clip, float[][] values, int from, int to, int at) {
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

  /** Finds the stretches of the bank in which the network of now comes nearest to the word. */
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

  /** A stretch with a step in its middle, as far as the bank and what is left out allow. */
  private int around(int middle) {
    boolean before = middle < material.leftOutFrom;
    int least = before ? 0 : material.leftOutTo;
    int end = before ? material.leftOutFrom : material.bank.steps();
    return Math.max(least, Math.min(middle - STEPS / 2, end - STEPS));
  }
}
