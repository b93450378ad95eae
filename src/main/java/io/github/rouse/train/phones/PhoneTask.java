// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.phones;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.nn.Network;
import io.github.rouse.train.NetworkBuilder;
import io.github.rouse.train.TrainingLoop;
import io.github.rouse.train.backprop.Ctc;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.TrainingNetwork;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.NoiseSource;
import io.github.rouse.train.data.augment.Power;
import io.github.rouse.train.data.augment.SoundPath;
import io.github.rouse.train.data.augment.VoiceVariation;
import io.github.rouse.train.recipe.PhoneRecipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Connectionist temporal classification of clips that are filled with utterances one after another,
 * heard in noise, rooms and bands.
 */
final class PhoneTask implements TrainingLoop.Task {
  private static final long CLIP_SALT = 0x6a09e667f3bcc909L;
  private static final long HELD_OUT_SEED = 0x5eed;
  private static final int HELD_OUT_BATCHES = 6;
  private static final double POWER = 2.5e-3; // -26 dB: usual speech level
  private static final double POWER_SPREAD = 0.4; // standard deviation, decades: 4 dB
  private static final double VARIED = 0.5; // of the utterances
  private static final int ATTEMPTS = 4; // at an utterance that still fits

  private final PhoneRecipe recipe;
  private final FeatureSpec spec;
  private final String identity;
  private final List<List<Said>> trained;
  private final List<List<Said>> heldOut;
  private final NoiseSource noise;
  private final WorkerPool workers;
  private final Network encoder; // does not learn
  private final NetworkBuilder builder;
  private final SoundPath path;
  private final VoiceVariation voice;
  private final Ctc loss;
  private final int clipSamples;
  private final SequenceBatch vectors; // of the encoder, [steps][clips][values]
  private final int[][] labels; // [clips]
  private final SequenceBatch gradient;

  /**
   * Prepares the task.
   *
   * @param encoder the layers below, which stay as they are
   * @param builder of a network above the encoder with one output for each phone, and one for the
   *     blank
   * @param identity of recipe and data
   * @param trained lists, each drawn from as often
   * @param heldOut of speakers that are not trained on; may be empty
   * @param rooms measured impulse responses
   */
  PhoneTask(
      PhoneRecipe recipe,
      FeatureSpec spec,
      Network encoder,
      NetworkBuilder builder,
      int phones,
      String identity,
      List<List<Said>> trained,
      List<List<Said>> heldOut,
      NoiseSource noise,
      List<float[]> rooms,
      WorkerPool workers) {
    this.recipe = recipe;
    this.spec = spec;
    this.encoder = encoder;
    this.builder = builder;
    this.identity = identity;
    this.trained = trained;
    this.heldOut = heldOut;
    this.noise = noise;
    this.workers = workers;
    path = new SoundPath(recipe.augmentation(), spec.sampleRate(), rooms);
    voice = new VoiceVariation(recipe.augmentation().voice(), spec.sampleRate());
    loss = new Ctc(phones);
    clipSamples = (int) (recipe.clips().seconds() * spec.sampleRate());
    int clips = recipe.schedule().batchSize();
    int frames = (int) spec.frames(clipSamples);
    int steps = encoderSteps(frames);
    vectors = new SequenceBatch(steps, clips, encoder.outputs());
    labels = new int[clips][];
    gradient = new SequenceBatch(builder.steps(steps), clips, phones + 1);
  }

  private int encoderSteps(int frames) {
    int first = encoder.firstStepFrames();
    return frames < first ? 0 : (frames - first) / encoder.stride() + 1;
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
    fill(trained, recipe.seed(), (long) number * labels.length);
    builder.batch(number);
    double value = loss.of(network().forward(vectors, true), labels, gradient, workers);
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
      fill(holdsOut() ? heldOut : trained, recipe.seed() ^ HELD_OUT_SEED, (long) i * labels.length);
      sum += loss.of(network().forward(vectors, false), labels, gradient, workers);
    }
    return sum / HELD_OUT_BATCHES;
  }

  private static RandomGenerator random(long seed, long number) {
    return new SplittableRandom(new SplittableRandom(seed).nextLong() + number);
  }

  private void fill(List<List<Said>> lists, long seed, long firstClip) {
    workers.each(
        labels.length,
        (part, from, to, product) -> {
          Spectrogram spectrogram = new Spectrogram(spec);
          for (int place = from; place < to; place++) {
            RandomGenerator random = random(seed ^ CLIP_SALT, firstClip + place);
            float[] clip = new float[clipSamples];
            labels[place] = said(clip, lists, random);
            double power = Power.of(clip, 0, clip.length);
            path.record(clip, power, () -> noise.draw(clip.length, random), random);
            store(clip, place, spectrogram);
          }
        });
  }

  private void store(float[] clip, int place, Spectrogram spectrogram) {
    List<float[]> frames = new ArrayList<>();
    spectrogram.reset();
    spectrogram.accept(clip, 0, clip.length, (values, level) -> frames.add(values.clone()));
    float[][] steps = encoder.forward(frames.toArray(float[][]::new));
    for (int step = 0; step < steps.length; step++) {
      int at = (step * vectors.clips() + place) * vectors.width();
      System.arraycopy(steps[step], 0, vectors.data(), at, vectors.width());
    }
  }

  /** Fills a clip with utterances; returns their phones. */
  private int[] said(float[] clip, List<List<Said>> lists, RandomGenerator random) {
    int pause = (int) (recipe.clips().pause() * spec.sampleRate());
    int[] phones = new int[0];
    int at = random.nextInt(pause + 1);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      List<Said> list = lists.get(random.nextInt(lists.size()));
      Said utterance = list.get(random.nextInt(list.size()));
      float[] samples = utterance.sound().part(utterance.from(), utterance.to());
      if (random.nextDouble() < VARIED && at + samples.length < clip.length) {
        samples = voice.varied(samples, random).samples();
      }
      int steps = builder.steps(encoderSteps((int) spec.frames(samples.length)));
      if (at + samples.length > clip.length || Ctc.leastSteps(utterance.phones()) > steps) {
        continue;
      }
      add(samples, clip, at, random);
      at += samples.length + random.nextInt(pause + 1);
      int before = phones.length;
      phones = Arrays.copyOf(phones, before + utterance.phones().length);
      System.arraycopy(utterance.phones(), 0, phones, before, utterance.phones().length);
      attempt = 0;
    }
    return phones;
  }

  private void add(float[] samples, float[] clip, int at, RandomGenerator random) {
    double wanted = POWER * Math.pow(10, POWER_SPREAD * random.nextGaussian());
    double power = Power.of(samples, 0, samples.length);
    float scale = (float) Math.sqrt(wanted / Math.max(1e-10, power));
    int fade = Math.max(1, Math.min(samples.length / 2, spec.sampleRate() / 200));
    for (int i = 0; i < samples.length; i++) {
      float edge = Math.min(1f, Math.min(i, samples.length - 1 - i) / (float) fade);
      clip[at + i] = Math.max(-1f, Math.min(1f, samples[i] * scale * edge));
    }
  }
}
