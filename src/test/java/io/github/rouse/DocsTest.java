// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links of all pages, what they name of the code, and pictures. */
class DocsTest {
  private static final Pattern CODE = Pattern.compile("(?s)```.*?```");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern NAMED_FILE =
      Pattern.compile("`((?:docs|src|bench)/[\\w./-]*[\\w/]|models/[\\w-]+\\.(?:sh|yaml))`");
  private static final Pattern NAMED_CODE =
      Pattern.compile("\\[`(\\w+)(?:\\.(\\w+))?`\\]\\(\\.\\./src/main/java/([^)]+)\\.java\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+)$");

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder :
        List.of(".", "docs", "docs/decisions", "docs/examples", "models", "audio-samples")) {
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
      }
    }
    return pages;
  }

  private static List<MatchResult> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  @Test
  void everyLinkHasATarget() throws IOException {
    Set<String> broken = new TreeSet<>();
    for (Path page : pages()) {
      String text = CODE.matcher(Files.readString(page)).replaceAll("");
      for (MatchResult link : found(LINK, text)) {
        String to = link.group(1);
        if (to.matches("(https?|mailto):.*")) {
          continue;
        }
        String[] parts = to.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
        if (!Files.exists(target)
            || (parts.length == 2
                && !anchors(target).contains(parts[1].toLowerCase(Locale.ROOT)))) {
          broken.add(page + ": " + to);
        }
      }
      if (!page.endsWith("CHANGELOG.md") && !page.endsWith("history.md")) {
        for (MatchResult name : found(NAMED_FILE, text)) {
          if (!Files.exists(Path.of(name.group(1))) && !isPattern(name.group(1))) {
            broken.add(page + ": `" + name.group(1) + "`");
          }
        }
      }
    }
    assertEquals(Set.of(), broken);
  }

  /** The pattern of a name, in CONTRIBUTING.md. */
  private static boolean isPattern(String file) {
    return file.startsWith("docs/decisions/NNN");
  }

  /** The anchors that GitHub gives a page's headings. */
  private static Set<String> anchors(Path page) throws IOException {
    String text = CODE.matcher(Files.readString(page)).replaceAll("");
    return found(HEADING, text).stream()
        .map(
            heading ->
                heading
                    .group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\w\\- ]", "")
                    .replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void everyClassAndMethodNamedExists() throws Exception {
    List<MatchResult> named = found(NAMED_CODE, Files.readString(Path.of("docs/how-it-works.md")));
    assertTrue(named.size() > 40, "only " + named.size());
    Set<String> missing = new TreeSet<>();
    for (MatchResult one : named) {
      if (!exists(one.group(3).replace('/', '.'), one.group(1), one.group(2))) {
        missing.add(one.group(1) + "." + one.group(2));
      }
    }
    assertEquals(Set.of(), missing);
  }

  /** Whether a file's class, or one within it, has that name and such a method. */
  private static boolean exists(String top, String name, String method)
      throws ClassNotFoundException {
    List<Class<?>> classes = new ArrayList<>(List.of(load(top)));
    for (int i = 0; i < classes.size(); i++) {
      classes.addAll(List.of(classes.get(i).getDeclaredClasses()));
    }
    return classes.stream()
        .filter(type -> type.getSimpleName().equals(name))
        .anyMatch(
            type ->
                method == null
                    || Arrays.stream(type.getDeclaredMethods())
                        .anyMatch(m -> m.getName().equals(method)));
  }

  private static Class<?> load(String name) throws ClassNotFoundException {
    return Class.forName(name, false, DocsTest.class.getClassLoader());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gradients.svg", "initial-weights.svg"})
  void theExampleDrawsThePicture(String picture, @TempDir Path folder) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    Process example =
        new ProcessBuilder(java, "-cp", classPath, "docs/examples/Gradients.java", "" + folder)
            .redirectErrorStream(true)
            .start();
    String output = new String(example.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, example.waitFor(), output);
    double[] drawn = points(folder.resolve(picture));
    double[] shown = points(Path.of("docs/pictures", picture));
    assertArrayEquals(shown, drawn, 1.0, picture); // pixels
  }

  /** The coordinates of all lines. */
  private static double[] points(Path picture) throws IOException {
    return found(Pattern.compile("points='([^']*)'"), Files.readString(picture)).stream()
        .flatMap(line -> Pattern.compile("[ ,]").splitAsStream(line.group(1)))
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  @Test
  void picturesAreSmall() throws IOException {
    long all = 0;
    try (Stream<Path> pictures = Files.list(Path.of("docs/pictures"))) {
      for (Path picture : pictures.toList()) {
        assertTrue(Files.size(picture) <= 20_000, picture + ": " + Files.size(picture));
        all += Files.size(picture);
      }
    }
    assertTrue(all <= 100_000, "all: " + all);
  }
}
