// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.verifier;

import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Network;
import io.github.rouse.train.NetworkBuilder;
import io.github.rouse.train.backprop.AttentionPoolingGradient;
import io.github.rouse.train.backprop.BidirectionalGradient;
import io.github.rouse.train.backprop.DenseGradient;
import io.github.rouse.train.backprop.DropoutGradient;
import io.github.rouse.train.backprop.GruGradient;
import io.github.rouse.train.backprop.Loss;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.TrainingNetwork;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.optim.Adam;
import io.github.rouse.train.optim.GradientClipping;
import io.github.rouse.train.optim.LearningRate;
import io.github.rouse.train.optim.WeightAverage;
import io.github.rouse.train.recipe.Recipe;
import io.github.rouse.train.verifier.WindowSet.EncodedWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/**
 * Trains one head of a verifier: a bidirectional recurrent layer, attention pooling and a dense
 * layer, from the vectors of a window to the logit that it ends just after the word.
 */
final class HeadTrainer {
  private static final float DROPOUT = 0.2f;
  private static final double POSITIVE = 1 / 3.0; // of a batch
  private static final double HARD = 0.6; // of the other windows of a batch, once mined
  private static final double REPLACED = 0.9; // of windows: their beginning is replaced
  private static final double LONGEST_REPLACED = 2 / 3.0; // of one that does not end after the word
  private static final int SEARCHED = 40_000; // windows at a time, for the hardest among them
  private static final int HARDEST = 2000; // windows kept of each search
  private static final double LOWEST_RATE = 0.01; // of the recipe's

  private final WindowSet windows;
  private final Recipe recipe;
  private final int word;
  private final SplittableRandom random;
  private final List<EncodedWindow> positives;
  private final List<EncodedWindow> negatives;
  private final List<DropoutGradient> dropouts;
  private final TrainingNetwork network;
  private final SequenceBatch in;
  private final SequenceBatch labels;
  private final SequenceBatch weights;
  private final SequenceBatch gradient;
  private List<EncodedWindow> hard = List.of();

  /**
   * Prepares a head.
   *
   * @param word its index
   * @throws IllegalArgumentException if no window ends after the word
   */
  HeadTrainer(
      WindowSet windows, Recipe recipe, int word, int units, long seed, WorkerPool workers) {
    this.windows = windows;
    this.recipe = recipe;
    this.word = word;
    random = new SplittableRandom(seed);
    positives = windows.after(word);
    negatives = windows.others(word);
    if (positives.isEmpty() || negatives.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              "%s: %d windows after it, %d others, expected some of both: longer or more clips",
              recipe.words().get(word), positives.size(), negatives.size()));
    }
    int clips = recipe.schedule().batchSize();
    in = new SequenceBatch(windows.steps(), clips, windows.values());
    labels = new SequenceBatch(1, clips, 1);
    weights = new SequenceBatch(1, clips, 1);
    gradient = new SequenceBatch(1, clips, 1);
    Arrays.fill(weights.data(), 1f);
    dropouts =
        List.of(
            new DropoutGradient(DROPOUT, seed, workers),
            new DropoutGradient(DROPOUT, seed + 1, workers));
    int values = windows.values();
    network =
        new TrainingNetwork(
            List.of(
                dropouts.get(0),
                new BidirectionalGradient(
                    new GruGradient("ahead", Gru.Reset.AFTER, values, units, 0, workers),
                    new GruGradient("back", Gru.Reset.AFTER, values, units, 0, workers)),
                dropouts.get(1),
                new AttentionPoolingGradient("pool", 2 * units, units, workers),
                new DenseGradient("output", 2 * units, 1, workers)));
    network.parameters().forEach(p -> NetworkBuilder.initialise(p, random));
  }

  /**
   * Trains; mines the others most like the word after each epoch.
   *
   * @param progress receives the loss of each batch
   * @param stopped whether to stop before the next batch; the head is then of no use
   */
  Network train(DoubleConsumer progress, BooleanSupplier stopped) {
    Recipe.Schedule schedule = recipe.schedule();
    Recipe.Optimisation optimisation = recipe.optimisation();
    Adam adam = new Adam(network.parameters(), optimisation.weightDecay());
    List<float[]> values = new ArrayList<>();
    network.parameters().forEach(p -> values.add(p.value()));
    WeightAverage average = new WeightAverage(values, schedule.averaging());
    int batches = schedule.epochs() * schedule.batches();
    LearningRate rate =
        new LearningRate(
            optimisation.rate(),
            (int) (optimisation.warmUp() * batches),
            batches,
            optimisation.rate() * LOWEST_RATE);
    Loss loss = new Loss.CrossEntropy((float) optimisation.loss().smoothing());
    for (int batch = 0; batch < batches && !stopped.getAsBoolean(); batch++) {
      if (batch > 0 && batch % schedule.batches() == 0) {
        mine();
      }
      draw();
      dropouts.forEach(dropout -> dropout.batch(random.nextLong()));
      network.clearGradients();
      double value = loss.of(network.forward(in, true), labels, weights, gradient);
      network.backward(gradient);
      GradientClipping.byNorm(network.parameters(), optimisation.clipNorm());
      adam.step(rate.at(batch));
      average.update(batch);
      progress.accept(value);
    }
    average.swap();
    return network.trained();
  }

  /**
   * Fills the batch and returns it. Most windows get the end of another window as their beginning,
   * so that a head relies less on the sound before the word: synthesised clips do not have the
   * variety that real speech has there.
   */
  SequenceBatch draw() {
    for (int place = 0; place < in.clips(); place++) {
      boolean positive = random.nextDouble() < POSITIVE;
      List<EncodedWindow> from = positive ? positives : negatives;
      if (!positive && !hard.isEmpty() && random.nextDouble() < HARD) {
        from = hard;
      }
      EncodedWindow window = from.get(random.nextInt(from.size()));
      windows.copy(window, in.data(), place, in.clips());
      if (random.nextDouble() < REPLACED) {
        int replaced =
            positive
                ? windows.stepsBefore(window, word)
                : random.nextInt((int) (LONGEST_REPLACED * windows.steps()) + 1);
        EncodedWindow other = negatives.get(random.nextInt(negatives.size()));
        windows.copyEnd(other, replaced, in.data(), place, in.clips());
      }
      labels.data()[place] = positive ? 1 : 0;
    }
    return in;
  }

  /** Finds the windows most like the word among some that are drawn, beside those found before. */
  private void mine() {
    List<EncodedWindow> drawn = new ArrayList<>(hard);
    while (drawn.size() < Math.min(SEARCHED, negatives.size())) {
      drawn.add(negatives.get(random.nextInt(negatives.size())));
    }
    float[] logits = new float[drawn.size()];
    for (int from = 0; from < logits.length; from += in.clips()) {
      int count = Math.min(in.clips(), logits.length - from);
      for (int i = 0; i < count; i++) {
        windows.copy(drawn.get(from + i), in.data(), i, in.clips());
      }
      SequenceBatch out = network.forward(in, false);
      System.arraycopy(out.data(), 0, logits, from, count);
    }
    hard =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(Comparator.comparing(i -> -logits[i]))
            .map(drawn::get)
            .distinct()
            .limit(HARDEST)
            .toList();
  }
}
