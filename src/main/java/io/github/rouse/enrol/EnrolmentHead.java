// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.train.NetworkBuilder;
import io.github.rouse.train.backprop.ActivationGradient;
import io.github.rouse.train.backprop.DenseGradient;
import io.github.rouse.train.backprop.DropoutGradient;
import io.github.rouse.train.backprop.Loss;
import io.github.rouse.train.backprop.Parameter;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.TrainingNetwork;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.optim.Adam;
import io.github.rouse.train.optim.GradientClipping;
import io.github.rouse.train.optim.LearningRate;
import io.github.rouse.train.optim.WeightAverage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A small network that says whether the last {@value #STEPS} steps of an encoder end just after a
 * word. It is trained on windows of steps and runs as a convolution over time.
 */
final class EnrolmentHead {
  /**
   * The steps of a clip that contains the word.
   *
   * @param steps [steps][units]
   * @param start number of steps that know nothing of the word
   * @param end number of steps that know nothing of what follows it
   * @param part index of the part of the bank that its voice comes from, or {@link #OWN_VOICE}
   */
  record WordClip(float[][] steps, int start, int end, int part) {
    static final int OWN_VOICE = -1;
  }

  /**
   * The training material of a head.
   *
   * @param words by recording, the clip of the unmodified one first
   * @param synthetic likewise, of synthetic voices
   * @param bank steps of other speech, [steps][units]
   * @param units values per step
   * @param leftOutFrom first step of the bank's left-out part
   * @param leftOutTo step after the last of that part
   * @param otherSynthetic other phrases in synthetic voices, [steps][units] each
   * @param hardNegatives recordings mistaken for the word, likewise
   */
  record Material(
      List<List<WordClip>> words,
      List<List<WordClip>> synthetic,
      float[] bank,
      int units,
      int leftOutFrom,
      int leftOutTo,
      List<float[][]> otherSynthetic,
      List<float[][]> hardNegatives) {

    /** The first step of a random window of the bank. */
    private int window(SplittableRandom random) {
      int before = Math.max(0, leftOutFrom - STEPS);
      int after = Math.max(0, bank.length / units - leftOutTo - STEPS);
      int at = random.nextInt(before + after);
      return at < before ? at : leftOutTo + at - before;
    }

    private boolean isLearnt(int window) {
      return window + STEPS <= leftOutFrom || window >= leftOutTo;
    }
  }

  static final int STEPS = 32; // of a window: 1.3 s
  static final int UNITS = 16; // of each hidden layer
  private static final int BATCHES = 1500;
  private static final int WINDOWS = 64; // of a batch
  private static final int AT_A_TIME = 256; // windows scored
  private static final float INPUT_DROPOUT = 0.2f;
  private static final float DROPOUT = 0.3f;
  private static final double RATE = 2e-3;
  private static final double WEIGHT_DECAY = 0.01;
  private static final double CLIP_NORM = 1;
  private static final double AVERAGING = 0.99;

  // Shares of the windows.
  private static final double WORD = 0.33;
  private static final double AROUND_WORD = 0.1; // elsewhere in a clip that contains the word
  private static final double OTHER_SYNTHETIC = 0.1; // if there are any
  private static final double HARD_NEGATIVE = 0.1; // if there are any
  private static final double HARD = 0.6; // of those of the bank, once mined

  private static final double SYNTHETIC = 0.5; // of the words, if there are both
  private static final double UNMODIFIED = 0.1; // of the words
  private static final double AFTER_SPEECH = 0.4; // of the words
  private static final double BEFORE_SPEECH = 0.3; // of the words
  private static final double EARLY = 0.1; // of all, which begin before their stream does
  private static final int LATEST = 10; // steps from a word's end to the end of its windows
  private static final int OUT_OF_SIGHT =
      STEPS + 1; // steps after a word's end, where no window sees it
  private static final int MINED = 3; // times
  private static final int EVERY = 3; // steps from one window to the next when mining
  private static final int APART = 24; // steps from one hard window to the next
  private static final int HARDEST = 1000; // windows kept

  private final Material material;
  private final int inputs; // of a window
  private final SplittableRandom random;
  private final List<DropoutGradient> dropouts;
  private final TrainingNetwork network;
  private final SequenceBatch in;
  private final SequenceBatch labels = new SequenceBatch(1, WINDOWS, 1);
  private final SequenceBatch weights = new SequenceBatch(1, WINDOWS, 1);
  private final SequenceBatch gradient = new SequenceBatch(1, WINDOWS, 1);
  private final SequenceBatch scored;
  private int[] hard = {}; // first steps of the bank's windows most like the word

  private EnrolmentHead(Material material, long seed, WorkerPool workers) {
    this.material = material;
    inputs = STEPS * material.units;
    random = new SplittableRandom(seed);
    in = new SequenceBatch(1, WINDOWS, inputs);
    scored = new SequenceBatch(1, AT_A_TIME, inputs);
    Arrays.fill(weights.data(), 1f);
    dropouts =
        List.of(
            new DropoutGradient(INPUT_DROPOUT, seed, workers),
            new DropoutGradient(DROPOUT, seed + 1, workers));
    network =
        new TrainingNetwork(
            List.of(
                dropouts.get(0),
                new DenseGradient("window", inputs, UNITS, workers),
                new ActivationGradient(Activation.Function.RELU, UNITS, workers),
                dropouts.get(1),
                new DenseGradient("hidden", UNITS, UNITS, workers),
                new ActivationGradient(Activation.Function.RELU, UNITS, workers),
                new DenseGradient("output", UNITS, 1, workers)));
    network.parameters().forEach(p -> NetworkBuilder.initialise(p, random));
  }

  /** Trains a head on one thread; a pure function of its arguments. */
  static EnrolmentHead trained(Material material, long seed) {
    try (WorkerPool alone = new WorkerPool(1)) {
      EnrolmentHead head = new EnrolmentHead(material, seed, alone);
      head.train();
      return head;
    }
  }

  /**
   * Merges heads into one network whose logit is the mean of theirs: their units side by side, with
   * zero weights between units of different heads.
   */
  static Network mean(List<EnrolmentHead> heads) {
    int count = heads.size();
    int all = UNITS * count;
    int inputs = heads.get(0).inputs;
    float[][] window = new float[inputs][all];
    float[][] hidden = new float[all][all];
    float[][] output = new float[all][1];
    float[][] biases = {new float[all], new float[all], new float[1]};
    for (int h = 0; h < count; h++) {
      List<Layer> layers = heads.get(h).network.trained().layers();
      Dense first = (Dense) layers.get(0);
      Dense second = (Dense) layers.get(2);
      Dense third = (Dense) layers.get(4);
      int at = h * UNITS;
      paste(first, window, 0, at, biases[0]);
      paste(second, hidden, at, at, biases[1]);
      for (int u = 0; u < UNITS; u++) {
        output[at + u][0] = third.weights()[u][0] / count;
      }
      biases[2][0] += third.bias()[0] / count;
    }
    return new Network(
        List.of(
            new Conv1d(window, biases[0], STEPS, 1, STEPS - 1),
            new Activation(Activation.Function.RELU, all),
            new Dense(hidden, biases[1]),
            new Activation(Activation.Function.RELU, all),
            new Dense(output, biases[2]),
            new Activation(Activation.Function.SIGMOID, 1)));
  }

  private static void paste(Dense layer, float[][] to, int row, int column, float[] bias) {
    for (int i = 0; i < layer.inputs(); i++) {
      System.arraycopy(layer.weights()[i], 0, to[row + i], column, layer.outputs());
    }
    System.arraycopy(layer.bias(), 0, bias, column, layer.outputs());
  }

  private void train() {
    List<float[]> values = network.parameters().stream().map(Parameter::value).toList();
    WeightAverage average = new WeightAverage(values, AVERAGING);
    Adam adam = new Adam(network.parameters(), WEIGHT_DECAY);
    LearningRate rate = new LearningRate(RATE, BATCHES / 20, BATCHES, RATE / 100);
    Loss loss = new Loss.CrossEntropy(0);
    for (int batch = 0; batch < BATCHES; batch++) {
      if (batch > 0 && batch % (BATCHES / (MINED + 1)) == 0) {
        average.swap();
        mine();
        average.swap();
      }
      for (int place = 0; place < WINDOWS; place++) {
        labels.data()[place] = fill(place) ? 1f : 0f;
      }
      dropouts.forEach(dropout -> dropout.batch(random.nextLong()));
      network.clearGradients();
      loss.of(network.forward(in, true), labels, weights, gradient);
      network.backward(gradient);
      GradientClipping.byNorm(network.parameters(), CLIP_NORM);
      adam.step(rate.at(batch));
      average.update(batch);
    }
    average.swap();
  }

  /** Fills a place in the batch; returns whether its window ends just after the word. */
  private boolean fill(int place) {
    double draw = random.nextDouble();
    boolean isMined = hard.length > 0 && random.nextDouble() < HARD;
    copyBank(isMined ? hard[random.nextInt(hard.length)] : material.window(random), in, place);
    if (random.nextDouble() < EARLY) {
      int at = place * inputs;
      Arrays.fill(in.data(), at, at + random.nextInt(STEPS) * material.units, 0f);
    }
    if (draw < WORD) {
      pasteWord(drawn(), place);
      return true;
    } else if (draw < WORD + AROUND_WORD) {
      pasteAround(drawn(), place);
    } else if (draw < WORD + AROUND_WORD + HARD_NEGATIVE) {
      pasteFromAny(material.hardNegatives, place);
    } else if (draw < WORD + AROUND_WORD + HARD_NEGATIVE + OTHER_SYNTHETIC) {
      pasteFromAny(material.otherSynthetic, place);
    }
    return false;
  }

  private WordClip drawn() {
    boolean isSynthetic =
        material.words.isEmpty()
            || (!material.synthetic.isEmpty() && random.nextDouble() < SYNTHETIC);
    List<List<WordClip>> from = isSynthetic ? material.synthetic : material.words;
    List<WordClip> variants = from.get(random.nextInt(from.size()));
    return variants.get(random.nextDouble() < UNMODIFIED ? 0 : random.nextInt(variants.size()));
  }

  /** Pastes a word over other speech, sometimes without what is around it. */
  private void pasteWord(WordClip word, int place) {
    int end = Math.min(word.steps.length, word.end + 1 + random.nextInt(LATEST));
    boolean isAfter = random.nextDouble() < AFTER_SPEECH;
    boolean isBefore = random.nextDouble() < BEFORE_SPEECH;
    int from = isAfter ? word.start + random.nextInt(3) : 0;
    int to = isBefore ? word.end + random.nextInt(6) : word.steps.length;
    paste(word.steps, from, to, end, place);
  }

  /** Pastes a window that ends before the middle of a word, or long after it. */
  private void pasteAround(WordClip word, int place) {
    int before = (word.start + word.end) / 2;
    int after = Math.max(0, word.steps.length - word.end - OUT_OF_SIGHT);
    if (before + after > 0) {
      int draw = random.nextInt(before + after);
      int end = draw < before ? draw + 1 : word.end + OUT_OF_SIGHT + draw - before + 1;
      paste(word.steps, 0, word.steps.length, end, place);
    }
  }

  /** Pastes a random window of a random sound, if there is any. */
  private void pasteFromAny(List<float[][]> sounds, int place) {
    if (!sounds.isEmpty()) {
      float[][] steps = sounds.get(random.nextInt(sounds.size()));
      paste(steps, 0, steps.length, 1 + random.nextInt(steps.length), place);
    }
  }

  /** Pastes the window that ends before step {@code end}, as far as it lies in from..to. */
  private void paste(float[][] steps, int from, int to, int end, int place) {
    int units = material.units;
    for (int t = Math.max(from, end - STEPS); t < Math.min(to, end); t++) {
      int at = place * inputs + (t - end + STEPS) * units;
      System.arraycopy(steps[t], 0, in.data(), at, units);
    }
  }

  private void copyBank(int step, SequenceBatch to, int place) {
    System.arraycopy(material.bank, step * material.units, to.data(), place * inputs, inputs);
  }

  /**
   * The logits of windows of the bank.
   *
   * @param from first step of the first window
   * @param every steps from one window to the next
   */
  float[] logits(int from, int every, int count) {
    float[] logits = new float[count];
    for (int at = 0; at < count; at += AT_A_TIME) {
      int some = Math.min(AT_A_TIME, count - at);
      for (int i = 0; i < some; i++) {
        copyBank(from + (at + i) * every, scored, i);
      }
      System.arraycopy(network.forward(scored, false).data(), 0, logits, at, some);
    }
    return logits;
  }

  private record Peak(float logit, int step) {}

  /** Finds the windows of the bank with the highest logits of the current network. */
  private void mine() {
    int steps = material.bank.length / material.units;
    float[] logits = logits(0, EVERY, Math.max(0, (steps - STEPS) / EVERY));
    int together = APART / EVERY;
    List<Peak> peaks = new ArrayList<>();
    for (int from = 0; from + together <= logits.length; from += together) {
      int best =
          IntStream.range(from, from + together)
              .boxed()
              .max(Comparator.comparing(i -> logits[i]))
              .orElseThrow();
      if (material.isLearnt(best * EVERY)) {
        peaks.add(new Peak(logits[best], best * EVERY));
      }
    }
    hard =
        peaks.stream()
            .sorted(Comparator.comparing(Peak::logit).reversed())
            .limit(HARDEST)
            .mapToInt(Peak::step)
            .toArray();
  }
}
