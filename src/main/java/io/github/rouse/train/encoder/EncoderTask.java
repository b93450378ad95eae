// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.encoder;

import io.github.rouse.engine.SpeechEmbedding;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.train.NetworkBuilder;
import io.github.rouse.train.TrainingLoop;
import io.github.rouse.train.backprop.Regression;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.TrainingNetwork;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.NoiseSource;
import io.github.rouse.train.data.augment.Masking;
import io.github.rouse.train.data.augment.Power;
import io.github.rouse.train.data.augment.SoundPath;
import io.github.rouse.train.recipe.EncoderRecipe;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Regression of the teacher's vectors. The encoder hears a clip of a reel in noise, rooms and bands
 * and at other levels; the teacher heard it as it was.
 */
final class EncoderTask implements TrainingLoop.Task {
  private static final long CLIP_SALT = 0x6a09e667f3bcc909L;
  private static final long MASK_SALT = 0x5851f42d4c957f2dL;
  private static final long HELD_OUT_SEED = 0x5eed;
  private static final int HELD_OUT_BATCHES = 4;

  private final EncoderRecipe recipe;
  private final String identity;
  private final List<Reel> trained;
  private final List<Reel> heldOut;
  private final NoiseSource noise;
  private final Standardisation standard;
  private final WorkerPool workers;
  private final NetworkBuilder builder;
  private final SoundPath path;
  private final Masking masking;
  private final Regression loss;
  private final int clipSamples;
  private final int targetSteps; // steps of the encoder from one vector of the teacher to the next
  private final int lead; // samples from a clip's start to the end of its first step
  private final SequenceBatch features; // [frames][clips][bins]
  private final SequenceBatch targets; // [steps][clips][values]
  private final SequenceBatch gradient;

  /**
   * Prepares the task.
   *
   * @param identity of recipe and data
   * @param rooms measured impulse responses
   * @param heldOut reels of speakers that are not trained on; may be empty
   * @param builder of the network; see {@link #check}
   */
  EncoderTask(
      EncoderRecipe recipe,
      NetworkBuilder builder,
      String identity,
      List<Reel> trained,
      List<Reel> heldOut,
      NoiseSource noise,
      List<float[]> rooms,
      Standardisation standard,
      WorkerPool workers) {
    this.recipe = recipe;
    this.identity = identity;
    this.trained = trained;
    this.heldOut = heldOut;
    this.noise = noise;
    this.standard = standard;
    this.workers = workers;
    this.builder = builder;
    FeatureSpec spec = recipe.features();
    path = new SoundPath(recipe.augmentation(), spec.sampleRate(), rooms);
    masking = new Masking(recipe.augmentation());
    loss = new Regression(recipe.clips().cosine());
    targetSteps = SpeechEmbedding.step() / stepSamples(recipe, builder);
    lead = builder.lastFrame(0) * spec.hop() + spec.frameLength();
    clipSamples = clipSamples(recipe);
    int frames = (int) spec.frames(clipSamples);
    int steps = builder.steps(frames);
    int clips = recipe.schedule().batchSize();
    features = new SequenceBatch(frames, clips, spec.bins());
    targets = new SequenceBatch(steps, clips, standard.values());
    gradient = new SequenceBatch(steps, clips, standard.values());
  }

  /**
   * Checks that a network's steps meet the teacher's, which takes hours to listen.
   *
   * @throws IllegalArgumentException if they do not, or a clip is too short for a vector
   */
  static void check(EncoderRecipe recipe, NetworkBuilder builder) {
    int step = stepSamples(recipe, builder);
    if (SpeechEmbedding.step() % step != 0) {
      throw new IllegalArgumentException(
          String.format(
              "network: a step is %d samples long, expected a part of the teacher's %d",
              step, SpeechEmbedding.step()));
    }
    int frames = (int) recipe.features().frames(clipSamples(recipe));
    if (builder.steps(frames) < SpeechEmbedding.step() / step) {
      throw new IllegalArgumentException(
          "clips.seconds=" + recipe.clips().seconds() + ", too short for the network");
    }
  }

