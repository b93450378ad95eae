// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command's help as a manual page, in the man macros of roff (man(7)). */
public final class ManPage {
  private final StringBuilder page = new StringBuilder();

  private ManPage(CommandSpec command) {
    String name = command.qualifiedName("-");
    Help help = new Help(command, Help.defaultColorScheme(Help.Ansi.OFF));
    line(".TH " + name.toUpperCase(Locale.ROOT) + " 1 \"\" \"Rouse\" \"Rouse\"");
    line(".SH NAME");
    line(text(name) + " \\- " + described(command.usageMessage().description()));
    line(".SH SYNOPSIS");
    verbatim(help.synopsis(0).lines().toList());
    if (!command.subcommands().isEmpty()) {
      line(".SH COMMANDS");
      verbatim(help.commandList().lines().toList());
    }
    line(".SH OPTIONS");
    for (PositionalParamSpec parameter : command.positionalParameters()) {
      item(parameter.paramLabel(), parameter);
    }
    for (OptionSpec option : command.options()) {
      item(label(option), option);
    }
    line(".SH NOTES");
    verbatim(List.of(command.usageMessage().footer()));
  }

  /** An option's names and parameter. */
  static String label(OptionSpec option) {
    String names = String.join(", ", option.names());
    if (option.negatable()) {
      names = names.replace("--", "--[no-]");
    }
    return option.arity().max() == 0 ? names : names + "=" + option.paramLabel();
  }

  /** The page as text. */
  public static String of(CommandSpec command) {
    return new ManPage(command).page.toString();
  }

  private void item(String label, ArgSpec argument) {
    line(".TP");
    line("\\fB" + text(label) + "\\fR");
    line(described(argument.description()));
  }

  private static String described(String[] description) {
    return text(String.join(" ", description).replace("%%", "%").replace("%n", " "));
  }

  private void verbatim(List<String> lines) {
    line(".nf");
    lines.forEach(one -> line(text(one)));
    line(".fi");
  }

  private void line(String line) {
    page.append(line).append('\n');
  }

  /** Text without what roff would take for a request or an escape. */
  private static String text(String plain) {
    String escaped = plain.replace("\\", "\\e").replace("-", "\\-");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
