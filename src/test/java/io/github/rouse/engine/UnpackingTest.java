// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime unpacks its library into the temporary folder. */
class UnpackingTest {
  @TempDir Path folder;

  private record Ended(int exitCode, String output) {}

  /** On a long command line, ONNX Runtime needs a large stack. */
  private static final String LONG = "x".repeat(20_000);

  private static Ended verify(Path temporary) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path") + File.pathSeparator + LONG,
                "io.github.rouse.cli.Main",
                "verify",
                "models/jarvis.onnx",
                "audio-samples/jarvis-quiet.flac")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), output);
  }

  @Test
  void nothingIsLeftInTheTemporaryFolder() throws Exception {
    Ended ended = verify(folder);
    assertEquals(0, ended.exitCode, ended.output);
    assertArrayEquals(new String[0], folder.toFile().list());
  }

  @Test
  void aFolderThatCannotBeWrittenToIsReportedInOneLine() throws Exception {
    Ended ended = verify(folder.resolve("absent"));
    assertEquals(1, ended.exitCode, ended.output);
    String line = "rouse: cannot unpack ONNX Runtime into " + folder.resolve("absent");
    assertTrue(ended.output.contains(line), ended.output);
    assertTrue(!ended.output.contains("\tat "), ended.output);
  }
}
