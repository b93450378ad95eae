// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.AttentionPooling;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Network;
import io.github.rouse.review.WordLesson.MarkedSound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearntVerifierTest {
  private static final float THRESHOLD = 0.5f;

  @TempDir Path folder;
  private final Random random = new Random(9);

  private static WakeModel jarvis() throws IOException {
    return WakeModel.read(Path.of("models/jarvis.onnx"));
  }

  /** The shipped word's heads with a corrector each that fires on half of what there is. */
  static Verifier learnt(Random random, Verifier verifier) {
    Verifier.WordHead word = verifier.heads().get(0);
    List<Network> networks = new ArrayList<>();
    for (Network network : word.networks()) {
      LearntHead head = LearntHead.of(network);
      float[] direction = new float[head.base().inputs()];
      for (int i = 0; i < direction.length; i++) {
        direction[i] = (float) random.nextGaussian();
      }
      networks.add(head.with(new LearntHead.Corrector(direction, 0), 4).network());
    }
    return verifier.with(List.of(new Verifier.WordHead(networks, word.level(), word.share())));
  }

  @Test
  void bodyAndBaseStayToTheBit() throws IOException {
    Verifier before = jarvis().verifier().orElseThrow();
    Verifier after = learnt(random, before);
    assertEquals(People.headsOf(before, 0), People.headsOf(after, 0));
    for (int n = 0; n < 3; n++) {
      LearntHead old = LearntHead.of(before.heads().get(0).networks().get(n));
      LearntHead read = LearntHead.of(after.heads().get(0).networks().get(n));
      for (int i = 0; i < old.base().inputs(); i++) {
        assertEquals(old.base().weights()[i][0], read.base().weights()[i][0], 0);
      }
      assertEquals(4, read.cap(), 0);
    }
  }

  /** What a lesson learns from is what the detector heard. */
  @Test
  void viewsGiveTheSecondLooksScore() throws IOException {
    WakeModel model = jarvis();
    float[] samples =
        WordMarks.samples(Path.of("audio-samples/three-words.ogg"), model.features().sampleRate());
    List<Candidate> candidates = Candidate.of(model, samples);
    assertFalse(candidates.isEmpty());
    for (Candidate candidate : candidates) {
      List<Network> heads = model.verifier().orElseThrow().heads().get(0).networks();
      double logit = 0;
      float[][] views = candidate.views();
      for (int n = 0; n < views.length; n++) {
        logit += LearntHead.of(heads.get(n % heads.size())).logit(views[n]) / views.length;
      }
      assertEquals(candidate.second(), 1 / (1 + Math.exp(-logit)), 1e-4, "at " + candidate.at());
    }
  }

  @Test
  void eachShippedWordHasPeople() throws IOException {
    WakeModel all = WakeModel.read(Path.of("models/multi/words.onnx"));
    for (String word : all.words()) {
      WakeModel one = WakeModel.read(Path.of("models").resolve(word + ".onnx"));
      for (WakeModel model : List.of(all, one)) {
        People people = People.find(model, word, List.of(Path.of("models/people")));
        assertTrue(people.voices().size() > 40, word);
      }
      assertTrue(Files.size(Path.of("models/people").resolve(word + ".people")) < 40_000, word);
    }
  }

  private People people(int count) {
    List<People.SaidWord> voices = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      voices.add(new People.SaidWord(0.9f, new float[][] {view(0), view(0)}));
    }
    List<float[][]> views = voices.stream().map(People.SaidWord::views).toList();
    return new People("heads", People.spreads(views), voices);
  }

  private float[] view(double first) {
    float[] view = new float[6];
    for (int i = 0; i < view.length; i++) {
      view[i] = (float) ((i == 0 ? first : 0) + 0.1 * random.nextGaussian());
    }
    return view;
  }

  @Test
  void aFileKeepsPeople() throws IOException {
    People people = people(12);
    Path file = folder.resolve("nova.people");
    people.write(file);
    People read = People.read(file);
    for (int n = 0; n < 12; n++) {
      assertEquals(0.9f, read.voices().get(n).first(), 0);
      for (int i = 0; i < 6; i++) {
        float value = people.voices().get(n).views()[1][i];
        assertEquals(value, read.voices().get(n).views()[1][i], 0.004);
      }
    }
    byte[] bytes = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, 8, 20, bytes.length - 1}) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThrows(IOException.class, () -> People.read(file), () -> "length " + length);
    }
  }

  /** A lesson of two heads, whose base says yes to all. */
  private WordLesson lesson(People people) {
    Network head =
        new Network(
            List.of(
                new AttentionPooling(new float[6][1], new float[1], new float[1]),
                new Dense(new float[6][1], new float[] {2})));
    Verifier.WordHead word = new Verifier.WordHead(List.of(head, head), 0.05f, 0.5f);
    return new WordLesson(word, people, THRESHOLD, 0.7f);
  }

  private MarkedSound example(double first) {
    List<List<Candidate>> variations = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      variations.add(
          List.of(
              new Candidate(0, 100, 0.9f, 0.9f, 0.9f, new float[][] {view(first), view(first)})));
    }
    return new MarkedSound(variations);
  }

  @Test
  void aMistakeUnlikePeopleIsLearnt() {
    WordLesson lesson = lesson(people(60));
    MarkedSound wrong = example(1);
    assertTrue(lesson.isDetected(wrong));
    assertTrue(lesson.learn(wrong, List.of()));
    assertTrue(lesson.isRejected(wrong));
    assertEquals(60, lesson.peopleFound(THRESHOLD));
    assertEquals(60, lesson.peopleFound(0.7f));
    assertTrue(lesson.isRejected(example(1))); // the same talk another time
    assertTrue(lesson.isDetected(example(0)));
    assertTrue(lesson.isDetected(example(-1)));
  }

  @Test
  void whatPeopleSayIsNotLearnt() {
    WordLesson lesson = lesson(people(60));
    MarkedSound wrong = example(0);
    lesson.learn(wrong, List.of());
    assertEquals(60, lesson.peopleFound(THRESHOLD));
    assertTrue(lesson.isDetected(wrong));
  }

  @Test
  void aRightClipLikeAMistakeStaysFound() {
    WordLesson lesson = lesson(people(60));
    MarkedSound right = example(1);
    lesson.learn(example(1), List.of(right));
    assertTrue(lesson.isDetected(right));
  }

  @Test
  void aVersionThatLosesPeopleOrRightClipsIsWorse() {
    assertEquals(false, figures(5, 5, 100, 98).isWorse());
    assertEquals(true, figures(5, 5, 100, 97).isWorse());
    assertEquals(true, figures(5, 4, 100, 100).isWorse());
    assertEquals(false, figures(4, 5, 90, 95).isWorse());
  }

  private static LessonFigures figures(int right, int found, int people, int peopleFound) {
    return new LessonFigures("nova", 3, 0, 3, 5, right, found, 100, people, peopleFound);
  }
}
