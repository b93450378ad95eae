// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PronouncingDictionaryTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("words.dict"), text);
  }

  @Test
  void stressAndCommentsAreDropped() throws IOException {
    PronouncingDictionary dictionary =
        PronouncingDictionary.read(
            file(
                """
                ;;; a comment
                NOVA  N OW1 V AH0
                read R EH1 D
                read(2) R IY1 D # now
                read(3) R IY0 D
                """));
    assertEquals(List.of(List.of("N", "OW", "V", "AH")), dictionary.of("nova"));
    assertEquals(List.of(List.of("R", "EH", "D"), List.of("R", "IY", "D")), dictionary.of("read"));
    assertEquals(List.of(), dictionary.of("written"));
  }

  @Test
  void aLineWithoutPhonemesIsRefused() throws IOException {
    for (String line : List.of("nova", "nova N OH V AH")) {
      Path file = file("a AH\n" + line + "\n");
      assertEquals(
          file + ": line 2: " + line + ", expected a word and its phonemes",
          assertThrows(IOException.class, () -> PronouncingDictionary.read(file)).getMessage());
    }
  }
}
