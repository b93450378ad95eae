// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The help of all commands as one Markdown page, {@code docs/cli.md}. */
public final class MarkdownPage {
  private final StringBuilder page = new StringBuilder();

  private MarkdownPage(CommandSpec rouse) {
    line("# The command line");
    line("");
    line("<!-- Made by `rouse man --markdown`; a test compares. -->");
    line("");
    line(
        "Results go to standard output, messages to standard error. Exit codes: 0 done, 1 failed,");
    line("2 wrong usage, 130 interrupted. Every command has `--help`, `--quiet` and `--verbose`.");
    line("");
    line("| command | |");
    line("|---|---|");
    Map<String, CommandLine> commands = new LinkedHashMap<>(rouse.subcommands());
    commands.remove("help");
    commands.forEach(
        (name, command) ->
            line("| [" + name + "](#" + name + ") | " + firstSentence(command) + " |"));
    commands.forEach((name, command) -> section("##", name, command.getCommandSpec()));
  }

  /** The page as text. */
  public static String of(CommandSpec rouse) {
    return new MarkdownPage(rouse).page.toString();
  }

  private void section(String level, String name, CommandSpec command) {
    line("");
    line(level + " " + name);
    line("");
    line(text(command.usageMessage().description()));
    List<PositionalParamSpec> parameters = command.positionalParameters();
    List<OptionSpec> options =
        command.options().stream().filter(option -> !everywhere(option)).toList();
    if (!parameters.isEmpty() || !options.isEmpty()) {
      line("");
      line("| option | |");
      line("|---|---|");
      parameters.forEach(parameter -> row(parameter.paramLabel(), parameter));
      for (OptionSpec option : options) {
        row(ManPage.label(option), option);
      }
    }
    notes(command);
    command
        .subcommands()
        .forEach((sub, one) -> section(level + "#", name + " " + sub, one.getCommandSpec()));
  }

  private void row(String label, ArgSpec argument) {
    line("| `" + label.replace("|", "\\|") + "` | " + cell(text(argument.description())) + " |");
  }

  /** What follows the options in the help: remarks, then examples. */
  private void notes(CommandSpec command) {
    List<String> notes = List.of(command.usageMessage().footer());
    int examples = notes.contains("Examples:") ? notes.indexOf("Examples:") : notes.size();
    List<String> remarks = notes.subList(0, examples).stream().filter(n -> !n.isEmpty()).toList();
    if (!remarks.isEmpty()) {
      line("");
      remarks.forEach(remark -> line(escaped(remark)));
    }
    if (examples < notes.size()) {
      line("");
      notes.subList(examples + 1, notes.size()).forEach(example -> line("  " + example));
    }
  }

  private static boolean everywhere(OptionSpec option) {
    return List.of("--help", "--quiet", "--verbose").contains(option.longestName());
  }

  private static String firstSentence(CommandLine command) {
    String all = text(command.getCommandSpec().usageMessage().description());
    return cell(all.replaceFirst("(?s)(?<=[a-z)]\\.)\\s.*", ""));
  }

  private static String text(String[] description) {
    return escaped(
        Arrays.stream(description)
            .map(one -> one.replace("%%", "%").replace("%n", " "))
            .collect(Collectors.joining(" ")));
  }

  private static String escaped(String plain) {
    return plain
        .replace("<", "&lt;")
        .replace("*", "\\*")
        .replaceAll("docs/([\\w-]+\\.md)", "[docs/$1]($1)");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }

  private void line(String line) {
    page.append(line).append('\n');
  }
}
