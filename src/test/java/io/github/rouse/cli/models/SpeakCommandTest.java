// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.NeedsEspeak;
import io.github.rouse.cli.Terminal;
import io.github.rouse.cli.options.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeakCommandTest {
  @TempDir Path folder;
  private Terminal terminal;

  private int speak(Object... args) {
    terminal = new Terminal();
    Object[] all = Stream.concat(Stream.of("speak", "--out", folder), Stream.of(args)).toArray();
    return terminal.run(all);
  }

  @Test
  @NeedsEspeak
  void inventedWordsAreSaid() throws IOException {
    assertEquals(0, speak("--pseudo", 3, "--near", "hey nova"));
    assertEquals(List.of("rouse: wrote 3 samples to " + folder), terminal.err());
    assertEquals(0, speak("--pseudo", 2));
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(5, all.size());
      for (Path file : all) {
        assertTrue(
            file.getFileName().toString().matches("espeak\\w+-[A-Z_]+-000\\d\\.wav"),
            file::toString);
        assertTrue(Files.size(file) > 10_000, file::toString);
      }
    }
  }

  @Test
  void wrongRequestsAreRefused() {
    assertEquals(ExitCode.WRONG_USAGE, speak("--pseudo", 0));
    assertEquals(List.of("rouse: pseudo=0, expected at least 1"), terminal.err());
    assertEquals(ExitCode.WRONG_USAGE, speak("--pseudo", 3, "--temperature", 0));
    assertEquals(
        List.of("rouse: temperature=0.0, expected above 0 and at most 10"), terminal.err());
    assertEquals(ExitCode.WRONG_USAGE, speak("--pseudo", 3, "--near", "@"));
    assertEquals(1, terminal.err().size());
    assertEquals(ExitCode.WRONG_USAGE, speak("--pseudo", 3, "--word", "nova", "--count", 1));
  }
}
