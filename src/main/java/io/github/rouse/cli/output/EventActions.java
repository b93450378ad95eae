// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.trigger.TriggerEvent;
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
    http = webhook == null ? null : HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  }

  public void run(TriggerEvent event, String json) {
    if (command != null) {
      execute(event);
    }
    if (webhook != null) {
      post(json);
    }
  }

  private void execute(TriggerEvent event) {
    if (running.incrementAndGet() > MAX_RUNNING) {
      running.decrementAndGet();
      console.say("--exec: " + MAX_RUNNING + " commands are still running; skipped");
      return;
    }
    String filled =
        command
            .replace("{word}", harmless(event.word()))
            .replace("{score}", String.format(Locale.ROOT, "%.3f", event.score()));
    List<String> shell = WINDOWS ? List.of("cmd", "/c", filled) : List.of("sh", "-c", filled);
    try {
      ProcessBuilder process = new ProcessBuilder(shell);
      process
          .environment()
          .remove("MALLOC_MMAP_THRESHOLD_"); // set by the launcher for the JVM only
      var unused =
          process
              .redirectInput(new File(WINDOWS ? "NUL" : "/dev/null"))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
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

  /** Removes shell syntax from a word, which comes from a model file and is not trusted. */
  public static String harmless(String word) {
    return word.replaceAll("[^\\p{L}\\p{N}._-]+", "-");
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
