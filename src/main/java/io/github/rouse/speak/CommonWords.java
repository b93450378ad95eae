// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.speak;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Words of everyday speech. */
public final class CommonWords {
  private CommonWords() {}

  /** Common English words. */
  public static List<String> english() {
    try (InputStream in = CommonWords.class.getResourceAsStream("common-words.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.startsWith("#"))
          .flatMap(line -> Arrays.stream(line.split(" ")))
          .filter(word -> !word.isBlank())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
