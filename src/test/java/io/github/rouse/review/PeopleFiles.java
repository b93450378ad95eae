// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Writes a file of how people say a word. {@code models/people.sh} runs it. Voices of people whom
 * the heads know tell how the word spreads; held-out ones are counted, too.
 */
final class PeopleFiles {
  private static final int KNOWN = 60; // utterances of people whom the heads were trained on
  private static final int HELD_OUT = 40;

  private PeopleFiles() {}

  /**
   * Writes the file of one word.
   *
   * @param args model, word, output, folder of training recordings, folder of held-out ones
   */
  public static void main(String[] args) throws IOException {
    WakeModel model = WakeModel.read(Path.of(args[0]));
    String word = args[1];
    List<People.Voice> voices =
        new ArrayList<>(voices(model, word, Path.of(args[3]), KNOWN, false));
    voices.addAll(voices(model, word, Path.of(args[4]), HELD_OUT, true));
    Verifier.WordHead head =
        model.verifier().orElseThrow().heads().get(model.words().indexOf(word));
    new People(People.headsOf(head), voices).write(Path.of(args[2]));
  }

  /** Some of the recordings, drawn at random. */
  private static List<People.Voice> voices(
      WakeModel model, String word, Path folder, int count, boolean isHeldOut) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder)) {
      files = new ArrayList<>(found.filter(Files::isRegularFile).sorted().toList());
    }
    Collections.shuffle(files, new Random(1));
    List<People.Voice> voices = new ArrayList<>();
    for (Path file : files) {
      if (voices.size() < count) {
        said(model, word, file)
            .ifPresent(c -> voices.add(new People.Voice(c.first(), c.views(), isHeldOut)));
      }
    }
    return voices;
  }

  /** The word in a recording: the candidate that scores highest. */
  private static Optional<Candidate> said(WakeModel model, String word, Path file)
      throws IOException {
    int index = model.words().indexOf(word);
    float[] samples = WordMarks.samples(file, model.features().sampleRate());
    Verifier verifier = model.verifier().orElseThrow();
    return Candidate.of(model, samples).stream()
        .filter(candidate -> candidate.word() == index)
        .max(Comparator.comparing(c -> verifier.score(index, c.first(), logit(c.second()))));
  }

  private static float logit(float probability) {
    return (float) Math.log(probability / (1 - probability));
  }
}
