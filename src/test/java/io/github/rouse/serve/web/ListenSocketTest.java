// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.rouse.TestModels;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.model.WakeModel;
import io.github.rouse.serve.ModelShelf;
import io.github.rouse.serve.StreamHub;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a deadlock ends no test
class ListenSocketTest {
  @TempDir Path folder;
  private ModelShelf shelf;
  private StreamHub hub;
  private ListenSocket socket;
  private volatile Consumer<String> sending = text -> {}; // called for each message

  @BeforeEach
  void open() throws IOException {
    TestModels.loudness("loud").write(folder.resolve("loud.onnx"));
    List<Path> models = List.of(folder.resolve("loud.onnx"));
    shelf = new ModelShelf(models, null, List.of(), WakeModel::read, ModelShelf.INTERVAL);
    hub = new StreamHub(shelf);
    hub.start();
    SocketFormat format = new SocketFormat(16_000, 1, SampleFormat.SIGNED_16, Set.of());
    socket = new ListenSocket(hub, format, "web:test");
    socket.onWebSocketOpen(session());
    assertEquals(1, hub.openStreams());
  }

  @AfterEach
  void close() {
    hub.close();
    shelf.close();
  }

  /** A session that sends nothing. */
  private Session session() {
    return (Session)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Session.class},
            (proxy, method, values) -> {
              if (method.getName().equals("sendText")) {
                sending.accept((String) values[0]);
                ((Callback) values[1]).succeed();
              }
              return null;
            });
  }

  private void send(int samples) {
    socket.onWebSocketPartialBinary(ByteBuffer.allocate(2 * samples), true, Callback.NOOP);
  }

  /** Jetty reports the loss of the connection on the thread that was sending: the pool's. */
  @Test
  void aClientThatLeavesDuringTheLastPosteriorsStopsNobody() {
    send(16_000);
    sending =
        text -> {
          if (text.contains("posteriors")) {
            socket.onWebSocketClose(StatusCode.NO_CLOSE, "", Callback.NOOP);
          }
        };
    socket.onWebSocketText("{\"type\":\"end\"}");
    assertEquals(0, hub.openStreams());
  }

  @Test
  void anErrorEndsTheStream() {
    sending =
        text -> {
          throw new OutOfMemoryError();
        };
    assertThrows(OutOfMemoryError.class, () -> send(16_000));
    assertEquals(0, hub.openStreams());
  }
}
