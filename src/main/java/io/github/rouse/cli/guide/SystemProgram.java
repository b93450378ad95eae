// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a program that describes the system, such as {@code pactl}. */
final class SystemProgram {
  private static final int SECONDS = 3; // longest wait

  private SystemProgram() {}

  /** Its standard output; empty if it is not installed, fails or hangs. */
  static Optional<String> output(String... command) {
    Path out = null;
    try {
      out = Files.createTempFile("rouse-", ".out");
      ProcessBuilder builder = new ProcessBuilder(List.of(command));
      builder.environment().put("LC_ALL", "C");
      Process process =
          builder
              .redirectOutput(out.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      return process.exitValue() == 0
          ? Optional.of(new String(Files.readAllBytes(out), StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      delete(out);
    }
  }

  private static void delete(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }
}
