// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.cli.Terminal;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PassportTest {
  @TempDir Path folder;
  private final Terminal terminal = new Terminal();
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("word.onnx");
    TestModels.loudness("word").write(file);
  }

  @Test
  void unchangedModelPasses() throws IOException {
    assertEquals(0, terminal.run("verify", file, "--passport"));
    String output = terminal.out().toString();
    String sum = WakeModel.read(file).weightsSha256();
    assertTrue(output.contains("weights SHA-256 " + sum + ": holds"), output);
    assertTrue(output.contains("signature       none"), output);
    assertTrue(output.contains("rates           not tuned, no claim"), output);
    assertTrue(output.contains("source          a test: claimed, not checked"), output);
  }

  @Test
  void changedWeightIsDetected() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer eighth = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 1f / 8);
    int at = 0;
    while (ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at)
        != eighth.order(ByteOrder.LITTLE_ENDIAN).getInt(0)) {
      at++;
    }
    bytes[at + 2] ^= 1;
    Files.write(file, bytes);
    assertEquals(1, terminal.run("verify", file, "--passport"));
    assertTrue(terminal.out().toString().contains(": DOES NOT HOLD: claimed "));
  }

  @Test
  void signatureIsCheckedAgainstTheKey() {
    Path key = folder.resolve("key");
    assertEquals(0, terminal.run("sign", file, "--key", key, "--make"));
    assertEquals(0, terminal.run("verify", file, "--passport"));
    assertTrue(terminal.out().toString().contains("signature       present, not checked"));
    String publicKey = key + ".pub";
    assertEquals(0, terminal.run("verify", file, "--passport", "--require-signed", publicKey));
    assertTrue(terminal.out().toString().contains("signature       by " + publicKey + ": holds"));
    Path other = folder.resolve("other");
    assertEquals(0, terminal.run("sign", "--key", other, "--make"));
    assertEquals(1, terminal.run("verify", file, "--passport", "--require-signed", other + ".pub"));
  }

  @Test
  void falseAlarmRatesAreMeasured() throws IOException {
    Path sounds = Path.of("audio-samples");
    assertEquals(0, terminal.run("tune", file, "--negatives", sounds), terminal.err().toString());
    assertEquals(0, terminal.run("verify", file, "--passport", "--negatives", sounds));
    String output = terminal.out().toString();
    assertTrue(output.contains("/h at threshold "), output);
    assertFalse(output.contains("DOES NOT HOLD"), output);
    WakeModel model = WakeModel.read(file);
    Calibration original = model.calibration().orElseThrow();
    model
        .withCalibration(
            new Calibration(200 * original.hours(), original.times(), original.scores()))
        .write(file);
    assertEquals(1, terminal.run("verify", file, "--passport", "--negatives", sounds));
    assertTrue(terminal.out().toString().contains("/h in "));
    assertTrue(terminal.out().toString().contains("DOES NOT HOLD: the combined bounds allow"));
  }

  @Test
  void dependentOptionsAreRejectedAlone() {
    assertEquals(2, terminal.run("verify", file));
    assertEquals(2, terminal.run("verify", file, "--negatives", "audio-samples"));
  }
}
