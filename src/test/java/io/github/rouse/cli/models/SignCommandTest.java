// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.cli.Terminal;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignCommandTest {
  @TempDir Path folder;
  private final Terminal terminal = new Terminal();
  private Path model;
  private Path key;
  private Path publicKey;

  @BeforeEach
  void writeModel() throws IOException {
    model = folder.resolve("model.onnx");
    key = folder.resolve("mine");
    publicKey = folder.resolve("mine.pub");
    TestModels.loudness("word").write(model);
  }

  @Test
  void signedModelIsAcceptedAndChangedOneRejected() throws IOException {
    assertEquals(0, terminal.run("sign", model, "--key", key, "--make"));
    assertEquals(0, scan());
    byte[] bytes = Files.readAllBytes(model);
    for (int at = 10; at < bytes.length; at += 97) {
      byte[] changed = bytes.clone();
      changed[at] ^= 4;
      Files.write(model, changed);
      assertEquals(1, scan(), "byte " + at);
    }
    Files.write(model, bytes);
    WakeModel read = WakeModel.read(model);
    read.withPolicy(read.policy().withThreshold(0.1f)).write(model);
    assertEquals(1, scan());
    assertTrue(terminal.err().toString().contains("model.onnx: is not signed"));
  }

  @Test
  void anotherKeyIsRejected() throws IOException {
    Path other = folder.resolve("other");
    assertEquals(0, terminal.run("sign", "--key", key, "--make"));
    assertEquals(0, terminal.run("sign", model, "--key", other, "--make"));
    assertEquals(1, scan());
    assertTrue(terminal.err().toString().contains("signed with another key"));
    assertEquals(1, terminal.run("sign", model, "--key", publicKey), "not a private key");
    byte[] kept = Files.readAllBytes(key);
    assertEquals(1, terminal.run("sign", model, "--key", key, "--make"), "exists");
    assertEquals(List.of(kept.length), List.of(Files.readAllBytes(key).length));
  }

  private int scan() throws IOException {
    Path sound = Path.of("audio-samples/alexa-office.ogg");
    return terminal.run("scan", "--model", model, "--require-signed", publicKey, sound);
  }
}
