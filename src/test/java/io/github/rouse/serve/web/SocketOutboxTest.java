// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.junit.jupiter.api.Test;

class SocketOutboxTest {
  private final List<String> calls = new ArrayList<>();

  /** Its messages fail once it is closed. */
  private Session session() {
    return (Session)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Session.class},
            (proxy, method, values) -> {
              boolean closed = calls.contains("close");
              calls.add(method.getName());
              if (method.getName().equals("sendText")) {
                Callback sent = (Callback) values[1];
                if (closed) {
                  sent.fail(new IOException("closed"));
                } else {
                  sent.succeed();
                }
              }
              return null;
            });
  }

  /** Otherwise the client loses the reason, which it has not read yet. */
  @Test
  void aMessageAfterTheCloseDoesNotCutTheConnection() {
    SocketOutbox outbox = new SocketOutbox(session());
    outbox.send("the reason");
    outbox.close(StatusCode.BAD_PAYLOAD);
    outbox.sendLive("posteriors");
    assertEquals(List.of("sendText", "close"), calls);
  }
}
