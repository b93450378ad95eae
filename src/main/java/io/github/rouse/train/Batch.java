// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import io.github.rouse.audio.SpeechBounds;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.ClipSynthesizer;
import io.github.rouse.train.data.ClipSynthesizer.Clip;
import io.github.rouse.train.data.ClipSynthesizer.Spoken;
import io.github.rouse.train.data.PhoneLabels.LabelledPhone;
import io.github.rouse.train.data.augment.Masking;
import io.github.rouse.train.recipe.Recipe;
import java.util.Arrays;

/** A batch of clips: features, and a label and loss weight per step and output. */
public final class Batch {
  private static final double PHONE_DELAY_SECONDS = 0.06; // decision 009

  private final Recipe recipe;
  private final NetworkBuilder timing;
  private final Teachers teachers;
  private final Masking masking;
  private final int frames;
  private final int firstPhone; // index of the first phone output
  public final SequenceBatch features; // [frames][clips][bins]
  public final SequenceBatch labels; // [steps][clips][outputs]
  public final SequenceBatch weights; // [steps][clips][outputs]; 0 where the label is unknown

  public Batch(Recipe recipe, NetworkBuilder timing, Teachers teachers, int clips) {
    this.recipe = recipe;
    this.timing = timing;
    this.teachers = teachers;
    FeatureSpec spec = recipe.features();
    masking = new Masking(recipe.augmentation());
    frames = (int) spec.frames((long) (recipe.clips().seconds() * spec.sampleRate()));
    int steps = timing.steps(frames);
    if (steps < 1) {
      throw new IllegalArgumentException(
          "clips.seconds=" + recipe.clips().seconds() + ", too short for the network");
    }
    if (recipe.clips().labelSteps() >= steps) {
      throw new IllegalArgumentException(
          "clips.labelSteps="
              + recipe.clips().labelSteps()
              + ", but a clip has "
              + steps
              + " steps");
    }
    features = new SequenceBatch(frames, clips, spec.bins());
    labels = new SequenceBatch(steps, clips, timing.outputs());
    weights = new SequenceBatch(steps, clips, timing.outputs());
    firstPhone = recipe.sources().recordings().size();
  }

  /** Fills the batch with consecutive clips of the synthesizer, from number {@code first} on. */
  public void fill(ClipSynthesizer synthesizer, long first, WorkerPool workers) {
    workers.each(
        features.clips(),
        (part, from, to, product) -> {
          Spectrogram spectrogram = new Spectrogram(recipe.features());
          Teachers.Lesson lesson = teachers.start();
          for (int place = from; place < to; place++) {
            fill(place, synthesizer.clip(first + place), spectrogram);
            teach(place, lesson);
          }
        });
    if (recipe.augmentation().masking() > 0) {
      for (int place = 0; place < features.clips(); place++) {
        mask(place, synthesizer, first + place);
      }
    }
  }

  private void fill(int place, Clip clip, Spectrogram spectrogram) {
    int[] frame = {0};
    spectrogram.reset();
    spectrogram.accept(
        clip.samples(),
        0,
        clip.samples().length,
        (values, level) ->
            System.arraycopy(
                values,
                0,
                features.data(),
                (frame[0]++ * features.clips() + place) * values.length,
                values.length));
    for (int step = 0; step < labels.steps(); step++) {
      int at = (step * labels.clips() + place) * labels.width();
      Arrays.fill(labels.data(), at, at + labels.width(), 0f);
      Arrays.fill(weights.data(), at, at + firstPhone, 1f);
      float phoneWeight = (float) recipe.optimisation().loss().phoneWeight();
      Arrays.fill(weights.data(), at + firstPhone, at + labels.width(), phoneWeight);
    }
    labelPhones(place, clip);
    clip.spoken().forEach(spoken -> label(place, spoken));
  }

