// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ShortBodiesTest {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  @BeforeEach
  void start() throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    Handler echo =
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws IOException {
            Content.Sink.write(response, true, Content.Source.asString(request), callback);
            return true;
          }
        };
    server.setHandler(new ShortBodies(echo, Duration.ofSeconds(1)));
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  /** Sends a body of ten bytes, one after another; returns what comes back until the end. */
  private String answer(long pauseMillis) throws Exception {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), connector.getLocalPort())) {
      String head =
          """
          POST / HTTP/1.1\r
          Host: x\r
          Content-Type: audio/wav\r
          Content-Length: 10\r
          Connection: close\r
          \r
          """;
      client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < 10; i++) {
        client.getOutputStream().write('0' + i);
        Thread.sleep(pauseMillis);
      }
      InputStream in = client.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (SocketException e) {
      return ""; // disconnected
    }
  }

  @Test
  void aBodyIsReadAndKept() throws Exception {
    String answer = answer(10);
    assertTrue(answer.startsWith("HTTP/1.1 200") && answer.endsWith("0123456789"), answer);
  }

  @Test
  void oneThatComesTooSlowlyIsCutOff() throws Exception {
    assertEquals("", answer(250));
  }
}
