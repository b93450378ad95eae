// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.cli.options.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
  @TempDir Path folder;

  private final Terminal terminal = new Terminal();

  @Test
  void resumeDoesNotRestartACompleteTraining() throws IOException {
    Path out = folder.resolve("m.onnx");
    Files.createFile(folder.resolve("m.onnx.trained"));
    Object[] words = {"train", "--word", "up", "--positives", folder, "--out", out, "--resume"};
    assertEquals(ExitCode.WRONG_USAGE, terminal.run(words));
    assertTrue(terminal.err().get(0).contains("training is complete"), terminal.err().get(0));
    assertFalse(Files.exists(folder.resolve("m.yaml")));
  }
}
