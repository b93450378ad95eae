// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs a command and calls a webhook on each event, without blocking the listener. */
public final class EventActions {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final boolean WINDOWS =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

  private static final int MAX_RUNNING = 16; // commands

  private final AtomicInteger running = new AtomicInteger();
  private final String command;
  private final URI webhook;
  private final Console console;
  private final HttpClient http;

  /** Either action may be null. */
  public EventActions(String command, URI webhook, Console console) {
    this.command = command;
    this.webhook = webhook;
    this.console = console;
    if (webhook != null
        && !List.of("http", "https").contains(String.valueOf(webhook.getScheme()))) {
      throw new IllegalArgumentException("webhook=" + webhook + ", expected an http(s) URL");
    }
    http =
        webhook == null
            ? null
            : HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1) // plain servers trip over an upgrade to 2
                .connectTimeout(TIMEOUT)
                .build();
  }

  /**
   * Starts the actions.
   *
   * @param json the event as one JSON object
   */
  public void run(String json) {
    if (command != null) {
      execute(JsonParser.parseString(json).getAsJsonObject());
    }
    if (webhook != null) {
      post(json);
    }
  }

  private void execute(JsonObject event) {
    if (running.incrementAndGet() > MAX_RUNNING) {
      running.decrementAndGet();
      console.say("--exec: " + MAX_RUNNING + " commands are still running; skipped");
      return;
    }
    String filled = filled(command, event);
    List<String> shell = // stdout belongs to the events
        WINDOWS
            ? List.of("cmd", "/c", "(" + filled + ") 1>&2")
            : List.of("sh", "-c", "exec 1>&2\n" + filled);
    try {
      ProcessBuilder process = new ProcessBuilder(shell);
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
                      console.say("--exec: '" + filled + "' ended with " + ended.exitValue());
                    }
                  });
    } catch (IOException e) {
      running.decrementAndGet();
      console.say("--exec: " + Console.describe(e));
    }
  }

  /**
   * Replaces {word}, {score}, {time}, {source} and {clip} by the event's values; {clip} is empty if
   * no clip was saved. Shell syntax is removed from the values, because words come from model
   * files, which are not trusted. The clip's path is quoted.
   */
  public static String filled(String command, JsonObject event) {
    String score = String.format(Locale.ROOT, "%.3f", event.get("score").getAsDouble());
    String filled = command.replace("{score}", score);
    for (String name : List.of("word", "time", "source")) {
      filled = filled.replace("{" + name + "}", harmless(event.get(name).getAsString()));
    }
    JsonElement clip = event.get("clip");
    return filled.replace("{clip}", clip == null ? "" : quoted(clip.getAsString()));
  }

  private static String harmless(String value) {
    return value.replaceAll("[^\\p{L}\\p{N}.:_-]+", "-");
  }

  private static String quoted(String path) {
    return WINDOWS ? '"' + path + '"' : "'" + path.replace("'", "'\\''") + "'";
  }

  private void post(String json) {
    HttpRequest request =
        HttpRequest.newBuilder(webhook)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    var unused =
        http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
            .whenComplete(
                (response, problem) -> {
                  if (problem != null) {
                    Throwable cause = problem.getCause() == null ? problem : problem.getCause();
                    console.say("--webhook: " + webhook + ": " + Console.describe(cause));
                  } else if (response.statusCode() >= 400) {
                    console.say("--webhook: " + webhook + " answered " + response.statusCode());
                  }
                });
  }
}
