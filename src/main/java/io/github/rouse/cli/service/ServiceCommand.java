// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.service;

import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.output.Console;
import io.github.rouse.file.AtomicFile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code rouse service}: the listener or the server in the background. */
@Command(
    name = "service",
    description = "Runs the listener or the server in the background, from each login on.",
    subcommands = {
      ServiceCommand.Install.class,
      ServiceCommand.Status.class,
      ServiceCommand.Uninstall.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class ServiceCommand {
  private static final Path LINGERING = Path.of("/var/lib/systemd/linger"); // a file per user

  private final Console console;
  private final Supervisor supervisor = ofThisSystem();

  @Mixin CommonOptions common;

  public ServiceCommand(Console console) {
    this.console = console;
  }

  /** The supervisor of this system. */
  private static Supervisor ofThisSystem() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    Path home = Path.of(System.getProperty("user.home"));
    if (system.startsWith("windows")) {
      return new TaskScheduler(
          folder("LOCALAPPDATA", home.resolve("AppData").resolve("Local")).resolve("rouse"));
    } else if (system.startsWith("mac")) {
      return new Launchd(home.resolve("Library"));
    }
    return new Systemd(
        folder("XDG_CONFIG_HOME", home.resolve(".config")).resolve("systemd").resolve("user"));
  }

  private static Path folder(String variable, Path otherwise) {
    String set = System.getenv(variable);
    return set == null || set.isEmpty() ? otherwise : Path.of(set);
  }

  /** Makes a service and starts it. */
  @Command(
      name = "install",
      description =
          "Starts `rouse listen` or `rouse serve` now and at each login; restarts it after a failure.")
  static final class Install implements Callable<Integer> {
    @ParentCommand ServiceCommand parent;
    @Mixin CommonOptions common;
    @Spec CommandSpec spec;

    @Parameters(
        arity = "0..*",
        paramLabel = "[listen|serve] [-- OPTION...]",
        hideParamSyntax = true,
        description = "The command (default: listen) and its options.")
    List<String> command = new ArrayList<>();

    @Option(names = "--linger", description = "Start at boot, before the user logs in (systemd).")
    boolean linger;

    @Option(
        names = "--dry-run",
        description = "Print the service's definition and do nothing else.")
    boolean dryRun;

    @Override
    public Integer call() throws IOException {
      return parent.install(this);
    }
  }

  /** Shows the services' states. */
  @Command(name = "status", description = "Shows the state of each installed service.")
  static final class Status implements Callable<Integer> {
    @ParentCommand ServiceCommand parent;
    @Mixin CommonOptions common;

    @Override
    public Integer call() {
      return parent.status();
    }
  }

  /** Stops and removes services. */
  @Command(
      name = "uninstall",
      description = "Stops and removes the services. Models and recordings stay.")
  static final class Uninstall implements Callable<Integer> {
    @ParentCommand ServiceCommand parent;
    @Mixin CommonOptions common;

    @Parameters(arity = "0..1", paramLabel = "listen|serve", description = "Default: both.")
    String kind;

    @Override
    public Integer call() throws IOException {
      return parent.uninstall(kind);
    }
  }

  private int install(Install request) throws IOException {
    List<String> words = new ArrayList<>(request.command);
    String kind =
        !words.isEmpty() && Service.KINDS.contains(words.get(0)) ? words.remove(0) : Service.LISTEN;
    if (!words.isEmpty() && !words.get(0).startsWith("-")) {
      throw new IllegalArgumentException("service=" + words.get(0) + ", expected listen or serve");
    }
    request
        .spec
        .root()
        .commandLine()
        .getSubcommands()
        .get(kind)
        .parseArgs(words.toArray(String[]::new));
    Service service =
        new Service(kind, launcher(), words, Path.of("").toAbsolutePath(), environment());
    String text = supervisor.text(service);
    if (request.dryRun) {
      console.print(text.stripTrailing());
      return 0;
    }
    Path file = supervisor.file(kind);
    write(file, text, supervisor.charset());
    console.say("wrote " + file);
    List<List<String>> commands = new ArrayList<>(supervisor.start(kind));
    if (request.linger) {
      commands.add(List.of("loginctl", "enable-linger"));
    }
    for (List<String> command : commands) {
      CommandOutcome outcome = CommandOutcome.of(command);
      if (outcome.code() != 0) {
        console.say(outcome.reason(command) + "; to start the service later: " + lines(commands));
        return ExitCode.FAILED;
      }
    }
    console.say(
        Service.name(kind) + " is running (`rouse service status`, `rouse service uninstall`)");
    return 0;
  }

  private static String lines(List<List<String>> commands) {
    return String.join(" && ", commands.stream().map(one -> String.join(" ", one)).toList());
  }

  private static void write(Path file, String text, Charset charset) throws IOException {
    Files.createDirectories(file.getParent());
    AtomicFile.write(file, out -> out.write(text.getBytes(charset)));
  }

  private static Path launcher() {
    String launcher = System.getProperty("rouse.launcher");
    if (launcher == null) {
      throw new IllegalStateException(
          "a service runs the launcher `rouse`: use it for this command too");
    }
    return Path.of(launcher);
  }

  /** The variables that the launcher reads: services do not inherit a session's environment. */
  private static Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    String java = System.getProperty("java.home");
    if (!Path.of(java).startsWith(Path.of(System.getProperty("rouse.home", "")).toAbsolutePath())) {
      environment.put("JAVA_HOME", java);
    }
    String options = System.getenv("ROUSE_JAVA_OPTS");
    if (options != null && !options.isBlank()) {
      environment.put("ROUSE_JAVA_OPTS", options);
    }
    return environment;
  }

  private int status() {
    List<String> installed = installed();
    if (installed.isEmpty()) {
      console.say("no service is installed (see `rouse service install --help`)");
      return ExitCode.FAILED;
    }
    int code = 0;
    for (String kind : installed) {
      List<String> command = supervisor.status(kind);
      CommandOutcome outcome = CommandOutcome.of(command);
      if (outcome.code() != 0) {
        code = ExitCode.FAILED;
      }
      console.print(outcome.output().isEmpty() ? outcome.reason(command) : outcome.output());
    }
    return code;
  }

  private List<String> installed() {
    return Service.KINDS.stream().filter(kind -> Files.exists(supervisor.file(kind))).toList();
  }

  private int uninstall(String only) throws IOException {
    if (only != null && !Service.KINDS.contains(only)) {
      throw new IllegalArgumentException("service=" + only + ", expected listen or serve");
    }
    List<String> kinds = only == null ? installed() : List.of(only);
    boolean any = false;
    for (String kind : kinds) {
      Path file = supervisor.file(kind);
      if (Files.exists(file)) {
        any = true;
        supervisor.stop(kind).forEach(CommandOutcome::of);
        Files.delete(file);
        console.say("removed " + file);
      }
    }
    if (!any) {
      console.say("no service is installed");
      return ExitCode.FAILED;
    }
    if (supervisor instanceof Systemd) {
      CommandOutcome.of(List.of("systemctl", "--user", "daemon-reload"));
      if (Files.exists(LINGERING.resolve(System.getProperty("user.name")))) {
        console.say("your services still start at boot; `loginctl disable-linger` ends that");
      }
    }
    return 0;
  }

  /** How a command ended, and what it printed. */
  private record CommandOutcome(int code, String output) {
    static CommandOutcome of(List<String> command) {
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File(File.separatorChar == '\\' ? "NUL" : "/dev/null"))
                .start();
        String output =
            new String(process.getInputStream().readAllBytes(), Charset.defaultCharset());
        return new CommandOutcome(process.waitFor(), output.strip());
      } catch (IOException e) {
        return new CommandOutcome(-1, "");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CommandOutcome(-1, "");
      }
    }

    /** Why it failed, in one line. */
    String reason(List<String> command) {
      String program = command.get(0);
      return code < 0
          ? program + ": not found"
          : program + ": " + output.lines().findFirst().orElse("ended with " + code);
    }
  }
}
