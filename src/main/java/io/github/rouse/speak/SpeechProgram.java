package io.github.rouse.speak;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program that speaks, without a shell, and says why it failed. */
final class SpeechProgram {
  private SpeechProgram() {}

  static boolean installed(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /**
   * Runs a command to its end.
   *
   * @param input what it reads on stdin, as UTF-8
   * @param seconds how long it may take before it is ended
   * @throws IOException if it cannot be started, takes longer or ends with another code than 0
   */
  static void run(List<String> command, String input, int seconds) throws IOException {
    String program = command.get(0);
    Path read = Files.createTempFile("rouse-", ".txt");
    Path said = Files.createTempFile("rouse-", ".txt");
    try {
      Files.writeString(read, input);
      Process process =
          new ProcessBuilder(command)
              .redirectInput(read.toFile())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      try {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
          throw new IOException(program + ": has not ended after " + seconds + " s");
        }
        if (process.exitValue() != 0) {
          String why = Files.readString(said, StandardCharsets.ISO_8859_1).strip();
          throw new IOException(program + ": ended with " + process.exitValue() + ": " + why);
        }
      } finally {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(program + ": interrupted", e);
    } finally {
      Files.deleteIfExists(read);
      Files.deleteIfExists(said);
    }
  }
}
