// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.library;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.rouse.cli.Main;
import io.github.rouse.model.keras.KerasReader;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On class paths that lack a library. */
class LibraryTest {
  private static final String MODEL = "models/jarvis.onnx";
  private static final String SOUND = "audio-samples/jarvis-quiet.flac";

  @Test
  void theCommandLineNeedsPicocli() throws Exception {
    assertEquals(
        "rouse: needs picocli: add info.picocli:picocli to the class path\n",
        failure("picocli", "scan", SOUND, "--model", MODEL));
  }

  @Test
  void trainingNeedsSnakeYaml() throws Exception {
    assertEquals(
        "rouse: needs SnakeYAML: add org.yaml:snakeyaml to the class path\n",
        failure("snakeyaml", "train", "recipe.yaml", "--out", "unwritten.onnx"));
  }

  @Test
  void announcingNeedsJmDns() throws Exception {
    assertEquals(
        "rouse: needs JmDNS: add org.jmdns:jmdns to the class path\n",
        failure(
            "jmdns",
            "serve",
            "--wyoming",
            "tcp://0.0.0.0:0",
            "--allow",
            "10.0.0.0/8",
            "--zeroconf"));
  }

  @Test
  void anotherEngineNeedsOnnxRuntime() throws Exception {
    String line =
        "needs ONNX Runtime: add com.microsoft.onnxruntime:onnxruntime to the class path\n";
    assertEquals(
        "rouse: " + SOUND + ": " + line,
        failure("onnxruntime", "scan", SOUND, "--model", MODEL, "--engine", "onnxruntime"));
    assertEquals("rouse: " + line, failure("onnxruntime", "verify", MODEL, SOUND));
  }

  @Test
  void kerasWeightsNeedJhdf() throws Exception {
    List<URL> urls = new ArrayList<>();
    for (String entry : classPath("jhdf")) {
      urls.add(Path.of(entry).toUri().toURL());
    }
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      var read =
          loader.loadClass(KerasReader.class.getName()).getMethod("read", Path.class, Path.class);
      Path file = Path.of("weights.h5");
      var e = assertThrows(InvocationTargetException.class, () -> read.invoke(null, file, file));
      assertEquals("needs jHDF: add io.jhdf:jhdf to the class path", e.getCause().getMessage());
    }
  }

  /** What a command that fails writes to standard error. */
  private static String failure(String missing, String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath(missing))));
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    Process rouse =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    String err = new String(rouse.getErrorStream().readAllBytes(), UTF_8);
    assertEquals(1, rouse.waitFor(), err);
    return err.replace("\r\n", "\n");
  }

  private static List<String> classPath(String missing) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !Path.of(entry).getFileName().toString().startsWith(missing))
        .toList();
  }
}
