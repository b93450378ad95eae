// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.cli.options.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ServeCommandTest {
  @TempDir Path temp;
  private final Terminal terminal = new Terminal();
  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = temp.resolve("loud.onnx");
    TestModels.loudness("loud").write(model);
  }

  private int serve(Object... options) {
    Object[] all = new Object[5 + options.length];
    System.arraycopy(
        new Object[] {"serve", "--model", model, "--models", temp.resolve("none")}, 0, all, 0, 5);
    System.arraycopy(options, 0, all, 5, options.length);
    return terminal.run(all);
  }

  /** Two bursts as one chunk, and the request for all words. */
  private static byte[] conversation() throws IOException {
    float[] sound = TestModels.bursts(16_000, 4.5, 1, 3);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        ("{\"type\":\"detect\"}\n{\"type\":\"audio-chunk\",\"data\":"
                + "{\"rate\":16000,\"width\":2,\"channels\":1},\"payload_length\":"
                + 2 * sound.length
                + "}\n")
            .getBytes(StandardCharsets.UTF_8));
    for (float sample : sound) {
      int value = Math.round(sample * 32768);
      bytes.write(value);
      bytes.write(value >> 8);
    }
    bytes.writeBytes("{\"type\":\"audio-stop\"}\n".getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  @Test
  void standardInputIsAClientWithWhichTheServerEnds() throws IOException {
    terminal.withInput(conversation());
    assertEquals(0, serve("--wyoming", "stdio://"));
    String detection =
        "{\"name\": \"loud\", \"timestamp\": null, \"speaker\": null}"
            + "{\"type\": \"detection\", \"version\": \"1.9.0\", \"data_length\": 52}";
    assertEquals(
        List.of(
            detection.substring(detection.indexOf("}") + 1),
            detection,
            detection.substring(0, detection.indexOf("}") + 1)),
        terminal.out());
    List<String> err = terminal.err();
    assertEquals("rouse: words: loud", err.get(0));
    assertEquals("rouse: Wyoming on standard input and output", err.get(1));
    List<String> log = err.subList(2, err.size());
    assertTrue(
        log.stream()
            .allMatch(
                line ->
                    line.matches(
                        "rouse: (nearly )?loud, score [01]\\.\\d{3}, at \\d\\.\\d\\d s \\(wyoming:stdio\\)")),
        err::toString);
    assertEquals(2, log.stream().filter(line -> !line.contains("nearly")).count(), err::toString);
  }

  @Test
  void nearMissesAreLogged() throws IOException {
    terminal.withInput(conversation());
    assertEquals(0, serve("--wyoming", "stdio://", "--threshold", "1", "--quiet"));
    List<String> err = terminal.err();
    assertEquals(2, err.size(), err::toString);
    assertTrue(err.get(0).startsWith("rouse: nearly loud, score "), err::toString);
    assertEquals(List.of("{\"type\": \"not-detected\", \"version\": \"1.9.0\"}"), terminal.out());
  }

  private void assertWrongUsage(String message, Object... options) {
    assertEquals(ExitCode.WRONG_USAGE, serve(options));
    List<String> err = terminal.err();
    assertEquals("rouse: " + message, err.get(err.size() - 1));
  }

  @Test
  void wrongUsageIsNamed() {
    assertWrongUsage(
        "--zeroconf: only this machine reaches the server; try --wyoming tcp://0.0.0.0:10400",
        "--wyoming",
        "tcp://127.0.0.1:0",
        "--zeroconf");
    assertWrongUsage(
        "--allow: only this machine reaches the server; try --wyoming tcp://0.0.0.0:10400",
        "--wyoming",
        "unix://" + temp.resolve("s"),
        "--allow",
        "10.0.0.0/8");
    assertWrongUsage(
        "tcp://0.0.0.0:0 is open to other machines, and the protocol has no password: say who may"
            + " connect with --allow, such as --allow 192.168.1.0/24",
        "--wyoming",
        "tcp://0.0.0.0:0");
    assertWrongUsage(
        "--allow=home, expected addresses such as 192.168.1.0/24 or fd00::/8",
        "--wyoming",
        "tcp://0.0.0.0:0",
        "--allow",
        "home");
    assertWrongUsage(
        "--wyoming=localhost, expected tcp://HOST:PORT, unix://PATH or stdio://",
        "--wyoming",
        "localhost");
    assertWrongUsage(
        "threshold=2.0, expected 0 to 1", "--wyoming", "tcp://127.0.0.1:0", "--threshold", "2");
  }

  @Test
  void aModelThatCannotBeReadEndsTheServer() throws IOException {
    Files.writeString(model, "not a model");
    assertEquals(ExitCode.FAILED, serve("--wyoming", "tcp://127.0.0.1:0"));
    assertTrue(terminal.err().get(0).contains("loud.onnx"), terminal.err()::toString);
  }
}
