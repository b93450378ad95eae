// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.speak;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a speech program without a shell and reports why it failed. */
final class SpeechProgram {
  private SpeechProgram() {}

  static boolean installed(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /**
   * Runs a command and waits for it.
   *
   * @param input for standard input, as UTF-8
   * @param seconds time limit, after which the program is killed
   * @throws IOException if the program cannot be started, exceeds the limit or exits with an error
   */
  static void run(List<String> command, String input, int seconds) throws IOException {
    String program = command.get(0);
    Path stdin = Files.createTempFile("rouse-", ".txt");
    Path output = Files.createTempFile("rouse-", ".txt");
    try {
      Files.writeString(stdin, input);
      Process process =
          new ProcessBuilder(command)
              .redirectInput(stdin.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
          throw new IOException(program + ": did not finish within " + seconds + " s");
        }
        if (process.exitValue() != 0) {
          String why = Files.readString(output, StandardCharsets.ISO_8859_1).strip();
          throw new IOException(program + ": exited with " + process.exitValue() + ": " + why);
        }
      } finally {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(program + ": interrupted", e);
    } finally {
      Files.deleteIfExists(stdin);
      Files.deleteIfExists(output);
    }
  }
}
