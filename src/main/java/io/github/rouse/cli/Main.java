// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.cli.guide.DoctorCommand;
import io.github.rouse.cli.guide.NewCommand;
import io.github.rouse.cli.models.AdviseCommand;
import io.github.rouse.cli.models.EmbedCommand;
import io.github.rouse.cli.models.EnrollCommand;
import io.github.rouse.cli.models.EvalCommand;
import io.github.rouse.cli.models.ExportCommand;
import io.github.rouse.cli.models.ImportCommand;
import io.github.rouse.cli.models.InfoCommand;
import io.github.rouse.cli.models.RecordCommand;
import io.github.rouse.cli.models.ReviewCommand;
import io.github.rouse.cli.models.SignCommand;
import io.github.rouse.cli.models.SpeakCommand;
import io.github.rouse.cli.models.TrainCommand;
import io.github.rouse.cli.models.TuneCommand;
import io.github.rouse.cli.models.VerifyCommand;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.options.Suggestions;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.Examples;
import io.github.rouse.cli.service.ServiceCommand;
import io.github.rouse.library.Library;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code rouse} command. */
@Command(
    name = "rouse",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Detects trigger words in audio files and microphone input.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "More: `rouse COMMAND --help`. Results go to stdout, messages to stderr.",
      "Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted."
    })
public final class Main {
  private static final List<String> COMMANDS =
      List.of(
          "scan", "listen", "serve", "spot", "phones", "devices", "doctor", "import", "export",
          "info", "verify", "train", "eval", "tune", "sign", "new", "advise", "speak", "record",
          "enroll", "review", "embed", "service", "bench", "man");

  /** Commands that need the options of other commands. */
  private static final Set<String> OF_OTHERS = Set.of("man", "new", "service");

  private Main() {}

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(Console.system(), args));
  }

  /** Runs a command on these streams and returns its exit code. */
  static int run(Console console, String... args) {
    try {
      Library.PICOCLI.require();
    } catch (IllegalStateException e) {
      console.say(Console.describe(e));
      return ExitCode.FAILED;
    }
    try {
      CommandLine rouse = commandLine(console, args.length == 0 ? "" : args[0]);
      if (args.length == 0) {
        rouse.usage(console.err());
        return ExitCode.WRONG_USAGE;
      }
      return rouse.execute(args);
    } catch (LinkageError e) { // also when Java may open no more files
      console.say("cannot load a class: " + e + "; is `ulimit -n` below 64?");
      return ExitCode.FAILED;
    }
  }

  /** The parser of the command of that name, or of all. */
  static CommandLine commandLine(Console console, String name) {
    return Parser.of(console, commands(name));
  }

  /** The command of that name, or all. Classes of the others, such as training, stay unloaded. */
  private static List<Class<?>> commands(String name) {
    return COMMANDS.contains(name) && !OF_OTHERS.contains(name)
        ? List.of(command(name))
        : COMMANDS.stream().<Class<?>>map(Main::command).toList();
  }

  private static Class<?> command(String name) {
    return switch (name) {
      case "scan" -> ScanCommand.class;
      case "listen" -> ListenCommand.class;
      case "serve" -> ServeCommand.class;
      case "spot" -> SpotCommand.class;
      case "phones" -> PhonesCommand.class;
      case "devices" -> DevicesCommand.class;
      case "doctor" -> DoctorCommand.class;
      case "import" -> ImportCommand.class;
      case "export" -> ExportCommand.class;
      case "info" -> InfoCommand.class;
      case "verify" -> VerifyCommand.class;
      case "train" -> TrainCommand.class;
      case "eval" -> EvalCommand.class;
      case "tune" -> TuneCommand.class;
      case "sign" -> SignCommand.class;
      case "new" -> NewCommand.class;
      case "advise" -> AdviseCommand.class;
      case "speak" -> SpeakCommand.class;
      case "record" -> RecordCommand.class;
      case "enroll" -> EnrollCommand.class;
      case "review" -> ReviewCommand.class;
      case "embed" -> EmbedCommand.class;
      case "service" -> ServiceCommand.class;
      case "bench" -> BenchCommand.class;
      case "man" -> ManCommand.class;
      default -> throw new IllegalArgumentException("command=" + name);
    };
  }

  /** Apart from {@link Main}, which must load without picocli to say that it is missing. */
  private static final class Parser {
    private Parser() {}

    static CommandLine of(Console console, List<Class<?>> commands) {
      CommandLine rouse = new CommandLine(new Main(), new ConsoleFactory(console));
      commands.forEach(rouse::addSubcommand);
      if (commands.size() > 1) {
        rouse.addSubcommand(new CommandLine(new GenerateCompletion()).setCommandName("completion"));
      }
      for (CommandLine command : rouse.getSubcommands().values()) {
        Examples.addTo(command.getCommandSpec());
      }
      if (commands.size() > 1) {
        rouse.addSubcommand(HelpCommand.class);
      }
      rouse.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
      rouse.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
      rouse.setCaseInsensitiveEnumValuesAllowed(true);
      rouse.setExecutionExceptionHandler(
          (problem, command, parsed) -> {
            if (problem instanceof Console.LostOutput lost && lost.pipeClosed()) {
              return ExitCode.FAILED;
            }
            boolean verbose = parsed.expandedArgs().contains("--verbose");
            console.say(Console.describe(problem));
            if (verbose) {
              problem.printStackTrace(console.err());
            }
            return problem instanceof IllegalArgumentException
                ? ExitCode.WRONG_USAGE
                : ExitCode.FAILED;
          });
      rouse.setParameterExceptionHandler(
          (problem, unused) -> {
            String name = problem.getCommandLine().getCommandSpec().qualifiedName();
            console.say(wrong(problem) + " (see `" + name + " --help`)");
            return ExitCode.WRONG_USAGE;
          });
      return rouse;
    }

    /** The problem, and the nearest known names. */
    private static String wrong(ParameterException problem) {
      String message = Console.describe(problem);
      if (problem.getArgSpec() instanceof OptionSpec option) { // picocli names only the longest
        String names = String.join("' or '", option.names());
        return message.replace("'" + option.longestName() + "'", "'" + names + "'");
      }
      CommandLine command = problem.getCommandLine();
      if (problem instanceof UnmatchedArgumentException unmatched) {
        String first = unmatched.getUnmatched().get(0);
        boolean named = !command.getSubcommands().isEmpty() && !unmatched.isUnknownOption();
        return unknown(command, first, named ? first + ": no such command" : message);
      }
      String name = problem.getValue();
      return problem.getArgSpec() == null && name != null // from `rouse help`
          ? unknown(command, name, name + ": no such command")
          : message;
    }

    private static String unknown(CommandLine command, String name, String message) {
      Set<String> known = new HashSet<>(command.getSubcommands().keySet());
      known.addAll(command.getCommandSpec().optionsMap().keySet());
      return message + Suggestions.question(name.replaceFirst("=.*", ""), known);
    }
  }

  /** Passes the console to each command. */
  private record ConsoleFactory(Console console) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (Constructor<?> constructor : type.getDeclaredConstructors()) {
        if (constructor.getParameterCount() == 1
            && constructor.getParameterTypes()[0] == Console.class) {
          return type.cast(constructor.newInstance(console));
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }

  /** The version the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"rouse " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
