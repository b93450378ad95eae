// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.SpeechBounds;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.train.Batch;
import io.github.rouse.train.NetworkBuilder;
import io.github.rouse.train.Teachers;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.train.data.PhoneLabels.LabelledPhone;
import io.github.rouse.train.data.augment.Power;
import io.github.rouse.train.data.augment.Unvaried;
import io.github.rouse.train.data.augment.VoiceVariation;
import io.github.rouse.train.recipe.LayerPlan;
import io.github.rouse.train.recipe.Recipe;
import io.github.rouse.trigger.TriggerPolicy;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClipSynthesizerTest {
  private static final int RATE = FeatureSpec.PCEN.sampleRate();
  private static final int PLACES = 24; // clips of a batch
  private static final Recipe.Augmentation MASKING =
      new Recipe.Augmentation(
          0, Unvaried.VOICE, 0, Unvaried.NOISE, 0, 0, 1, Recipe.Augmentation.Capture.NEAR);
  private static final Teachers NONE_TEACH = new Teachers(List.of(), List.of());

  /** Half a second of a tone between quarter seconds of silence. */
  private static Sound tone(String name, double hertz) {
    short[] samples = new short[RATE];
    for (int i = RATE / 4; i < RATE * 3 / 4; i++) {
      samples[i] = (short) (10_000 * Math.sin(2 * Math.PI * hertz * i / RATE));
    }
    SpeechBounds speech = new SpeechBounds(RATE / 4, RATE * 3 / 4);
    return new Sound(Path.of(name), ShortBuffer.wrap(samples), samples.length, speech);
  }

  private static Recipe recipe(Recipe.Clips clips) {
    return recipe(clips, Unvaried.CLIP);
  }

  private static Recipe recipe(Recipe.Clips clips, Recipe.Augmentation augmentation) {
    return new Recipe(
        new Recipe.Sources(
            Map.of("word", List.of(Path.of("word"))),
            Map.of("other", List.of(Path.of("other"))),
            List.of(),
            List.of(),
            List.of(),
            List.of()),
        FeatureSpec.PCEN,
        LayerPlan.COMPACT,
        clips,
        augmentation,
        Recipe.Schedule.DEFAULT,
        Recipe.Optimisation.DEFAULT,
        TriggerPolicy.DEFAULT,
        1);
  }

  private static ClipSynthesizer synthesizer(Recipe.Clips clips, List<Sound> hardNegatives) {
    return new ClipSynthesizer(
        recipe(clips),
        List.of(List.of(tone("word", 440)), List.of(tone("other", 880))),
        List.of(tone("negative", 1760)),
        hardNegatives,
        List.of(),
        List.of(),
        1);
  }

  private static double share(float[] samples, int from, int to, double hertz) {
    double re = 0;
    double im = 0;
    double power = 0;
    for (int i = from; i < to; i++) {
      re += samples[i] * Math.cos(2 * Math.PI * hertz * i / RATE);
      im += samples[i] * Math.sin(2 * Math.PI * hertz * i / RATE);
      power += samples[i] * samples[i];
    }
    return 2 * (re * re + im * im) / (power * (to - from));
  }

  @Test
  void aClipReportsWhereItsWordsAre() {
    ClipSynthesizer clips = synthesizer(new Recipe.Clips(5, 2, 2, 0.5, 0, 16, 0.2), List.of());
    Set<Integer> words = new HashSet<>();
    for (int n = 0; n < 50; n++) {
      ClipSynthesizer.Clip clip = clips.clip(n);
      for (ClipSynthesizer.Spoken spoken : clip.spoken()) {
        words.add(spoken.word());
        assertEquals(RATE / 2.0, spoken.end() - spoken.start(), 2);
        double hertz = spoken.word() == 0 ? 440 : 880;
        assertTrue(share(clip.samples(), spoken.start(), spoken.end(), hertz) > 0.95);
      }
      List<Integer> starts =
          clip.spoken().stream().map(ClipSynthesizer.Spoken::start).sorted().toList();
      for (int i = 1; i < starts.size(); i++) {
        assertTrue(starts.get(i) - starts.get(i - 1) > RATE / 2, clip.spoken().toString());
      }
    }
    assertEquals(Set.of(0, 1), words);
  }

  @Test
  void aClipIsAFunctionOfItsNumber() {
    ClipSynthesizer clips = synthesizer(Recipe.Clips.DEFAULT, List.of());
    assertArrayEquals(clips.clip(7).samples(), clips.clip(7).samples());
    assertFalse(Arrays.equals(clips.clip(7).samples(), clips.clip(8).samples()));
  }

  @Test
  void hardNegativesAreDrawnInTheirShare() {
    Recipe.Clips plan = new Recipe.Clips(5, 1, 1, 0, 0.25, 16, 0.2);
    ClipSynthesizer clips = synthesizer(plan, List.of(tone("hard", 3520)));
    int hard = 0;
    int negative = 0;
    for (int n = 0; n < 400; n++) {
      float[] samples = clips.clip(n).samples();
      hard += heard(samples, 3520) ? 1 : 0;
      negative += heard(samples, 1760) ? 1 : 0;
    }
    assertEquals(0.25, (double) hard / (hard + negative), 0.08);
  }

  private static boolean heard(float[] samples, double hertz) {
    double loudest = 0;
    int step = RATE / 20;
    for (int at = 0; at + step <= samples.length; at += step) {
      double power = Power.of(samples, at, at + step);
      loudest = Math.max(loudest, power > 1e-4 ? share(samples, at, at + step, hertz) : 0);
    }
    return loudest > 0.9;
  }

  @Test
  void theStartOfAStatefulClipCountsOnlyAtItsWord() {
    Recipe recipe = recipe(new Recipe.Clips(5, 1, 1, 0, 0, 16, 0.2));
    try (WorkerPool workers = new WorkerPool(1)) {
      Batch batch =
          new Batch(
              recipe,
              new NetworkBuilder(recipe, recipe.sources().recordings().size(), workers),
              NONE_TEACH,
              2);
      batch.fill(synthesizer(recipe.clips(), List.of()), 0, workers);
      float[] before = batch.weights.data().clone();
      batch.hushStarts(new boolean[] {false, true});
      for (int at = 0; at < before.length; at++) {
        boolean second = at / 2 % 2 == 1;
        int step = at / 4;
        boolean ignored = second && step < 22 && batch.labels.data()[at] == 0; // 16 and 0.2 s
        assertEquals(ignored ? 0 : before[at], batch.weights.data()[at], "step " + step);
      }
    }
  }

  @Test
  void labelsAreOnesAfterTheEndAndTheirSurroundingsAreIgnored() {
    Recipe recipe = recipe(new Recipe.Clips(5, 1, 1, 0, 0, 16, 0.2));
    try (WorkerPool workers = new WorkerPool(1)) {
      NetworkBuilder builder =
          new NetworkBuilder(recipe, recipe.sources().recordings().size(), workers);
      Batch batch = new Batch(recipe, builder, NONE_TEACH, PLACES);
      ClipSynthesizer clips = synthesizer(recipe.clips(), List.of());
      batch.fill(clips, 0, workers);
      int labelled = 0;
      for (int place = 0; place < PLACES; place++) {
        List<ClipSynthesizer.Spoken> spoken = clips.clip(place).spoken();
        List<Double> ones = new ArrayList<>(); // seconds at which a step of ones ends
        for (int step = 0; step < batch.labels.steps(); step++) {
          int at = (step * PLACES + place) * 2;
          double second = builder.lastFrame(step) * 0.01 + 0.025;
          if (batch.labels.data()[at] > 0) {
            assertEquals(1, batch.weights.data()[at]);
            ones.add(second);
          } else if (!spoken.isEmpty()) {
            double end = (double) spoken.get(0).end() / RATE;
            double last = end + 16 * 0.03; // of the ones
            boolean edge =
                Math.abs(second - end + 0.2) < 0.03 || Math.abs(second - last - 0.2) < 0.04;
            boolean near = second > end - 0.2 && second < last + 0.2;
            if (!edge) {
              assertEquals(near ? 0 : 1, batch.weights.data()[at], second + " of " + end);
            }
          }
        }
        assertEquals(spoken.isEmpty() ? 0 : 1, ones.isEmpty() ? 0 : 1, "clip " + place);
        if (!spoken.isEmpty()) {
          double end = (double) spoken.get(0).end() / RATE;
          assertEquals(end, ones.get(0), 0.031, ones.toString());
          assertTrue(ones.size() == 16 || end > 4.5, ones.toString());
          labelled++;
        }
      }
      assertTrue(labelled > 5, labelled + " of " + PLACES);
    }
  }

  @Test
  void teachersPosteriorsReplaceLabelsAndCountEverywhere() {
    Recipe recipe = recipe(new Recipe.Clips(5, 1, 1, 0.5, 0, 16, 0.2));
    try (WorkerPool workers = new WorkerPool(1)) {
      NetworkBuilder builder = new NetworkBuilder(recipe, 2, workers);
      List<WakeModel> models =
          List.of(
              untrained(recipe, List.of("another", "word"), workers),
              untrained(recipe.withSeed(2), recipe.words(), workers));
      Recipe masking = recipe(recipe.clips(), MASKING); // applies after the teachers
      Batch taught = new Batch(masking, builder, new Teachers(models, recipe.words()), 2);
      Batch untaught = new Batch(recipe, builder, NONE_TEACH, 2);
      ClipSynthesizer clips = synthesizer(recipe.clips(), List.of());
      taught.fill(clips, 0, workers);
      untaught.fill(clips, 0, workers);
      assertFalse(Arrays.equals(untaught.features.data(), taught.features.data()));
      for (int place = 0; place < 2; place++) {
        float[][] frames = new float[taught.features.steps()][taught.features.width()];
        for (int t = 0; t < frames.length; t++) {
          int at = (t * 2 + place) * frames[t].length;
          System.arraycopy(untaught.features.data(), at, frames[t], 0, frames[t].length);
        }
        float[][] first = models.get(0).network().forward(frames);
        float[][] second = models.get(1).network().forward(frames);
        assertEquals(taught.labels.steps(), first.length);
        for (int step = 0; step < first.length; step++) {
          int at = (step * 2 + place) * 2;
          float mean = (first[step][1] + second[step][0]) / 2;
          assertEquals(mean, taught.labels.data()[at], 1e-5);
          assertEquals(1, taught.weights.data()[at]);
          assertEquals(untaught.labels.data()[at + 1], taught.labels.data()[at + 1]);
          assertEquals(untaught.weights.data()[at + 1], taught.weights.data()[at + 1]);
        }
      }
    }
  }

  private static WakeModel untrained(Recipe recipe, List<String> words, WorkerPool workers) {
    List<Layer> layers =
        new ArrayList<>(
            new NetworkBuilder(recipe, words.size(), workers).network().trained().layers());
    layers.add(new Activation(Activation.Function.SIGMOID, words.size()));
    return new WakeModel(
        "untrained",
        words,
        recipe.features(),
        recipe.policy(),
        new Network(layers),
        Provenance.of("made by a test"));
  }

  @Test
  void phonesAreCutWithTheirRecording() {
    Sound sound =
        tone("x", 440)
            .with(List.of(new LabelledPhone(3, 100, 500), new LabelledPhone(4, 600, 700)));
    assertEquals(List.of(new LabelledPhone(3, 0, 300)), sound.phones(200, 600));
    assertEquals(List.of(new LabelledPhone(3, 0, 100)), sound.stretch(400, 600).phones());
  }

  @Test
  void phonesAreLabelledWithADelayAndUnknownOnesAreIgnored() {
    Recipe recipe = recipe(new Recipe.Clips(5, 1, 1, 0, 0, 16, 0.2));
    List<LabelledPhone> phones = List.of(new LabelledPhone(1, RATE / 4, RATE / 2));
    ClipSynthesizer clips =
        new ClipSynthesizer(
            recipe,
            List.of(List.of(tone("word", 440)), List.of(tone("other", 880))),
            List.of(tone("negative", 1760).with(phones)),
            List.of(),
            List.of(),
            List.of(),
            1);
    try (WorkerPool workers = new WorkerPool(1)) {
      NetworkBuilder builder = new NetworkBuilder(recipe, 4, workers); // two words, two phones
      Batch batch = new Batch(recipe, builder, NONE_TEACH, PLACES);
      batch.fill(clips, 0, workers);
      int labelled = 0;
      for (int place = 0; place < PLACES; place++) {
        ClipSynthesizer.Clip clip = clips.clip(place);
        for (int step = 0; step < batch.labels.steps(); step++) {
          int at = (step * PLACES + place) * 4;
          int heard = (int) ((builder.lastFrame(step) * 0.01 + 0.025 - 0.06) * RATE + 0.5);
          boolean said =
              clip.phones().stream().anyMatch(p -> heard >= p.start() && heard < p.end());
          boolean unknown =
              clip.spoken().stream().anyMatch(w -> heard >= w.start() && heard < w.end());
          assertEquals(0, batch.labels.data()[at + 2]);
          assertEquals(said ? 1 : 0, batch.labels.data()[at + 3], "step " + step);
          boolean outside =
              clip.unlabelled().stream().noneMatch(u -> heard >= u.start() && heard < u.end());
          if (unknown || outside) {
            assertEquals(unknown ? 0 : 0.2f, batch.weights.data()[at + 3], "step " + step);
          }
          labelled += said ? 1 : 0;
        }
      }
      assertTrue(labelled > PLACES, labelled + " steps of a phone");
    }
  }

  @Test
  void aRecordingIsCutAtItsQuietestPlace() {
    short[] samples = new short[RATE];
    java.util.Arrays.fill(samples, (short) 1000);
    java.util.Arrays.fill(samples, 5000, 5160, (short) 10);
    Sound sound =
        new Sound(
            Path.of("x"), ShortBuffer.wrap(samples), RATE, new SpeechBounds(0, samples.length));
    assertEquals(5080, sound.quietest(3400, 6600, 160));
    assertEquals(15_080, sound.quietest(15_000, 20_000, 160));
    assertEquals(80, sound.quietest(-5000, 1000, 160));
  }

  @Test
  void pitchAloneRaisesTheToneAndKeepsTheLength() {
    Recipe.Augmentation.VoicePlan pitch = new Recipe.Augmentation.VoicePlan(0, 0, 0, 0, 0.2, 0);
    float[] tone = tone("x", 440).part(RATE / 4, RATE * 3 / 4);
    double share = 0; // of the power at the new pitch; splices of the time warp cost some
    for (int seed = 0; seed < 50; seed++) {
      double factor = Math.exp(0.2 * third(seed));
      float[] other =
          new VoiceVariation(pitch, RATE)
              .varied(tone, new java.util.SplittableRandom(seed))
              .samples();
      assertEquals(tone.length, other.length, 2);
      share += share(other, 1600, 6400, 440 * factor) / 50;
    }
    assertTrue(share > 0.95, "" + share);
  }

  @Test
  void aTimeWarpMapsPositionsAndStretchesClosures() {
    Recipe.Augmentation.VoicePlan rhythm =
        new Recipe.Augmentation.VoicePlan(0, 0.1, 0.2, 0.5, 0.1, 0);
    float[] said = tone("x", 440).part(RATE / 4 - RATE / 10, RATE * 3 / 4 + RATE / 10);
    int gap = RATE / 10 + RATE / 4; // 50 ms
    Arrays.fill(said, gap, gap + RATE / 20, 0f);
    double shortest = Double.MAX_VALUE;
    double longest = 0;
    for (int seed = 0; seed < 20; seed++) {
      VoiceVariation.Variant other =
          new VoiceVariation(rhythm, RATE).varied(said, new java.util.SplittableRandom(seed));
      int[] places = {RATE / 10, gap, gap + RATE / 20, RATE / 10 + RATE / 2};
      float[] samples = other.samples();
      for (int i = 0; i < places.length; i++) {
        int at = other.place(places[i]);
        int reach = RATE / 25;
        int spoken = i % 2 == 0 ? at + reach : at - 2 * reach;
        assertTrue(Power.of(samples, spoken, spoken + reach) > 1e-3, seed + ", " + i);
      }
      int start = other.place(places[0]);
      assertTrue(Power.of(samples, 0, start - RATE / 20) < 1e-4, "" + seed);
      int closure = other.place(places[2]) - other.place(places[1]);
      shortest = Math.min(shortest, closure);
      longest = Math.max(longest, closure);
    }
    assertTrue(shortest < 0.7 * RATE / 20, "" + shortest);
    assertTrue(longest > 1.7 * RATE / 20, "" + longest);
  }

  /** The random numbers of speed and tempo are drawn before that of pitch. */
  private static double third(int seed) {
    java.util.random.RandomGenerator random = new java.util.SplittableRandom(seed);
    random.nextGaussian();
    random.nextGaussian();
    return random.nextGaussian();
  }
}
