// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Javadoc of each public type that an app calls has an example, which compiles. */
class JavadocExamplesTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("<pre>\\{@code\\n(.*?)\\n \\* *}</pre>", Pattern.DOTALL);

  /** Values that describe a model, which an app reads and rarely makes. */
  private static final Set<String> WITHOUT =
      Set.of("Engine", "FeatureSpec", "Mel", "MelScale", "Provenance", "Spectrum", "WeightType");

  /** What the examples take for granted. */
  private static final String GIVEN =
      """
        static WakeModel model;
        static Path path;
        static InputStream in;
        static float[] samples;

      """;

  @Test
  void everyExampleCompiles(@TempDir Path folder) throws IOException {
    Set<String> packages = new TreeSet<>();
    List<String> methods = new ArrayList<>();
    Set<String> missing = new TreeSet<>();
    for (String type : Files.readAllLines(Path.of("docs/public-api.txt"))) {
      if (!type.startsWith("io.github.rouse.") || type.contains("$")) {
        continue;
      }
      String name = type.substring(type.lastIndexOf('.') + 1);
      packages.add(type.substring(0, type.lastIndexOf('.')));
      Path source = Path.of("src/main/java", type.replace('.', '/') + ".java");
      List<String> examples = examples(Files.readString(source));
      if (examples.isEmpty() && !WITHOUT.contains(name) && !name.endsWith("Exception")) {
        missing.add(name);
      }
      for (String example : examples) {
        String head = "  static void " + name + methods.size() + "() throws Exception {\n";
        methods.add(head + example + "\n  }\n");
      }
    }
    assertEquals(Set.of(), missing);
    Path app = folder.resolve("App.java");
    String imports =
        packages.stream().map(p -> "import " + p + ".*;\n").collect(Collectors.joining());
    Files.writeString(
        app,
        imports
            + "import be.tarsos.dsp.AudioProcessor;\n"
            + "import java.io.*;\nimport java.nio.file.*;\nimport java.time.*;\n"
            + "import java.util.*;\n\nclass App {\n"
            + GIVEN
            + String.join("\n", methods)
            + "}\n");
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                messages,
                messages,
                "--release",
                "17",
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                app.toString());
    assertEquals(0, compiled, messages.toString(StandardCharsets.UTF_8));
  }

  private static List<String> examples(String source) {
    List<String> examples = new ArrayList<>();
    Matcher example = EXAMPLE.matcher(source);
    while (example.find()) {
      examples.add(example.group(1).replaceAll("(?m)^ *\\* ?", "    "));
    }
    return examples;
  }
}
