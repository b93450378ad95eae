// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.cli.Terminal;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.openwakeword.TinyOpenWakeWord;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
  @TempDir Path folder;
  private Path head;
  private Path out;

  @BeforeEach
  void write() throws IOException {
    head = new TinyOpenWakeWord(folder).plain("hey_you_v0.1.onnx", 16);
    out = folder.resolve("mine.onnx");
  }

  @Test
  void aModelOfOpenWakeWordIsImportedWithItsBackbone() throws IOException {
    Terminal terminal = new Terminal();
    int code = terminal.run("import", head, "--backbone", folder, "--out", out);
    assertEquals(0, code, terminal.err().toString());
    WakeModel model = WakeModel.read(out);
    assertEquals("mine", model.name());
    assertEquals(List.of("hey you"), model.words());
    assertEquals(TriggerPolicy.OPEN_WAKE_WORD, model.policy());
    assertEquals(
        0,
        new Terminal()
            .run("import", head, "--backbone", folder, "--word", "you", "--out", out, "--force"));
    assertEquals(List.of("you"), WakeModel.read(out).words());
    Terminal info = new Terminal();
    assertEquals(0, info.run("info", out));
    assertTrue(
        info.out().toString().contains("Conv2d of 32 bands, kernel 3 x 3"), info.out().toString());
  }

  @Test
  void whatIsMissingOrTooMuchIsNamedInOneLine() {
    refused("is an openWakeWord model; --backbone DIR names", head);
    refused("no melspectrogram.onnx here", head, "--backbone", folder.resolve("elsewhere"));
    refused("they take no --features", head, "--backbone", folder, "--features", "pcen");
    Path embedding = folder.resolve("embedding_model.onnx");
    refused("is not an openWakeWord head", embedding, "--backbone", folder);
    refused("--features is missing, expected classic|", embedding, "--word", "w");
    refused("--word is missing", embedding, "--features", "pcen");
  }

  private void refused(String reason, Object... arguments) {
    Terminal terminal = new Terminal();
    Object[] all = new Object[arguments.length + 3];
    all[0] = "import";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[all.length - 2] = "--out";
    all[all.length - 1] = out;
    int code = terminal.run(all);
    String message = terminal.err().toString();
    assertTrue(code != 0 && message.contains(reason), code + " " + message);
    assertEquals(1, terminal.err().size(), message);
    assertFalse(Files.exists(out));
  }
}
