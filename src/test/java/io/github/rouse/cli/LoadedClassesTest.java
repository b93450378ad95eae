// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.capture.FakeDevice;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listener runs for weeks, so it must not load classes it does not use. */
@Timeout(60)
class LoadedClassesTest {
  private static final Pattern UNUSED =
      Pattern.compile(
          "io\\.github\\.rouse\\.(train|eval|advice)\\..*"
              + "|ai\\.onnxruntime\\..*|io\\.jhdf\\..*|org\\.yaml\\..*"
              // protobuf descriptors: half the memory of reading a model
              + "|com\\.google\\.protobuf\\.DescriptorProtos.*|ai\\.onnx\\.proto\\.OnnxMl"
              // locale data for numbers in String.format; generated equals and hashCode of records
              + "|sun\\.util\\.cldr\\..*|java\\.lang\\.runtime\\.ObjectMethods");

  private static final String MODEL = "models/jarvis.onnx";

  @Test
  void listeningLoadsNeitherTrainingNorOnnxRuntime() throws Exception {
    List<String> loaded =
        loaded("listen", "--model", MODEL, "--device", FakeDevice.NAME, "--duration", "0.5");
    assertTrue(loaded.contains("io.github.rouse.Listener"), loaded.size() + " classes");
    assertEquals(List.of(), unused(loaded));
  }

  @Test
  void scanningLoadsNeitherTrainingNorOnnxRuntime() throws Exception {
    List<String> loaded =
        loaded("scan", "--quiet", "--model", MODEL, "audio-samples/jarvis-quiet.flac");
    assertTrue(loaded.contains("io.github.rouse.trigger.TriggerEvent"), loaded.size() + " classes");
    assertEquals(List.of(), unused(loaded));
  }

  @Test
  void scanningWithAllModelsMakesNoEqualsOfRecordsAndReadsNoLocales() throws Exception {
    assertEquals(List.of(), unused(loaded("scan", "audio-samples/three-words.ogg")));
  }

  private static List<String> unused(List<String> loaded) {
    return loaded.stream().filter(name -> UNUSED.matcher(name).matches()).toList();
  }

  private static List<String> loaded(String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xlog:class+load=info:stdout:none");
    command.add("-D" + FakeDevice.PLUGGED + "=true");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    Process rouse =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String log = new String(rouse.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, rouse.waitFor());
    return log.lines()
        .filter(line -> line.contains(" source: "))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }
}