  private static int stepSamples(EncoderRecipe recipe, NetworkBuilder builder) {
    return (builder.lastFrame(1) - builder.lastFrame(0)) * recipe.features().hop();
  }

  private static int clipSamples(EncoderRecipe recipe) {
    return (int) (recipe.clips().seconds() * recipe.features().sampleRate());
  }

  @Override
  public TrainingNetwork network() {
    return builder.network();
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public double batch(int number, boolean first) {
    fill(trained, recipe.seed(), (long) number * features.clips());
    mask(recipe.seed(), (long) number * features.clips());
    builder.batch(number);
    SequenceBatch vectors = network().forward(features, true);
    double value = loss.of(vectors, targets, targetSteps, gradient);
    network().backward(gradient);
    return value;
  }

  @Override
  public boolean holdsOut() {
    return !heldOut.isEmpty();
  }

  @Override
  public double heldOutLoss() {
    double sum = 0;
    for (int i = 0; i < HELD_OUT_BATCHES; i++) {
      fill(
          holdsOut() ? heldOut : trained,
          recipe.seed() ^ HELD_OUT_SEED,
          (long) i * features.clips());
      SequenceBatch vectors = network().forward(features, false);
      sum += loss.of(vectors, targets, targetSteps, gradient) / HELD_OUT_BATCHES;
    }
    return sum;
  }

  private static RandomGenerator random(long seed, long number) {
    return new SplittableRandom(new SplittableRandom(seed).nextLong() + number);
  }

  private void fill(List<Reel> reels, long seed, long firstClip) {
    workers.each(
        features.clips(),
        (part, from, to, product) -> {
          Spectrogram spectrogram = new Spectrogram(recipe.features());
          for (int place = from; place < to; place++) {
            fill(place, reels, random(seed ^ CLIP_SALT, firstClip + place), spectrogram);
          }
        });
  }

  private void fill(int place, List<Reel> reels, RandomGenerator random, Spectrogram spectrogram) {
    Reel reel = reels.get(random.nextInt(reels.size()));
    // The first vector whose clip does not begin before the reel, and the last that has a clip.
    long missing = Math.max(0, lead - SpeechEmbedding.end(0)); // samples before the reel
    int first = (int) Math.ceil((double) missing / SpeechEmbedding.step());
    long room = reel.length() - clipSamples + lead - SpeechEmbedding.end(0);
    int last = Math.min((int) (room / SpeechEmbedding.step()), reel.count() - vectors());
    int vector = first + random.nextInt(Math.max(1, last - first + 1));
    float[] clip = new float[clipSamples];
    reel.copy((int) (SpeechEmbedding.end(vector) - lead), clip);
    for (int k = 0; k < vectors(); k++) {
      int at = (k * targetSteps * targets.clips() + place) * targets.width();
      standard.apply(reel.vectors(), (vector + k) * targets.width(), targets.data(), at);
    }
    double power = Power.of(clip, 0, clip.length);
    path.record(clip, power, () -> noise.draw(clip.length, random), random);
    int[] frame = {0};
    spectrogram.reset();
    spectrogram.accept(
        clip,
        0,
        clip.length,
        (values, level) ->
            System.arraycopy(
                values,
                0,
                features.data(),
                (frame[0]++ * features.clips() + place) * values.length,
                values.length));
  }

  /** Vectors of the teacher in a clip. */
  private int vectors() {
    return (targets.steps() + targetSteps - 1) / targetSteps;
  }

  private void mask(long seed, long firstClip) {
    if (recipe.augmentation().masking() == 0) {
      return;
    }
    int bins = features.width();
    float[][] frames = new float[features.steps()][bins];
    for (int place = 0; place < features.clips(); place++) {
      for (int t = 0; t < frames.length; t++) {
        int at = (t * features.clips() + place) * bins;
        System.arraycopy(features.data(), at, frames[t], 0, bins);
      }
      masking.apply(frames, random(seed ^ MASK_SALT, firstClip + place));
      for (int t = 0; t < frames.length; t++) {
        int at = (t * features.clips() + place) * bins;
        System.arraycopy(frames[t], 0, features.data(), at, bins);
      }
    }
  }
}