  /** Labels each step with the phone spoken 60 ms earlier: a causal network needs the delay. */
  private void labelPhones(int place, Clip clip) {
    if (firstPhone == labels.width()) {
      return;
    }
    FeatureSpec spec = recipe.features();
    int delay = (int) (PHONE_DELAY_SECONDS * spec.sampleRate());
    for (int step = 0; step < labels.steps(); step++) {
      long sample = (long) timing.lastFrame(step) * spec.hop() + spec.frameLength() - delay;
      int at = (step * labels.clips() + place) * labels.width() + firstPhone;
      for (LabelledPhone phone : clip.phones()) {
        if (sample >= phone.start() && sample < phone.end()) {
          labels.data()[at + phone.number()] = 1f;
        }
      }
      for (SpeechBounds unknown : clip.unlabelled()) {
        if (sample >= unknown.start() && sample < unknown.end()) {
          Arrays.fill(weights.data(), at, at + labels.width() - firstPhone, 0f);
        }
      }
    }
  }

  /**
   * Labels a word: ones from the first step after its end. Steps just before and after the ones do
   * not count in the loss.
   */
  private void label(int place, Spoken spoken) {
    FeatureSpec spec = recipe.features();
    double ignored = recipe.clips().ignoredSeconds() * spec.sampleRate();
    long from = (long) Math.max((spoken.start() + spoken.end()) / 2.0, spoken.end() - ignored);
    int ones = 0;
    double ignoredUntil = 0;
    for (int step = 0; step < labels.steps(); step++) {
      long known = (long) timing.lastFrame(step) * spec.hop() + spec.frameLength();
      int at = (step * labels.clips() + place) * labels.width() + spoken.word();
      if (known > spoken.end() && ones < recipe.clips().labelSteps()) {
        labels.data()[at] = 1f;
        weights.data()[at] = (float) recipe.optimisation().loss().positiveWeight();
        ones++;
        ignoredUntil = known + ignored;
      } else if (known > from && (known <= spoken.end() || known <= ignoredUntil)) {
        weights.data()[at] *= labels.data()[at];
      }
    }
  }

  /** Replaces the words' labels by the teachers' posteriors; every step counts in the loss. */
  private void teach(int place, Teachers.Lesson lesson) {
    if (teachers.isEmpty()) {
      return;
    }
    int words = recipe.words().size();
    float[][] posteriors = lesson.posteriors(frames(place));
    for (int step = 0; step < posteriors.length; step++) {
      int at = (step * labels.clips() + place) * labels.width();
      System.arraycopy(posteriors[step], 0, labels.data(), at, words);
      Arrays.fill(weights.data(), at, at + words, 1f);
    }
  }

  /**
   * Excludes the start of the stateful clips from the loss: their recurrent state may come from
   * just after a word. The excluded span is as long as the ones and the ignored steps after them.
   *
   * @param stateful whether a clip starts in the state left by the previous one, [clips]
   */
  public void hushStarts(boolean[] stateful) {
    FeatureSpec spec = recipe.features();
    double ignored = recipe.clips().ignoredSeconds() * spec.sampleRate() / spec.hop();
    int steps = recipe.clips().labelSteps() + timing.steps((int) ignored);
    int values = Math.min(steps, weights.steps()) * weights.clips() * weights.width();
    for (int at = 0; at < values; at++) {
      weights.data()[at] *=
          stateful[at / weights.width() % weights.clips()] ? labels.data()[at] : 1;
    }
  }

  /** Keeps only the first {@code words} outputs in the loss. */
  void weighOnly(int words) {
    for (int i = 0; i < weights.data().length; i++) {
      weights.data()[i] *= i % weights.width() < words ? 1 : 0;
    }
  }

  private void mask(int place, ClipSynthesizer synthesizer, long number) {
    int bins = features.width();
    float[][] copy = frames(place);
    masking.apply(copy, synthesizer.random(ClipSynthesizer.Purpose.MASKING, number));
    for (int t = 0; t < frames; t++) {
      System.arraycopy(copy[t], 0, features.data(), (t * features.clips() + place) * bins, bins);
    }
  }

  /** A copy of one clip's features, [frames][bins]. */
  private float[][] frames(int place) {
    int bins = features.width();
    float[][] copy = new float[frames][bins];
    for (int t = 0; t < frames; t++) {
      System.arraycopy(features.data(), (t * features.clips() + place) * bins, copy[t], 0, bins);
    }
    return copy;
  }
}
