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
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Embeds recordings of a word, and variants with other speakers, rooms and noise. */
final class EnrolmentVariants {
  private static final int VARIANTS = 300; // of all recordings together
  private static final int TRIES = 10; // clips synthesised per wanted variant
  private static final double QUIET_SECONDS = 0.5; // appended, so that the word's end is seen
  private static final float QUIET = 1e-4f; // -80 dB
  private static final double GATED = 0.5; // of the variants
  private static final int NOISE_SECONDS = 10;
  private static final double NOISE_LEVEL = 1500; // of 32768

  private final Encoder encoder;
  private final long seed;
  private final List<Sound> noises;
  private final Recipe recipe;
  private final NoiseGate gate;

  EnrolmentVariants(Encoder encoder, AudioCache sounds, long seed) throws IOException {
    this.encoder = encoder;
    this.seed = seed;
    noises = noises(sounds);
    Recipe.Clips clips = Recipe.Clips.DEFAULT;
    recipe =
        new Recipe(
            new Recipe.Sources("word", List.of(), List.of(), List.of()),
            encoder.features(),
            LayerPlan.COMPACT,
            new Recipe.Clips(
                clips.seconds(), 1, 0, 0, 0, clips.labelSteps(), clips.ignoredSeconds()),
            Recipe.Augmentation.DEFAULT,
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
            SpeechBounds word = sound.speech();
            all.get(i).add(embed(sound.part(0, sound.length()), word.start(), word.end()));
            addVaried(sound, 1 + VARIANTS / recordings.size(), seed + i, all.get(i));
          }
        });
    return all;
  }

  private void addVaried(Sound sound, int count, long clipSeed, List<WordClip> to) {
    ClipSynthesizer clips =
        new ClipSynthesizer(
            recipe, List.of(List.of(sound)), List.of(), List.of(), noises, List.of(), clipSeed);
    for (int number = 0; to.size() < 1 + count && number < TRIES * count; number++) {
      Clip clip = clips.clip(number);
      RandomGenerator random = clips.random(ClipSynthesizer.Purpose.GATING, number);
      if (random.nextDouble() < GATED) {
        gate.apply(clip.samples(), random);
      }
      for (Spoken spoken : clip.spoken()) {
        to.add(embed(clip.samples(), spoken.start(), spoken.end()));
      }
    }
  }

  /** Embeds a clip followed by near-silence. */
  private WordClip embed(float[] samples, int start, int end) {
    int more = (int) (QUIET_SECONDS * encoder.features().sampleRate());
    float[] longer = Arrays.copyOf(samples, samples.length + more);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = samples.length; i < longer.length; i++) {
      longer[i] = (float) (QUIET * random.nextGaussian());
    }
    List<float[]> steps = new ArrayList<>();
    int[] bounds = new int[2];
    encoder
        .start()
        .accept(
            longer,
            (step, known) -> {
              bounds[0] += known <= start ? 1 : 0;
              bounds[1] += known <= end ? 1 : 0;
              steps.add(step.clone());
            });
    return new WordClip(steps.toArray(float[][]::new), bounds[0], bounds[1]);
  }

  /** Noise like that of rooms and machines: white to brown, with a fluctuating level. */
  private List<Sound> noises(AudioCache sounds) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int rate = encoder.features().sampleRate();
    List<Sound> noises = new ArrayList<>();
    for (double pole : new double[] {0, 0.6, 0.9, 0.98}) {
      short[] noise = new short[NOISE_SECONDS * rate];
      double value = 0;
      double level = 0;
      for (int i = 0; i < noise.length; i++) {
        boolean swells = i % (rate / 10) == 0;
        level = swells ? NOISE_LEVEL * Math.exp(0.5 * random.nextGaussian()) : level;
        value = pole * value + Math.sqrt(1 - pole * pole) * random.nextGaussian();
        noise[i] = (short) Math.max(-32768, Math.min(32767, level * value));
      }
      noises.add(sounds.add(Path.of("noise"), List.of(noise)));
    }
    return noises;
  }
}
