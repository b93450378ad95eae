// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.Examples;
import io.github.rouse.cli.output.ManPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class HelpTest {
  private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  private final Terminal terminal = new Terminal();

  private static CommandLine rouse() {
    return Main.commandLine(Console.system(), "");
  }

  @Test
  void everyCommandHasExamplesThatParse() {
    for (String command : rouse().getSubcommands().keySet()) {
      if (command.equals("help")) {
        continue;
      }
      assertFalse(Examples.of(command).isEmpty(), command);
      for (String example : Examples.of(command)) {
        List<String> arguments = arguments(example);
        assertEquals(command, arguments.get(0), example);
        rouse().parseArgs(arguments.toArray(String[]::new)); // throws
      }
    }
  }

  @Test
  void aNamedCommandIsFoundWithoutTheOthers() {
    Set<String> all = rouse().getSubcommands().keySet();
    for (String name : all) {
      Set<String> found = Main.commandLine(Console.system(), name).getSubcommands().keySet();
      assertTrue(found.equals(Set.of(name)) || found.equals(all), name + ": " + found);
    }
    assertEquals(
        Set.of("scan"), Main.commandLine(Console.system(), "scan").getSubcommands().keySet());
  }

  /** What the shell passes to rouse. */
  private static List<String> arguments(String example) {
    String call = example.replaceFirst("^.*?\\brouse ", "").replaceFirst(" [|>].*|\\)$", "");
    List<String> arguments = new ArrayList<>();
    Matcher argument = ARGUMENT.matcher(call);
    while (argument.find()) {
      arguments.add(argument.group().replaceAll("^[\"']|[\"']$", ""));
    }
    return arguments;
  }

  @Test
  void helpEndsWithExamples() {
    assertEquals(0, terminal.run("advise", "--help"));
    List<String> out = terminal.out();
    assertTrue(out.contains("Examples:"), out.toString());
    assertEquals("  rouse advise \"hola nova\" --voice es", out.get(out.size() - 1));
  }

  @Test
  void longExamplesCanBePasted() {
    for (String command : rouse().getSubcommands().keySet()) {
      Terminal one = new Terminal();
      assertEquals(0, one.run(command, "--help"));
      String out = String.join("\n", one.out()).replace(" \\\n      --", " --");
      for (String example : Examples.of(command)) {
        assertTrue(out.contains("\n  " + example), out);
      }
    }
  }

  @Test
  void completionKnowsEveryCommand() {
    assertEquals(0, terminal.run("completion"));
    String script = String.join("\n", terminal.out());
    for (String command : rouse().getSubcommands().keySet()) {
      assertTrue(script.contains("\"" + command + "\"") || script.contains(" " + command), command);
    }
    assertTrue(script.contains("--false-alarms-per-hour"));
    assertTrue(script.contains("bashcompinit"));
  }

  @Test
  void aManualPageHasTheOptions() {
    assertEquals(0, terminal.run("man", "eval"));
    String page = String.join("\n", terminal.out());
    assertTrue(page.startsWith(".TH ROUSE-EVAL 1 "), page);
    assertTrue(page.contains("\n\\fB\\-\\-negatives=PATH\\fR\n"), page);
    assertTrue(page.contains("95 % bounds"), page);
    assertEquals(0, terminal.run("man"));
    assertEquals(ExitCode.WRONG_USAGE, terminal.run("man", "nothing"));
    assertEquals(List.of("rouse: nothing: no such command (see `rouse --help`)"), terminal.err());
  }

  @Test
  void thePageOfAllCommandsIsUpToDate() throws IOException {
    assertEquals(0, terminal.run("man", "--markdown"));
    assertEquals(ExitCode.WRONG_USAGE, new Terminal().run("man", "--markdown", "eval"));
    assertEquals(
        Files.readString(Path.of("docs/cli.md")).strip(),
        String.join("\n", terminal.out()).strip(),
        "run ./rouse man --markdown > docs/cli.md");
  }

  @Test
  void thePageAndTheManualPagesHaveEveryOptionOfTheProgram() throws IOException {
    String all = Files.readString(Path.of("docs/cli.md"));
    for (CommandLine command : rouse().getSubcommands().values()) {
      String name = command.getCommandName();
      String manual = ManPage.of(command.getCommandSpec());
      String section =
          all.replaceFirst("(?s).*\n## " + name + "\n", "").replaceFirst("(?s)\n## .*", "");
      for (OptionSpec option : command.getCommandSpec().options()) {
        String longest = option.longestName();
        assertTrue(manual.contains(longest.replace("-", "\\-")), name + " " + longest);
        boolean everywhere = List.of("--help", "--quiet", "--verbose").contains(longest);
        assertTrue(everywhere || section.contains(longest), name + " " + longest);
      }
    }
  }

  @Test
  void recordRejectsASpeakerThatWouldBreakTheFileName() {
    assertEquals(
        ExitCode.WRONG_USAGE,
        terminal.run(
            "record", "--word", "w", "--out", "unwritten", "--count", 1, "--speaker", "a-b"));
    assertEquals(List.of("rouse: speaker=a-b, expected letters and digits"), terminal.err());
  }
}
