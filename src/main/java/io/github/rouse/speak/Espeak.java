// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.speak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs espeak-ng to get the pronunciation of words. */
public final class Espeak {
  static final String PROGRAM = "espeak-ng";
  static final int SECONDS = 30; // time limit for one sample or one list of words

  private Espeak() {}

  /** Whether espeak-ng is installed. */
  public static boolean installed() {
    return SpeechProgram.installed(PROGRAM);
  }

  static void require(String purpose) throws IOException {
    if (!installed()) {
      throw new IOException(
          PROGRAM + ": not found; install it (Debian: apt install espeak-ng) " + purpose);
    }
  }

  /**
   * Pronunciations in the International Phonetic Alphabet: words are separated by spaces, phonemes
   * by underscores, and stress marks precede the stressed vowel. Characters other than letters,
   * digits and apostrophes count as spaces; a text of spaces has an empty pronunciation.
   *
   * @param voice one of {@code espeak-ng --voices}, such as {@code en-us}
   * @return one per text
   * @throws IOException if espeak-ng is not installed, does not have the voice or fails
   */
  public static List<String> ipa(List<String> texts, String voice) throws IOException {
    require("to look up pronunciations");
    StringBuilder lines = new StringBuilder(); // not as arguments: a text may begin with a hyphen
    texts.forEach(text -> lines.append(cleaned(text)).append('\n'));
    Path phonemes = Files.createTempFile("rouse-", ".ipa");
    try {
      SpeechProgram.run(
          List.of(
              PROGRAM, "-q", "-b", "1", "-v", voice, "--ipa", "--sep=_", "--phonout=" + phonemes),
          lines.toString(),
          SECONDS);
      List<String> pronunciations =
          Files.readString(phonemes, StandardCharsets.UTF_8).lines().toList();
      if (pronunciations.size() != texts.size()) {
        throw new IOException(
            PROGRAM + ": pronounced " + pronunciations.size() + " of " + texts.size() + " lines");
      }
      return pronunciations;
    } finally {
      Files.deleteIfExists(phonemes);
    }
  }

  /** Removes what espeak-ng reads as a sentence end, phonemes or markup. */
  private static String cleaned(String text) {
    return text.replace('’', '\'').replaceAll("[^\\p{L}\\p{M}\\p{N}']+", " ").strip();
  }
}
