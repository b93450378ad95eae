// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import io.github.rouse.actions.Marks.MarkedClip;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleCollector;
import io.github.rouse.file.Problem;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.review.WordLesson.MarkedSound;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The marked clips of one word, as a model's second look sees them.
 *
 * @param index of the word in the model
 * @param right clips with the word
 * @param wrong clips that only sound like it
 * @param threshold below which the wrong ones must fall
 * @param modelThreshold the model's own threshold
 */
record WordMarks(
    String word,
    int index,
    List<MarkedSound> right,
    List<MarkedSound> wrong,
    People people,
    float threshold,
    float modelThreshold) {
  private static final int FEWEST_RIGHT = 10; // clips, without a people file
  private static final float LEAST_LEFT = 0.4f; // of a score, by other frames
  private static final double JUST_BELOW = 0.99; // so that what is marked is an event
  private static final double AROUND_SECONDS = 1; // of the decision, where the mistake is

  /**
   * Reads the clips of a word.
   *
   * @throws IOException if there is neither a people file nor enough right clips
   */
  static WordMarks of(
      WakeModel model,
      String word,
      List<MarkedClip> clips,
      List<Path> folders,
      Consumer<String> problems)
      throws IOException {
    List<MarkedSound> right = new ArrayList<>();
    List<MarkedSound> wrong = new ArrayList<>();
    float modelThreshold = model.threshold(word);
    float threshold = modelThreshold;
    int index = model.words().indexOf(word);
    for (MarkedClip clip : clips) {
      try {
        MarkedSound example = example(model, word, clip);
        (clip.isRight() ? right : wrong).add(example);
        threshold = Math.min(threshold, targetThreshold(modelThreshold, example, clip));
      } catch (IOException e) {
        problems.accept(Problem.describe(e));
      }
    }
    People people = People.find(model, word, folders);
    if (people == null) {
      people = speakers(word, right);
    }
    return new WordMarks(word, index, right, wrong, people, threshold, modelThreshold);
  }

  /**
   * The threshold that a mark calls for: one below the score that the listener saw, or, for a
   * mistake, just below its score now. The score depends on where the frames begin, so it may be
   * lower now; if it is much lower, the model has already learnt the clip. Infinite if the model's
   * threshold will do.
   */
  private static float targetThreshold(float modelThreshold, MarkedSound example, MarkedClip clip) {
    float again =
        (float)
            example.variations().get(0).stream()
                .mapToDouble(c -> JUST_BELOW * c.score())
                .max()
                .orElse(0);
    float least = LEAST_LEFT * clip.score();
    if (clip.score() < modelThreshold) {
      return Math.min(clip.score(), Math.max(again, least)); // the listener's threshold was lower
    }
    boolean isLearnt = Float.isNaN(clip.score()) || again < least; // or its score is unknown
    return clip.isRight() || isLearnt ? Float.POSITIVE_INFINITY : again;
  }

  /** The speakers of the right clips, for a word without a people file. */
  private static People speakers(String word, List<MarkedSound> right) throws IOException {
    List<Candidate> said = new ArrayList<>();
    for (MarkedSound example : right) {
      for (List<Candidate> variation : example.variations()) {
        variation.stream().max(Comparator.comparing(Candidate::second)).ifPresent(said::add);
      }
    }
    if (right.size() < FEWEST_RIGHT) {
      throw new IOException(
          String.format(
              "%s: this model has no utterances of other people to check against; mark at least %d"
                  + " clips right",
              word, FEWEST_RIGHT));
    }
    return new People(
        "",
        People.spreads(said.stream().map(Candidate::views).toList()),
        said.stream().map(c -> new People.SaidWord(c.first(), c.views())).toList());
  }

  WordLesson lesson(Verifier.WordHead head) {
    return new WordLesson(head, people, threshold, modelThreshold);
  }

  /** Compares two versions of the word's heads. */
  LessonFigures figures(WordLesson before, WordLesson after) {
    float strictest =
        lost(before, after, modelThreshold) >= lost(before, after, threshold)
            ? modelThreshold
            : threshold;
    return new LessonFigures(
        word,
        wrong.size(),
        count(wrong, before::isRejected),
        count(wrong, after::isRejected),
        right.size(),
        count(right, before::isDetected),
        count(right, after::isDetected),
        before.peopleCount(),
        before.peopleFound(strictest),
        after.peopleFound(strictest));
  }

  private static int lost(WordLesson before, WordLesson after, float threshold) {
    return before.peopleFound(threshold) - after.peopleFound(threshold);
  }

  private static int count(List<MarkedSound> examples, Predicate<MarkedSound> counted) {
    return (int) examples.stream().filter(counted).count();
  }

  private static MarkedSound example(WakeModel model, String word, MarkedClip clip)
      throws IOException {
    int rate = model.features().sampleRate();
    int index = model.words().indexOf(word);
    float[] samples = samples(clip.file(), rate);
    List<List<Candidate>> variations = new ArrayList<>();
    for (float[] varied : Variations.of(samples, 1)) {
      List<Candidate> all =
          Candidate.of(model, varied).stream().filter(c -> c.word() == index).toList();
      int left = samples.length - varied.length;
      double decision = clip.at() * rate - left;
      List<Candidate> near =
          all.stream().filter(c -> Math.abs(c.at() - decision) < AROUND_SECONDS * rate).toList();
      variations.add(Double.isNaN(clip.at()) ? all : near);
    }
    return new MarkedSound(variations);
  }

  static float[] samples(Path file, int rate) throws IOException {
    SampleCollector sound = new SampleCollector();
    try (AudioFile audio = AudioFile.open(file)) {
      Resampler resampler = new Resampler(audio.sampleRate(), rate);
      audio.play(
          Channel.AUTO, (samples, from, length) -> resampler.accept(samples, from, length, sound));
      resampler.finish(sound);
    }
    return sound.samples();
  }
}
