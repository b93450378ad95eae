package io.github.rouse.speak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The program espeak-ng, which knows how words are pronounced. */
public final class Espeak {
  static final String PROGRAM = "espeak-ng";
  static final int SECONDS = 30; // longest for one sample, or for a list of words

  private Espeak() {}

  static void require(String purpose) throws IOException {
    if (!SpeechProgram.installed(PROGRAM)) {
      throw new IOException(
          PROGRAM + ": not found; install it (Debian: apt install espeak-ng) " + purpose);
    }
  }

  /**
   * How texts are pronounced, in the International Phonetic Alphabet: words are separated by
   * blanks, phonemes by underscores, and stress marks stand before the stressed vowel. Whatever is
   * neither letter, digit nor apostrophe is a blank; a text of blanks is pronounced as nothing.
   *
   * @param voice one of {@code espeak-ng --voices}, such as {@code en-us}
   * @return as many as texts
   * @throws IOException if espeak-ng is not installed, does not have the voice or fails
   */
  public static List<String> ipa(List<String> texts, String voice) throws IOException {
    require("to know how words are pronounced");
    StringBuilder lines = new StringBuilder(); // not arguments: these might begin with a hyphen
    texts.forEach(text -> lines.append(spoken(text)).append('\n'));
    Path phonemes = Files.createTempFile("rouse-", ".ipa");
    try {
      SpeechProgram.run(
          List.of(
              PROGRAM, "-q", "-b", "1", "-v", voice, "--ipa", "--sep=_", "--phonout=" + phonemes),
          lines.toString(),
          SECONDS);
      List<String> said = Files.readString(phonemes, StandardCharsets.UTF_8).lines().toList();
      if (said.size() != texts.size()) {
        throw new IOException(
            PROGRAM + ": pronounced " + said.size() + " lines of " + texts.size());
      }
      return said;
    } finally {
      Files.deleteIfExists(phonemes);
    }
  }

  /** Without what espeak-ng takes for the end of a sentence, phonemes or markup. */
  private static String spoken(String text) {
    return text.replace('’', '\'').replaceAll("[^\\p{L}\\p{M}\\p{N}']+", " ").strip();
  }
}
