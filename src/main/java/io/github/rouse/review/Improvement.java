// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import io.github.rouse.actions.Marks.MarkedClip;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The next version of a model, whose second look has learnt from the clips that people marked. The
 * first look, the threshold and the calibration stay the same; scores only fall.
 */
public final class Improvement {
  private static final String LEARNT = "learnt from marks"; // provenance

  private final WakeModel model;
  private final List<LessonFigures> figures;

  private Improvement(WakeModel model, List<LessonFigures> figures) {
    this.model = model;
    this.figures = List.copyOf(figures);
  }

  /** The new version. */
  public WakeModel model() {
    return model;
  }

  /** The figures of each word with marks. */
  public List<LessonFigures> figures() {
    return figures;
  }

  /** Why the new version must not be used, in one line with the figures; empty if it may. */
  public Optional<String> refusal() {
    for (LessonFigures one : figures) {
      if (one.isWorse()) {
        return Optional.of("the new version would be worse: " + one);
      }
    }
    boolean better = figures.stream().anyMatch(one -> one.cured() > one.curedBefore());
    return better
        ? Optional.empty()
        : Optional.of("the new version would be no better: " + String.join("; ", texts()));
  }

  private List<String> texts() {
    return figures.stream().map(LessonFigures::toString).toList();
  }

  /**
   * Learns from marks.
   *
   * @param marked clips; those of words that the model lacks are ignored
   * @param people folders with {@link People} files
   * @param problems receives what is wrong with single clips
   * @throws IllegalArgumentException if the model has no second look, or no clip of its words is
   *     marked
   * @throws IOException if a people file cannot be read, or there is none for a word
   */
  public static Improvement of(
      WakeModel model, List<MarkedClip> marked, List<Path> people, Consumer<String> problems)
      throws IOException {
    Verifier verifier =
        model
            .verifier()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        model.name() + ": has no second look, the part that learns from marks"));
    Map<String, List<MarkedClip>> byWord = byWord(model, marked);
    if (byWord.isEmpty()) {
      throw new IllegalArgumentException("no marked clips of " + String.join(", ", model.words()));
    }
    List<Verifier.WordHead> heads = new ArrayList<>(verifier.heads());
    List<WordMarks> lessons = new ArrayList<>();
    for (Map.Entry<String, List<MarkedClip>> entry : byWord.entrySet()) {
      WordMarks marks = WordMarks.of(model, entry.getKey(), entry.getValue(), people, problems);
      lessons.add(marks);
      WordLesson lesson = marks.lesson(heads.get(marks.index()));
      marks.wrong().forEach(example -> lesson.learn(example, marks.right()));
      heads.set(marks.index(), lesson.learnt());
    }
    Verifier learnt = verifier.with(heads);
    List<LessonFigures> figures = new ArrayList<>();
    for (WordMarks marks : lessons) { // of the weights as the file will hold them
      int index = marks.index();
      figures.add(
          marks.figures(
              marks.lesson(verifier.heads().get(index)), marks.lesson(learnt.heads().get(index))));
    }
    WakeModel next = model.withVerifier(learnt);
    Optional<Calibration> calibration = model.calibration(); // scores only fall, so it still bounds
    if (calibration.isPresent()) {
      next = next.withCalibration(calibration.get());
    }
    return new Improvement(next.with(provenance(model, figures)), figures);
  }

  private static Provenance provenance(WakeModel model, List<LessonFigures> figures) {
    String before = model.provenance().facts().get(LEARNT);
    List<String> lessons = new ArrayList<>();
    for (LessonFigures one : figures) {
      lessons.add(one.word() + ": " + one.wrong() + " wrong, " + one.right() + " right");
    }
    String now = String.join("; ", lessons);
    return model.provenance().with(LEARNT, before == null ? now : before + "; then " + now);
  }

  private static Map<String, List<MarkedClip>> byWord(WakeModel model, List<MarkedClip> marked) {
    Map<String, List<MarkedClip>> byWord = new LinkedHashMap<>();
    for (MarkedClip clip : marked) {
      String word = clip.word();
      if (word == null && model.words().size() == 1) {
        word = model.words().get(0);
      }
      if (word != null && model.words().contains(word)) {
        byWord.computeIfAbsent(word, unused -> new ArrayList<>()).add(clip);
      }
    }
    return byWord;
  }
}
