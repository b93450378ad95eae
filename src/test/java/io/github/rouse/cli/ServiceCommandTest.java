// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.cli.options.ExitCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@EnabledOnOs(OS.LINUX)
class ServiceCommandTest {
  @TempDir Path folder;
  private final Terminal terminal = new Terminal();

  @Test
  void optionsAreCheckedBeforeAnythingIsWritten() {
    assertEquals(
        ExitCode.WRONG_USAGE,
        terminal.run("service", "install", "listen", "--", "--sensitivity", "high"));
    assertEquals(ExitCode.WRONG_USAGE, terminal.run("service", "install", "lisen"));
    assertTrue(terminal.err().get(0).contains("--sensitivity"), terminal.err().toString());
    assertEquals(
        "rouse: service=lisen, expected listen or serve",
        terminal.err().get(terminal.err().size() - 1));
  }

  @Test
  void aServiceIsWrittenAndRemovedWhereNoSystemdRuns() throws Exception {
    List<String> out = rouse("install", "serve", "--", "--no-microphone", "--models", "my %h");
    Path unit = folder.resolve("systemd/user/rouse-serve.service");
    assertEquals("rouse: wrote " + unit, out.get(0));
    assertTrue(
        out.get(1)
            .endsWith(
                "; to start the service later: systemctl --user daemon-reload && systemctl --user"
                    + " enable rouse-serve.service && systemctl --user restart rouse-serve.service"),
        out.toString());
    assertEquals("exit 1", out.get(2));
    assertTrue(
        Files.readString(unit)
            .contains("\nExecStart=/opt/rouse serve --no-microphone --models \"my %%h\"\n"));

    assertEquals(List.of("rouse: removed " + unit, "exit 0"), rouse("uninstall").subList(0, 2));
    assertFalse(Files.exists(unit));
    assertEquals(List.of("rouse: no service is installed", "exit 1"), rouse("uninstall"));
  }

  @Test
  void aDryRunPrintsTheUnit() throws Exception {
    List<String> out = rouse("install", "--dry-run");
    assertTrue(out.contains("ExecStart=/opt/rouse listen"), out.toString());
    assertEquals("exit 0", out.get(out.size() - 1));
    assertFalse(Files.exists(folder.resolve("systemd")));
  }

  /** The output of another Java, whose user's systemd cannot be reached, and its exit code. */
  private List<String> rouse(String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Drouse.launcher=/opt/rouse");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.add("service");
    command.addAll(List.of(args));
    ProcessBuilder rouse = new ProcessBuilder(command).redirectErrorStream(true);
    rouse.environment().put("XDG_CONFIG_HOME", folder.toString());
    rouse.environment().put("XDG_RUNTIME_DIR", folder.resolve("none").toString());
    rouse.environment().remove("DBUS_SESSION_BUS_ADDRESS");
    Process process = rouse.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>(text.lines().toList());
    lines.add("exit " + process.waitFor());
    return lines;
  }
}
