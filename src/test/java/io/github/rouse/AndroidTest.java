// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.codehaus.mojo.animal_sniffer.ClassListBuilder;
import org.codehaus.mojo.animal_sniffer.SignatureChecker;
import org.codehaus.mojo.animal_sniffer.logging.PrintWriterLogger;
import org.junit.jupiter.api.Test;

/**
 * The core rooms use only what Android 13 (API 33) has, or D8 adds when it builds an app. The other
 * rooms, such as {@code audio.capture} and {@code train}, are not for Android. Animal Sniffer's
 * Maven plugin checks all classes of a build or none, so this test runs its checker on some.
 */
class AndroidTest {
  private static final Path CLASSES = Path.of("target/classes");
  private static final Path ANDROID = Path.of("target/gummy-bears-api-33.signature");
  private static final List<String> CORE =
      List.of(
          "",
          "audio",
          "audio/lossless",
          "detect",
          "feature",
          "file",
          "kernel",
          "library",
          "model",
          "model/export",
          "model/foreign",
          "model/onnx",
          "nn",
          "trigger");

  /** What the signature lacks, and why that does no harm. */
  private static final List<String> HARMLESS =
      List.of(
          // D8 turns records into classes.
          ".*: void Record\\.<init>\\(\\)",
          // Android 10 and later have these overrides; only the SDK's stubs lack them before 34.
          ".*: java\\.nio\\.(Byte|Float)Buffer java\\.nio\\.\\1Buffer\\.(clear|flip)\\(\\)",
          ".*: java\\.nio\\.(Byte|Float)Buffer java\\.nio\\.\\1Buffer\\.(position|limit)\\(int\\)",
          // Probe.log works without a logger.
          "kernel/Probe\\.java: .*System\\.(Logger|getLogger).*");

  private static final Pattern UNDEFINED =
      Pattern.compile("\\S*?/io/github/rouse/(\\S+?\\.java).*: Undefined reference: (.*)");

  @Test
  void theCoreUsesOnlyWhatAndroidHas() throws IOException {
    Set<String> found = new TreeSet<>();
    for (String line : check().lines().toList()) {
      Matcher undefined = UNDEFINED.matcher(line);
      if (undefined.find()) {
        String use = undefined.group(1) + ": " + undefined.group(2);
        if (HARMLESS.stream().noneMatch(use::matches)) {
          found.add(use);
        }
      }
    }
    assertEquals("", String.join("\n", found));
  }

  /** What the checker says of the core rooms. */
  private static String check() throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintWriterLogger logger = new PrintWriterLogger(new PrintStream(said, true, UTF_8));
    ClassListBuilder ours = new ClassListBuilder(logger);
    ours.process(CLASSES.toFile());
    Set<String> known = new HashSet<>(ours.getPackages());
    known.add("ai.onnx.*");
    known.add("be.tarsos.*");
    known.add("com.google.*");
    known.add("org.jtransforms.*");
    try (InputStream android = Files.newInputStream(ANDROID)) {
      SignatureChecker checker = new SignatureChecker(android, known, logger);
      checker.setSourcePath(List.of(new File("src/main/java")));
      for (String room : CORE) {
        try (Stream<Path> files = Files.list(CLASSES.resolve("io/github/rouse").resolve(room))) {
          for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
            checker.process(file.toFile());
          }
        }
      }
    }
    return said.toString(UTF_8);
  }
}
