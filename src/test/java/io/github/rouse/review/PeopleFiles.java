// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

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
 * Writes a file of how people say a word. {@code models/people.sh} runs it. Known people tell how
 * the word spreads; those whom the heads do not know are counted.
 */
final class PeopleFiles {
  private static final int COUNTED = 60; // utterances at most

  private PeopleFiles() {}

  /**
   * Writes the file of one word.
   *
   * @param args model, word, output, folder of training recordings, folder of held-out ones
   */
  public static void main(String[] args) throws IOException {
    WakeModel model = WakeModel.read(Path.of(args[0]));
    String word = args[1];
    List<float[][]> views = new ArrayList<>();
    for (Candidate said : said(model, word, Path.of(args[3]), Integer.MAX_VALUE)) {
      views.add(said.views());
    }
    List<People.SaidWord> voices = new ArrayList<>();
    for (Candidate said : said(model, word, Path.of(args[4]), COUNTED)) {
      views.add(said.views());
      voices.add(new People.SaidWord(said.first(), said.views()));
    }
    String heads = People.headsOf(model.verifier().orElseThrow(), model.words().indexOf(word));
    new People(heads, People.spreads(views), voices).write(Path.of(args[2]));
    System.out.printf("%s: %d utterances, %d counted%n", word, views.size(), voices.size());
  }

  /** The word in some of the recordings, drawn at random. */
  private static List<Candidate> said(WakeModel model, String word, Path folder, int count)
      throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder)) {
      files = new ArrayList<>(found.filter(Files::isRegularFile).sorted().toList());
    }
    Collections.shuffle(files, new Random(1));
    List<Candidate> said = new ArrayList<>();
    for (Path file : files) {
      if (said.size() < count) {
        said(model, word, file).ifPresent(said::add);
      }
    }
    return said;
  }

  /** The word in a recording: the candidate that scores highest. */
  private static Optional<Candidate> said(WakeModel model, String word, Path file)
      throws IOException {
    int index = model.words().indexOf(word);
    float[] samples = WordMarks.samples(file, model.features().sampleRate());
    return Candidate.of(model, samples).stream()
        .filter(candidate -> candidate.word() == index)
        .max(Comparator.comparing(Candidate::score));
  }
}
