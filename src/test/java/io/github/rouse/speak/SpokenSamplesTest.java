// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.speak;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.NeedsEspeak;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.speak.SpokenSamples.SpokenWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpokenSamplesTest {
  @TempDir Path folder;

  @Test
  @NeedsEspeak
  void theSameSeedGivesTheSameSamples() throws IOException {
    List<Path> first = spoken("a", 5);
    List<Path> again = spoken("b", 5);
    assertEquals(4, first.size());
    for (int i = 0; i < 4; i++) {
      assertEquals(first.get(i).getFileName(), again.get(i).getFileName());
      assertArrayEquals(Files.readAllBytes(first.get(i)), Files.readAllBytes(again.get(i)));
      try (AudioFile audio = AudioFile.open(first.get(i))) {
        assertTrue(audio.frames() > 0.3 * audio.sampleRate(), first.get(i).toString());
      }
    }
    assertTrue(!first.get(0).getFileName().equals(spoken("c", 6).get(0).getFileName()));
  }

  @Test
  @NeedsEspeak
  void aWordGetsAsManyOtherPhrases() throws IOException {
    int[] last = new int[1];
    SpokenWord spoken = SpokenSamples.ofWord("hey nova", folder, 1, done -> last[0] = done);
    assertEquals(SpokenSamples.OF_A_WORD, last[0]);
    assertEquals(SpokenSamples.OF_A_WORD / 2, spoken.word().size());
    assertEquals(SpokenSamples.OF_A_WORD / 2, spoken.others().size());
    for (Path other : spoken.others()) {
      assertTrue(Files.exists(other), other.toString());
      assertFalse(spoken.word().contains(other), other.toString());
    }
  }

  @Test
  void otherPhrasesContainNoWordOfThePhrase() {
    for (String word : SpokenSamples.others("", new SplittableRandom(1)).get(0).split(" ", -1)) {
      String said = word.toLowerCase(Locale.ROOT);
      for (String other : SpokenSamples.others(said, new SplittableRandom(1))) {
        assertFalse((" " + other.toLowerCase(Locale.ROOT) + " ").contains(" " + said + " "), other);
      }
    }
  }

  private List<Path> spoken(String name, long seed) throws IOException {
    Path out = folder.resolve(name);
    SpokenSamples.write(Collections.nCopies(4, "hey nova"), out, seed, done -> {});
    try (Stream<Path> files = Files.list(out)) {
      return files.sorted().toList();
    }
  }
}
