// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  @TempDir Path folder;
  private final Terminal terminal = new Terminal();

  @Test
  void exportsAModelOfASubsetOfTheWords() throws IOException {
    Path all = folder.resolve("all.onnx");
    Path one = folder.resolve("new/b.onnx");
    TestModels.loudness(List.of("a", "b"), 1, 2).write(all);
    assertEquals(0, terminal.run("export", all, "--word", "b", "--out", one));
    assertEquals(List.of("b"), WakeModel.read(one).words());
    assertEquals("b", WakeModel.read(one).name());
  }

  @Test
  void unknownWordIsRejectedAndNothingIsWritten() throws IOException {
    Path all = folder.resolve("all.onnx");
    TestModels.loudness(List.of("a", "b"), 1, 2).write(all);
    assertEquals(2, terminal.run("export", all, "--word", "c", "--out", folder.resolve("c.onnx")));
    assertTrue(terminal.err().toString().contains("words=[c], expected some of [a, b]"));
    assertFalse(Files.exists(folder.resolve("c.onnx")));
  }
}
