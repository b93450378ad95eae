// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.WavWriter;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadmeTest {
  @Test
  void theExampleCompilesAndFindsAWord(@TempDir Path folder) throws Exception {
    Path source = Files.writeString(folder.resolve("Hello.java"), example());
    String classPath = System.getProperty("java.class.path");
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                messages,
                messages,
                "--release",
                "17",
                "-cp",
                classPath,
                "-d",
                folder.toString(),
                source.toString());
    assertEquals(0, compiled, messages.toString(StandardCharsets.UTF_8));

    Path model = folder.resolve("loud.onnx");
    TestModels.loudness("loud").write(model);
    Path sound = folder.resolve("sound.wav");
    float[] samples = TestModels.bursts(44_100, 3, 1);
    try (WavWriter wav = new WavWriter(sound, 44_100, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process hello =
        new ProcessBuilder(
                java,
                "-cp",
                folder + File.pathSeparator + classPath,
                "Hello",
                model.toString(),
                sound.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(hello.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(hello.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, hello.exitValue(), output);
    assertTrue(output.startsWith("TriggerEvent[model=loud, word=loud, start="), output);
    assertEquals(1, output.lines().count(), output);
  }

  private static String example() throws IOException {
    Matcher block =
        Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")));
    assertTrue(block.find());
    return block.group(1);
  }
}
