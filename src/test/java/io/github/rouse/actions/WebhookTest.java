// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WebhookTest {
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final List<String> posted = new CopyOnWriteArrayList<>(); // and answered with 204
  private final Queue<Integer> answers = new ArrayDeque<>(); // 204 afterwards
  private final CountDownLatch open = new CountDownLatch(1); // the server answers nothing before
  private HttpServer server;
  private URI url;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          try {
            open.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          Integer status = answers.poll();
          if (status == null) {
            posted.add(body);
          }
          exchange.sendResponseHeaders(status == null ? 204 : status, -1);
          exchange.close();
        });
    server.start();
    url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/wake");
  }

  @AfterEach
  void stop() {
    open.countDown();
    server.stop(0);
  }

  @Test
  void whatFailsForAWhileIsSentAgainInOrder() {
    open.countDown();
    answers.addAll(List.of(503, 429, 500));
    try (Webhook webhook = new Webhook(url, problems::add, PAUSE)) {
      webhook.post("1");
      webhook.post("2");
    } // waits
    assertEquals(List.of("1", "2"), posted);
    assertEquals(List.of("--webhook: " + url + ": answered 503; trying again"), problems);
  }

  @Test
  void aRefusalIsNotSentAgain() {
    open.countDown();
    answers.add(404);
    try (Webhook webhook = new Webhook(url, problems::add, PAUSE)) {
      webhook.post("1");
      webhook.post("2");
    }
    assertEquals(List.of("2"), posted);
    assertEquals(List.of("--webhook: " + url + ": answered 404"), problems);
  }

  @Test
  void aServerThatStartsLateGetsTheEvents() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    URI late = URI.create("http://127.0.0.1:" + port + "/");
    open.countDown();
    HttpServer second;
    try (Webhook webhook = new Webhook(late, problems::add, Duration.ofMillis(300))) {
      webhook.post("1");
      while (problems.isEmpty()) {
        Thread.sleep(5);
      }
      second = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      second.createContext(
          "/",
          exchange -> {
            posted.add("late");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      second.start();
      while (posted.isEmpty()) {
        Thread.sleep(5);
      }
    } // waits for the answer
    second.stop(0);
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.get(0).endsWith("; trying again"), problems.toString());
  }

  @Test
  void itGivesUpInTheEnd() throws Exception {
    open.countDown();
    IntStream.range(0, Webhook.TRIES).forEach(i -> answers.add(500));
    try (Webhook webhook = new Webhook(url, problems::add, Duration.ofMillis(1))) {
      webhook.post("1");
      webhook.post("2");
    }
    assertEquals(List.of("2"), posted);
    assertEquals(2, problems.size(), problems.toString());
    assertEquals(
        "--webhook: " + url + ": answered 500; gave up on an event after 6 tries", problems.get(1));
  }

  @Test
  void theOldestAreDroppedAndCounted() throws Exception {
    try (Webhook webhook = new Webhook(url, problems::add, PAUSE)) {
      webhook.post("first");
      Thread.sleep(100); // under way
      for (int i = 0; i < Webhook.QUEUE + 3; i++) {
        webhook.post("" + i);
      }
      open.countDown();
      for (int i = 0; i < 200 && posted.size() <= Webhook.QUEUE; i++) {
        Thread.sleep(100); // closing waits for two seconds only
      }
    }
    assertEquals(Webhook.QUEUE + 1, posted.size());
    assertEquals(List.of("first", "3"), posted.subList(0, 2));
    assertEquals(
        List.of(
            "--webhook: " + url + ": 100 events wait; the oldest are dropped",
            "--webhook: " + url + ": 3 events were dropped"),
        problems);
  }

  @Test
  void whatIsNotDeliveredAtTheEndIsCounted() throws Exception {
    Webhook webhook = new Webhook(url, problems::add, PAUSE);
    webhook.post("1");
    webhook.post("2");
    webhook.close();
    assertEquals(List.of("--webhook: " + url + ": ended with 2 events not delivered"), problems);
  }

  @Test
  void onlyWebAddressesAreTaken() {
    for (String wrong : List.of("mailto:me", "ftp://host/", "wake", "http:/path")) {
      assertThrows(IllegalArgumentException.class, () -> Webhook.check(URI.create(wrong)), wrong);
    }
  }
}
