// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.rouse.file.Problem;
import java.io.File;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs shell commands of the user on events. The event's values are environment variables, never
 * shell text: words come from model files, which are not trusted, and may hold shell syntax.
 */
final class Command {
  private static final boolean WINDOWS =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
  private static final int MAX_RUNNING = 16;

  private final AtomicInteger running = new AtomicInteger();
  private final Consumer<String> problems;

  Command(Consumer<String> problems) {
    this.problems = problems;
  }

  /** Starts a command; returns at once. Its output goes to standard error. */
  void run(String command, JsonObject event) {
    if (running.incrementAndGet() > MAX_RUNNING) {
      running.decrementAndGet();
      problems.accept("--exec: " + MAX_RUNNING + " commands are still running; skipped");
      return;
    }
    String filled = filled(command, event);
    List<String> shell = // stdout belongs to the events
        WINDOWS
            ? List.of("cmd", "/c", "(" + filled + ") 1>&2")
            : List.of("sh", "-c", "exec 1>&2\n" + filled);
    try {
      ProcessBuilder process = new ProcessBuilder(shell);
      process.environment().putAll(variables(event));
      process
          .environment()
          .remove("MALLOC_MMAP_THRESHOLD_"); // set by the launcher for the JVM only
      var unused =
          process
              .redirectInput(new File(WINDOWS ? "NUL" : "/dev/null"))
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .onExit()
              .thenAccept(
                  ended -> {
                    running.decrementAndGet();
                    if (ended.exitValue() != 0) {
                      problems.accept("--exec: '" + filled + "' ended with " + ended.exitValue());
                    }
                  });
    } catch (IOException e) {
      running.decrementAndGet();
      problems.accept("--exec: " + Problem.describe(e));
    }
  }

  /** The environment variables of an event. One without a value is empty. */
  static Map<String, String> variables(JsonObject event) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("ROUSE_WORD", value(event, "word"));
    variables.put("ROUSE_SCORE", score(event));
    variables.put("ROUSE_TIME", value(event, "time"));
    variables.put("ROUSE_SOURCE", value(event, "source"));
    variables.put("ROUSE_CLIP", value(event, "clip"));
    if (WINDOWS) { // cmd puts variables into a line before it parses the line
      variables.replaceAll((name, value) -> name.equals("ROUSE_CLIP") ? value : harmless(value));
    }
    return variables;
  }

  /**
   * Replaces {word}, {score}, {time} and {source} by the event's values without shell syntax, and
   * {clip} by a quoted reference to {@code ROUSE_CLIP}.
   */
  static String filled(String command, JsonObject event) {
    String filled = command.replace("{score}", score(event));
    for (String name : List.of("word", "time", "source")) {
      filled = filled.replace("{" + name + "}", harmless(value(event, name)));
    }
    return filled.replace("{clip}", WINDOWS ? "\"%ROUSE_CLIP%\"" : "\"$ROUSE_CLIP\"");
  }

  private static String score(JsonObject event) {
    return String.format(Locale.ROOT, "%.3f", event.get("score").getAsDouble());
  }

  private static String value(JsonObject event, String name) {
    JsonElement value = event.get(name);
    return value == null ? "" : value.getAsString().replace("\0", "");
  }

  /** Without shell syntax, and no option of the command. */
  private static String harmless(String value) {
    return value.replaceAll("[^\\p{L}\\p{N}.:_-]+", "-").replaceAll("^-+", "");
  }
}
