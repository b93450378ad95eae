// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.rouse.TestModels;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.cli.Terminal;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuneCommandTest {
  @TempDir Path folder;
  private Path file;
  private byte[] before;
  private final Terminal terminal = new Terminal();

  @BeforeEach
  void record() throws IOException {
    file = folder.resolve("loud.onnx");
    TestModels.loudness("loud").write(file);
    before = Files.readAllBytes(file);
    wav("some.wav", 18, 2, 5, 8, 11, 14);
    wav("few.wav", 18, 2);
  }

  private void wav(String name, double seconds, double... bursts) throws IOException {
    wav(name, TestModels.bursts(16_000, seconds, bursts));
  }

  private void wav(String name, float[] samples) throws IOException {
    try (WavWriter writer = new WavWriter(folder.resolve(name), 16_000, 1)) {
      writer.write(samples, 0, samples.length);
      writer.commit();
    }
  }

  private int tune(String negatives, Object... more) {
    Object[] words = new Object[4 + more.length];
    System.arraycopy(
        new Object[] {"tune", file, "--negatives", folder.resolve(negatives)}, 0, words, 0, 4);
    System.arraycopy(more, 0, words, 4, more.length);
    return terminal.run(words);
  }

  @Test
  void thresholdForARateIsPrintedAndWritten() throws IOException {
    assertEquals(0, tune("some.wav", "--false-alarms-per-hour", 10), terminal.err().toString());
    WakeModel tuned = WakeModel.read(file);
    Calibration calibration = tuned.calibration().orElseThrow();
    assertEquals(calibration.threshold(10), tuned.policy().threshold());
    assertEquals(TestModels.loudness("loud").policy().refractory(), tuned.policy().refractory());
    assertEquals(1, terminal.out().size());
    String line = terminal.out().get(0);
    String expected = "10.0 false alarms per hour: threshold " + tuned.policy().threshold() + ",";
    assertTrue(line.startsWith(expected), line);
    assertTrue(terminal.err().get(0).contains("every file at 3 speeds"), terminal.err().get(0));
  }

  @Test
  void withoutARatePrintsATableAndKeepsTheThreshold() throws IOException {
    assertEquals(0, tune("some.wav", "--quiet"), terminal.err().toString());
    assertEquals(3, terminal.out().size());
    assertTrue(terminal.out().get(0).startsWith("0.1 false alarms per hour: "));
    WakeModel tuned = WakeModel.read(file);
    assertEquals(0.5f, tuned.policy().threshold());
    assertTrue(tuned.calibration().isPresent());
    assertTrue(terminal.err().isEmpty());
  }

  @Test
  void unreachableRateFailsButKeepsTheCalibration() throws IOException {
    float[] ever = TestModels.bursts(16_000, 18, 2, 5, 8, 11, 14); // louder, for distinct scores
    for (int i = 0; i < ever.length; i++) {
      ever[i] *= (float) Math.pow(10, i / 144_000.0 - 1);
    }
    wav("ever.wav", ever);
    assertEquals(ExitCode.FAILED, tune("ever.wav", "--false-alarms-per-hour", 0.02, "--quiet"));
    String problem = "0.02 false alarms per hour: the scores saturate: no threshold gives this";
    assertTrue(terminal.err().get(0).contains(problem), terminal.err().toString());
    WakeModel tuned = WakeModel.read(file);
    assertEquals(0.5f, tuned.policy().threshold());
    assertTrue(tuned.calibration().isPresent());
  }

  @Test
  void tooFewFalseAlarmsFailAndLeaveTheModelUnchanged() throws IOException {
    assertEquals(ExitCode.FAILED, tune("few.wav"));
    assertEquals(
        List.of("rouse: 3 false alarms in 0.02 h, expected at least 5: add more negatives"),
        terminal.err());
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void unreadableFileIsReportedOnceAndTheRestMeasured() throws IOException {
    Files.writeString(folder.resolve("broken.wav"), "not audio, only text");
    Object[] words = {"tune", file, "--quiet", "--negatives", folder};
    assertEquals(ExitCode.FAILED, terminal.run(words));
    assertEquals(1, terminal.err().size(), terminal.err().toString());
    assertTrue(terminal.err().get(0).contains("broken.wav: "), terminal.err().toString());
    assertEquals(0.01, WakeModel.read(file).calibration().orElseThrow().hours() / 3, 1e-3);
  }

  @Test
  void symbolicLinkStaysAndItsTargetIsTuned() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link.onnx"), file);
    Object[] words = {"tune", link, "--negatives", folder.resolve("some.wav")};
    assertEquals(0, terminal.run(words), terminal.err().toString());
    assertTrue(Files.isSymbolicLink(link));
    assertTrue(WakeModel.read(file).calibration().isPresent());
  }

  @Test
  void rateOutOfRangeIsWrongUsage() throws IOException {
    List<String> rates = List.of("0", "-1", "0.019", "10.1", "NaN", "Infinity");
    for (String rate : rates) {
      assertEquals(ExitCode.WRONG_USAGE, tune("some.wav", "--false-alarms-per-hour", rate), rate);
    }
    assertEquals(rates.size(), terminal.err().size(), terminal.err().toString());
    String range = "rouse: false-alarms-per-hour=10.1, expected 0.02 to 10.0";
    assertEquals(range, terminal.err().get(3));
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void readOnlyModelFailsBeforeMeasuring() throws IOException {
    assertTrue(file.toFile().setWritable(false));
    assumeFalse(Files.isWritable(file), "root may write everything");
    assertEquals(ExitCode.FAILED, tune("some.wav"));
    assertEquals(List.of("rouse: " + file + ": permission denied"), terminal.err());
    assertArrayEquals(before, Files.readAllBytes(file));
  }
}
