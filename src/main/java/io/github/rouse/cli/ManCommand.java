// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.ManPage;
import io.github.rouse.cli.output.MarkdownPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rouse man}: help as manual pages, or as a page in Markdown. */
@Command(name = "man", description = "Prints the manual page of a command.")
final class ManCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;
  @Spec CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "COMMAND",
      description = "The command. Default: the page of rouse itself.")
  String command;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write the pages of rouse and all its commands to a folder.")
  Path folder;

  @Option(names = "--markdown", description = "Print one Markdown page of all commands.")
  boolean markdown;

  ManCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    CommandLine rouse = spec.root().commandLine();
    if (command != null && (markdown || folder != null)) {
      throw new IllegalArgumentException("give COMMAND, --out or --markdown");
    }
    if (markdown) {
      console.print(MarkdownPage.of(rouse.getCommandSpec()).stripTrailing());
      return 0;
    }
    if (folder != null) {
      Files.createDirectories(folder);
      write(rouse);
      return 0;
    }
    CommandLine shown = command == null ? rouse : rouse.getSubcommands().get(command);
    if (shown == null) {
      console.say(command + ": no such command (see `rouse --help`)");
      return ExitCode.WRONG_USAGE;
    }
    console.print(ManPage.of(shown.getCommandSpec()));
    return 0;
  }

  /** The page of a command, and those of its subcommands. */
  private void write(CommandLine command) throws IOException {
    CommandSpec page = command.getCommandSpec();
    Files.writeString(folder.resolve(page.qualifiedName("-") + ".1"), ManPage.of(page));
    for (CommandLine one : command.getSubcommands().values()) {
      write(one);
    }
  }
}
