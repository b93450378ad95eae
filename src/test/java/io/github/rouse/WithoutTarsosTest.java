// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SamplePump;
import io.github.rouse.audio.SampleSource;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * TarsosDSP is optional: without it on the class path, files and live sources give the same bits.
 */
class WithoutTarsosTest {
  private static final Path SAMPLE = Path.of("audio-samples/three-words.ogg"); // 48 kHz

  @Test
  void detectionHasTheSameBitsWithoutTarsosDsp() throws Exception {
    String all = System.getProperty("java.class.path");
    String without =
        Arrays.stream(all.split(File.pathSeparator, -1))
            .filter(entry -> !Path.of(entry).getFileName().toString().startsWith("TarsosDSP"))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> with = run(all);
    List<String> plain = run(without);
    assertEquals("dispatcher: true", with.get(0));
    assertEquals("dispatcher: false", plain.get(0));
    assertTrue(with.size() > 800, "lines=" + with.size());
    assertTrue(with.stream().anyMatch(line -> line.startsWith("jarvis")), with.toString());
    assertEquals(with.subList(1, with.size()), plain.subList(1, plain.size()));
  }

  private static List<String> run(String classPath) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(java, "-cp", classPath, WithoutTarsosTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said.lines().toList();
  }

  /** Prints which pump is installed, then posteriors and events of a file and of a live source. */
  public static void main(String[] args) throws IOException {
    SamplePump pump = SamplePump.installed();
    System.out.println("dispatcher: " + pump.getClass().getSimpleName().equals("DispatcherPump"));
    WakeModel model = WakeModel.read(Path.of("models/jarvis.onnx"));
    try (AudioFile file = AudioFile.open(SAMPLE);
        Detector detector =
            new Detector(List.of(model), file.sampleRate(), Engine.NATIVE, new Printer())) {
      file.play(Channel.FIRST, detector);
      detector.finish();
    }
    try (AudioFile file = AudioFile.open(SAMPLE);
        Detector detector =
            new Detector(List.of(model), file.sampleRate(), Engine.NATIVE, new Printer())) {
      pump.run(new Live(file), file.sampleRate() / 100, detector);
      detector.finish();
    }
  }

  /** A mono file as a live source. */
  private record Live(AudioFile file) implements SampleSource {
    @Override
    public int sampleRate() {
      return file.sampleRate();
    }

    @Override
    public int read(float[] mono, int most) {
      try {
        return file.read(mono, most);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Printer implements DetectionHandler {
    @Override
    public void event(TriggerEvent event) {
      System.out.println(event.word() + " " + event);
    }

    @Override
    public void posteriors(WakeModel of, long at, float[] posteriors) {
      System.out.println(at + " " + Float.floatToRawIntBits(posteriors[0]));
    }
  }
}
