// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.audio.SpeechBounds;
import io.github.rouse.enrol.EnrolmentHead.WordClip;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.AudioCache;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.train.data.ClipSynthesizer;
import io.github.rouse.train.data.ClipSynthesizer.Clip;
import io.github.rouse.train.data.ClipSynthesizer.Spoken;
import io.github.rouse.train.data.augment.NoiseGate;
import io.github.rouse.train.recipe.LayerPlan;
import io.github.rouse.train.recipe.Recipe;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Embeds recordings of a word, and variants with other speakers, rooms, bands and noise. */
final class EnrolmentVariants {
  private static final int VARIANTS = 100; // of all recordings together
  private static final int FEWEST = 2; // of each
  private static final int TRIES = 10; // clips synthesised per wanted variant
  private static final double LEAD_SECONDS = 2.2; // before an unmodified recording: a window
  private static final double QUIET_SECONDS = 0.4; // appended, so that the word's end is seen
  private static final float QUIET = 1e-4f; // -80 dB
  private static final double GATED = 0.3; // of the variants
  private static final Recipe.Clips CLIPS = new Recipe.Clips(4, 2, 0, 0, 0, 1, 0);
  private static final Recipe.Augmentation AUGMENTATION =
      new Recipe.Augmentation(
          20,
          new Recipe.Augmentation.VoicePlan(0.09, 0.15, 0.15, 0.3, 0.15, 0.1),
          0.4,
          new Recipe.Augmentation.NoisePlan(0.7, 0, 25, 0),
          0.4,
          0.1,
          0,
          new Recipe.Augmentation.Capture(0.15, 0.25, 0.2));

  private final Encoder encoder;
  private final long seed;
  private final List<Sound> noises;
  private final Recipe recipe;
  private final NoiseGate gate;

  EnrolmentVariants(Encoder encoder, AudioCache sounds, long seed) throws IOException {
    this.encoder = encoder;
    this.seed = seed;
    noises = new ArrayList<>();
    for (short[] noise : SyntheticNoise.of(encoder.features().sampleRate(), seed)) {
      noises.add(sounds.add(Path.of("noise"), List.of(noise)));
    }
    recipe =
        new Recipe(
            new Recipe.Sources("word", List.of(), List.of(), List.of()),
            encoder.features(),
            LayerPlan.COMPACT,
            CLIPS,
            AUGMENTATION,
            Recipe.Schedule.DEFAULT,
            Recipe.Optimisation.DEFAULT,
            TriggerPolicy.DEFAULT,
            seed);
    gate = new NoiseGate(encoder.features().sampleRate());
  }

  /** By recording: the original first, then its variants. */
  List<List<WordClip>> of(List<Sound> recordings, WorkerPool workers) {
    List<List<WordClip>> all = new ArrayList<>();
    recordings.forEach(sound -> all.add(new ArrayList<>()));
    workers.each(
        recordings.size(),
        (part, from, to, product) -> {
          for (int i = from; i < to; i++) {
            Sound sound = recordings.get(i);
            all.get(i).add(unmodified(sound));
            addVaried(sound, Math.max(FEWEST, VARIANTS / recordings.size()), seed + i, all.get(i));
          }
        });
    return all;
  }

  private WordClip unmodified(Sound sound) {
    int lead = (int) (LEAD_SECONDS * encoder.features().sampleRate());
    float[] samples = quiet(lead + sound.length());
    sound.copy(0, samples, lead, sound.length());
    SpeechBounds word = sound.speech();
    return clip(samples, List.of(new Spoken(0, lead + word.start(), lead + word.end()))).get(0);
  }

  private void addVaried(Sound sound, int count, long clipSeed, List<WordClip> to) {
    ClipSynthesizer clips =
        new ClipSynthesizer(
            recipe, List.of(List.of(sound)), List.of(), List.of(), noises, List.of(), clipSeed);
    for (int number = 0; to.size() < 1 + count && number < TRIES * count; number++) {
      Clip clip = clips.clip(number);
      if (!clip.spoken().isEmpty()) {
        float[] samples = quiet(clip.samples().length);
        System.arraycopy(clip.samples(), 0, samples, 0, clip.samples().length);
        RandomGenerator random = clips.random(ClipSynthesizer.Purpose.GATING, number);
        if (random.nextDouble() < GATED) {
          gate.apply(samples, random);
        }
        to.addAll(clip(samples, clip.spoken()));
      }
    }
  }

  private List<WordClip> clip(float[] samples, List<Spoken> words) {
    float[][] steps = encoder.embed(samples);
    return words.stream()
        .map(
            word ->
                new WordClip(
                    steps,
                    encoder.stepsUntil(word.start()),
                    encoder.stepsUntil(word.end()),
                    WordClip.OWN_VOICE))
        .toList();
  }

  /** Near-silence, longer than a number of samples. */
  private float[] quiet(int length) {
    return nearSilence(length + (int) (QUIET_SECONDS * encoder.features().sampleRate()), seed);
  }

  /** Samples of near-silence. */
  static float[] nearSilence(int length, long seed) {
    float[] samples = new float[length];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (QUIET * random.nextGaussian());
    }
    return samples;
  }
}
