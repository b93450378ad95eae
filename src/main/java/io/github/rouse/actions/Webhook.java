// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import io.github.rouse.file.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Posts events to one URL, in order, on a thread of its own. What fails for a reason that may pass
 * (no connection, a time-out, status 429 or 5xx) is tried again after pauses that double. At most
 * {@value #QUEUE} events wait; then the oldest is dropped.
 */
final class Webhook implements Closeable {
  static final int QUEUE = 100; // events
  static final int TRIES = 6;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1); // 31 s in all
  private static final Duration LAST_WORDS = Duration.ofSeconds(2); // for what waits at the end

  private final URI url;
  private final Consumer<String> problems;
  private final Duration firstPause;
  private final HttpClient http;
  private final Thread sender = new Thread(this::send, "rouse-webhook");

  // Guarded by this.
  private final ArrayDeque<String> waiting = new ArrayDeque<>(); // JSON
  private int dropped; // since the queue was last empty
  private boolean posting;
  private boolean closed;

  /**
   * Starts the sender.
   *
   * @throws IllegalArgumentException if it is no http(s) URL
   */
  Webhook(URI url, Consumer<String> problems) {
    this(url, problems, FIRST_PAUSE);
  }

  Webhook(URI url, Consumer<String> problems, Duration firstPause) {
    check(url);
    this.url = url;
    this.problems = problems;
    this.firstPause = firstPause;
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // plain servers trip over an upgrade to 2
            .connectTimeout(TIMEOUT)
            .build();
    sender.setDaemon(true);
    sender.start();
  }

  /** Rejects what is no http(s) URL. */
  static URI check(URI url) {
    if (!List.of("http", "https").contains(String.valueOf(url.getScheme()))
        || url.getHost() == null) {
      throw new IllegalArgumentException("webhook=" + url + ", expected an http(s) URL");
    }
    return url;
  }

  /** Queues an event; returns at once. */
  synchronized void post(String json) {
    if (waiting.size() == QUEUE) {
      waiting.remove();
      if (dropped++ == 0) {
        say(QUEUE + " events wait; the oldest are dropped");
      }
    }
    waiting.add(json);
    notifyAll();
  }

  private void send() {
    try {
      for (String json = next(); json != null; json = next()) {
        deliver(json);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** The next event; null at the end. */
  private synchronized String next() throws InterruptedException {
    posting = false;
    if (waiting.isEmpty() && dropped > 0) {
      say(dropped + " events were dropped");
      dropped = 0;
    }
    notifyAll();
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    posting = !waiting.isEmpty();
    return waiting.poll();
  }

  private void deliver(String json) throws InterruptedException {
    Duration pause = firstPause;
    for (int tries = 1; ; tries++) {
      String problem;
      boolean passing = true;
      try {
        int status = http.send(request(json), HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status / 100 == 2) {
          return;
        }
        problem = "answered " + status;
        passing = status == 429 || status / 100 == 5;
      } catch (IOException e) {
        problem = Problem.describe(e);
      }
      if (!passing || tries == TRIES) {
        say(problem + (tries == 1 ? "" : "; gave up on an event after " + tries + " tries"));
        return;
      } else if (tries == 1) {
        say(problem + "; trying again");
      }
      Thread.sleep(pause.toMillis());
      pause = pause.multipliedBy(2);
    }
  }

  private HttpRequest request(String json) {
    return HttpRequest.newBuilder(url)
        .timeout(TIMEOUT)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json))
        .build();
  }

  private void say(String message) {
    problems.accept("--webhook: " + url + ": " + message);
  }

  /** Waits a moment for what is under way, then drops the rest. */
  @Override
  public void close() {
    int lost;
    synchronized (this) {
      closed = true;
      notifyAll();
      long end = System.nanoTime() + LAST_WORDS.toNanos();
      try {
        for (long left = LAST_WORDS.toMillis();
            left > 0 && (posting || !waiting.isEmpty());
            left = (end - System.nanoTime()) / 1_000_000) {
          wait(left);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      lost = waiting.size() + (posting ? 1 : 0) + dropped;
      waiting.clear();
    }
    sender.interrupt();
    if (lost > 0) {
      say("ended with " + lost + (lost == 1 ? " event" : " events") + " not delivered");
    }
  }
}
