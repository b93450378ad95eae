// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {
  private final Terminal terminal = new Terminal();

  @Test
  void measuresBothEnginesAndPrintsTheirRatio(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("loud.onnx");
    TestModels.loudness("loud").write(file);
    assertEquals(0, terminal.run("bench", "--model", file, "--turns", 1));
    List<String> lines = terminal.out();
    assertEquals(4, lines.size(), lines.toString());
    assertTrue(
        lines.get(0).matches("Java .*, \\d+ x .+, (vector|scalar) kernels.* tiles of \\d+ x \\d+"),
        lines.get(0));
    String measured = " +real-time factor 0\\.\\d{5} +[0-9.]+ us a step +\\d+ bytes";
    assertTrue(lines.get(1).matches("loud +native" + measured), lines.get(1));
    assertTrue(lines.get(2).matches("loud +onnxruntime" + measured), lines.get(2));
    assertTrue(
        lines.get(3).matches("loud +native is [0-9.]+ times as fast, its network [0-9.]+ times"));
  }

  @Test
  void zeroTurnsAreRejected() {
    assertEquals(2, terminal.run("bench", "--turns", 0));
    assertEquals("rouse: turns=0, expected 1 to 10000", terminal.err().get(0));
  }
}
