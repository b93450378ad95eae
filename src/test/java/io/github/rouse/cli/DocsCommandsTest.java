// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.NeedsEspeak;
import io.github.rouse.cli.output.Console;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.ParameterException;

/**
 * The shell commands printed in README.md and docs/*.md do what they say. Those that need a
 * microphone, much time or what is not here are in {@code docs-commands.txt}, each with the reason.
 */
class DocsCommandsTest {
  private static final Path HOME = Path.of("").toAbsolutePath();
  private static final Pattern CALL =
      Pattern.compile("(?:^|[|&;] )(?:\\./)?rouse (.*?)(?=$| [|>&;])");
  private static final Pattern ARGUMENT = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  @Test
  void everyPrintedOptionExists() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (DocsCommand command : DocsCommand.all()) {
      Matcher call = CALL.matcher(command.reason().equals("output") ? "" : command.line());
      while (call.find()) {
        List<String> arguments = arguments(call.group(1));
        try {
          Main.commandLine(Console.system(), arguments.get(0))
              .parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
          wrong.add(command.page() + ": " + command.line() + ": " + e.getMessage());
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @NeedsEspeak // for advise, and for recordings
  @Test
  void cheapCommandsRunAsPrinted(@TempDir Path folder) throws Exception {
    prepare(folder);
    List<String> failed = new ArrayList<>();
    List<String> ran = new ArrayList<>();
    for (DocsCommand command : DocsCommand.all()) {
      if (command.reason().isEmpty() && !ran.contains(command.line())) {
        ran.add(command.line());
        String problem = run(folder, command.line());
        if (!problem.isEmpty()) {
          failed.add(command.page() + ": " + command.line() + "\n" + problem);
        }
      }
    }
    assertEquals("", String.join("\n", failed));
    assertTrue(ran.contains("./rouse scan audio-samples"), ran.toString());
  }

  @Test
  void blocksOfDocumentsAreRead() {
    String page =
        """
        Text, `rouse not this`:

            ./rouse one --option \\
                --more     # why
            rouse two 'a # b' | wc

        ```yaml
        rouse: three
        ```
        1. An item
           goes on here

               rouse four

        ```sh
        $ rouse five
        ```
        """;
    assertEquals(
        List.of("./rouse one --option --more", "rouse four", "rouse five"),
        DocsCommand.lines(page.lines().toList()).stream().filter(l -> !l.contains("two")).toList());
  }

  private static List<String> arguments(String call) {
    List<String> arguments = new ArrayList<>();
    Matcher argument = ARGUMENT.matcher(call);
    while (argument.find()) {
      arguments.add(argument.group().replaceAll("^['\"]|['\"]$", ""));
    }
    return arguments;
  }

  /** What a reader of the pages has: the clone, recordings, models and clips. */
  private static void prepare(Path folder) throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    String rouse =
        "#!/bin/sh\nexec '"
            + Path.of(System.getProperty("java.home"), "bin", "java")
            + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 '-Duser.home="
            + folder
            + "' '-Drouse.home="
            + HOME
            + "' \"-Drouse.launcher=$0\" -cp '"
            + System.getProperty("java.class.path")
            + "' "
            + Main.class.getName()
            + " \"$@\"\n";
    for (Path launcher : List.of(folder.resolve("rouse"), bin.resolve("rouse"))) {
      executable(launcher, rouse);
    }
    for (String tool : List.of("systemctl", "loginctl", "launchctl", "notify-send")) {
      executable(bin.resolve(tool), "#!/bin/sh\nexit 0\n"); // as if systemd obeyed
    }
    assertEquals("", run(folder, PREPARE));
  }

  private static final String PREPARE =
      """
      set -e
      cp -r "$ROUSE_CLONE/models" "$ROUSE_CLONE/audio-samples" .
      for model in activate jarvis jarvis-verified MODEL; do cp models/jarvis.onnx $model.onnx; done
      mv MODEL.onnx MODEL
      mkdir held-out hours-of-speech clips
      cp audio-samples/none-noise-and-talk.ogg hours-of-speech
      for name in SPEECH noise; do cp -r hours-of-speech $name; done
      for i in 1 2 3 4 5; do espeak-ng -v en-us+m$i -w held-out/$i.wav jarvis; done
      cp held-out/1.wav some.wav
      clip=jarvis-20260102-030405-678.wav
      espeak-ng -v en-us+m1 -w clips/$clip "the jar vis a vis the cup"
      mark='"word":"jarvis","mark":"wrong","score":0.2,"time":"2026-01-02T03:05:00Z"'
      echo '{"clip":"'$clip'",'$mark'}' >clips/marks.jsonl
      """;

  private static void executable(Path path, String text) throws IOException {
    Files.writeString(path, text);
    assertTrue(path.toFile().setExecutable(true));
  }

  /** What went wrong, or an empty string. */
  private static String run(Path folder, String command) throws Exception {
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", "set -o pipefail; " + command);
    Map<String, String> environment = builder.environment();
    environment.put("HOME", folder.toString());
    environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
    environment.put("ROUSE_CLONE", HOME.toString());
    for (String name : List.of("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")) {
      environment.remove(name);
    }
    Process process =
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      return "no end after two minutes: " + Files.readString(output);
    }
    int status = process.exitValue();
    return status == 0 ? "" : "exit code " + status + ": " + Files.readString(output);
  }
}
