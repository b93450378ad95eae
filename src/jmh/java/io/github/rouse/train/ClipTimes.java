// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import io.github.rouse.audio.SpeechBounds;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.train.backprop.Loss;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.TrainingNetwork;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.train.data.ClipSynthesizer;
import io.github.rouse.train.optim.Adam;
import io.github.rouse.train.optim.GradientClipping;
import io.github.rouse.train.recipe.LayerPlan;
import io.github.rouse.train.recipe.Recipe;
import io.github.rouse.trigger.TriggerPolicy;
import java.lang.management.ManagementFactory;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Prints the CPU time that a training of the default network takes for its clips, with their
 * features, and for the network. The recordings are bursts of noise.
 */
public final class ClipTimes {
  private static final int RATE = FeatureSpec.DEFAULT.sampleRate();
  private static final int ROUNDS = 4; // the first only warms up
  private static final int BATCHES = 40; // of a round
  private static final float RATE_OF_LEARNING = 1e-4f;

  private ClipTimes() {}

  /** Measures; no arguments. */
  public static void main(String[] args) {
    Recipe recipe =
        new Recipe(
            new Recipe.Sources("word", List.of(Path.of("word")), List.of(), List.of()),
            FeatureSpec.DEFAULT,
            LayerPlan.COMPACT,
            Recipe.Clips.DEFAULT,
            Recipe.Augmentation.DEFAULT,
            Recipe.Schedule.DEFAULT,
            Recipe.Optimisation.DEFAULT,
            TriggerPolicy.DEFAULT,
            1);
    ClipSynthesizer clips =
        new ClipSynthesizer(
            recipe,
            List.of(List.of(bursts(1, 1))),
            List.of(bursts(600, 2)),
            List.of(),
            List.of(bursts(60, 3)),
            List.of(),
            1);
    try (WorkerPool workers = new WorkerPool(1)) {
      NetworkBuilder builder = new NetworkBuilder(recipe, 1, workers);
      int size = recipe.schedule().batchSize();
      Batch batch = new Batch(recipe, builder, new Teachers(List.of(), List.of()), size);
      TrainingNetwork network = builder.network();
      Adam optimiser = new Adam(network.parameters(), recipe.optimisation().weightDecay());
      SequenceBatch gradient = new SequenceBatch(batch.labels.steps(), size, 1);
      Loss loss = new Loss.CrossEntropy(0);
      int number = 0;
      for (int round = 0; round < ROUNDS; round++) {
        double synthesis = 0;
        double learning = 0;
        for (int i = 0; i < BATCHES; i++, number++) {
          double begun = cpuSeconds();
          batch.fill(clips, (long) number * size, workers);
          double filled = cpuSeconds();
          builder.batch(number);
          network.clearGradients();
          SequenceBatch logits = network.forward(batch.features, true);
          loss.of(logits, batch.labels, batch.weights, gradient);
          network.backward(gradient);
          GradientClipping.byNorm(network.parameters(), recipe.optimisation().clipNorm());
          optimiser.step(RATE_OF_LEARNING);
          learning += cpuSeconds() - filled;
          synthesis += filled - begun;
        }
        if (round > 0) {
          System.out.printf(
              Locale.ROOT,
              "a clip of 5 s: %.2f ms to make, %.2f ms in the network; %.0f %% of the time%n",
              1000 * synthesis / (BATCHES * size),
              1000 * learning / (BATCHES * size),
              100 * synthesis / (synthesis + learning));
        }
      }
    }
  }

  /** Of all threads. */
  private static double cpuSeconds() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        * 1e-9;
  }

  /** Noise with less treble than bass, in bursts like syllables. */
  private static Sound bursts(int seconds, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    short[] samples = new short[seconds * RATE];
    double low = 0;
    for (int i = 0; i < samples.length; i++) {
      low += 0.2 * (random.nextGaussian() - low);
      samples[i] = (short) (i / 3000 % 4 == 3 ? 10 * low : 4000 * low);
    }
    SpeechBounds all = new SpeechBounds(0, samples.length);
    return new Sound(Path.of("bursts"), ShortBuffer.wrap(samples), samples.length, all);
  }
}
