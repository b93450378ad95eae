// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A shell command printed in a document: a line of an indented block, or of a fenced one that is
 * marked {@code sh}, {@code bash}, {@code shell} or {@code console}.
 *
 * @param page path of the document
 * @param line the command, with continuation lines joined and without a comment at its end
 * @param reason why DocsCommandsTest does not run it, from docs-commands.txt; empty if it does
 */
record DocsCommand(Path page, String line, String reason) {
  private static final Pattern SHELL = Pattern.compile(" *```(sh|bash|shell|console) *");

  /** Prints the commands that are left to {@code src/test/scripts/docs-commands}, each once. */
  public static void main(String[] args) throws IOException {
    all().stream()
        .filter(command -> command.reason.equals("script"))
        .map(DocsCommand::line)
        .distinct()
        .forEach(System.out::println);
  }

  /** Those of README.md and of all pages but docs/cli.md, whose examples HelpTest checks. */
  static List<DocsCommand> all() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md") && !page.endsWith("cli.md"))
          .sorted()
          .forEach(pages::add);
    }
    List<String[]> reasons =
        Files.readAllLines(Path.of("src/test/resources/docs-commands.txt")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.split("\t", 2))
            .toList();
    List<DocsCommand> commands = new ArrayList<>();
    for (Path page : pages) {
      for (String line : lines(Files.readAllLines(page))) {
        String reason =
            reasons.stream().filter(r -> line.matches(r[1])).map(r -> r[0]).findFirst().orElse("");
        commands.add(new DocsCommand(page, line, reason));
      }
    }
    return commands;
  }

  /** The command lines of a page. */
  static List<String> lines(List<String> page) {
    List<String> commands = new ArrayList<>();
    boolean fenced = false;
    boolean shell = false;
    boolean indented = false; // in an indented block, which an empty line and no list precede
    boolean list = false;
    String before = "";
    String joined = "";
    for (String line : page) {
      if (line.strip().startsWith("```")) {
        shell = !fenced && SHELL.matcher(line).matches();
        fenced = !fenced;
        continue;
      }
      if (!fenced && !line.isBlank() && !line.startsWith(" ")) {
        list = line.matches("([-*]|\\d+\\.) .*");
      }
      int indent = list ? 7 : 4; // of code within a list
      indented = line.startsWith(" ".repeat(indent)) && (indented || before.isBlank());
      before = line;
      if (fenced ? !shell : !indented) {
        continue;
      }
      joined += line.strip().replaceFirst("^\\$ ", "").replaceFirst("(^|\\s+)# .*$", "");
      if (joined.endsWith("\\")) {
        joined = joined.substring(0, joined.length() - 1);
        continue;
      }
      if (!joined.isBlank()) {
        commands.add(joined);
      }
      joined = "";
    }
    return commands;
  }
}
