// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import io.github.rouse.serve.StreamHub;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** Sends bytes through the web door, for tests of other packages. */
public final class WebInput {
  private static final int LARGEST = 1 << 16; // bytes of an answer that are looked at

  private final StreamHub hub;
  private final WebDoor door;
  private final int port;

  /** Opens the door on any port. */
  public WebInput(StreamHub hub, Path folder) throws IOException {
    this.hub = hub;
    OwnWords words =
        new OwnWords(
            folder.resolve("recordings"),
            folder.resolve("own"),
            folder.resolve("base.onnx"),
            folder.resolve("base.bank"));
    Lessons lessons =
        new Lessons(folder.resolve("clips"), folder.resolve("own"), Path.of("models", "people"));
    door =
        new WebDoor(
            hub, new WebDoor.Address("127.0.0.1", 0), null, List.of(), null, words, lessons);
    door.open();
    port = door.port();
  }

  /** Sends what may be requests; no answer may be a server's error. */
  public void http(byte[] bytes) throws IOException {
    byte[] answer = new byte[LARGEST];
    int length = 0;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      for (int n; length < LARGEST && (n = in.read(answer, length, LARGEST - length)) > 0; ) {
        length += n;
      }
    } catch (SocketTimeoutException e) {
      throw new IllegalStateException("no answer and no end in 20 s", e);
    } catch (SocketException e) {
      // the server has closed the connection amid the request
    }
    String text = new String(answer, 0, length, StandardCharsets.ISO_8859_1);
    if (text.matches("(?s)HTTP/1\\.1 5(?!03|01|05).*")) {
      throw new IllegalStateException("answered " + text.lines().findFirst().orElse(""));
    }
  }

  /** Takes the messages of a WebSocket: a line with its query, then pieces. */
  public void webSocket(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf('\n') + 1;
    SocketFormat format;
    try {
      Fields query = new Fields(true);
      UrlEncoded.decodeUtf8To(text, 0, Math.max(0, at - 1), query);
      format = SocketFormat.of(query);
    } catch (IllegalArgumentException e) {
      return; // refused
    }
    ListenSocket socket = new ListenSocket(hub, format, "fuzzer");
    socket.onWebSocketOpen(deaf());
    while (at < bytes.length) {
      int kind = bytes[at++] & 255;
      int end = Math.min(bytes.length, at + kind * 16);
      byte[] message = Arrays.copyOfRange(bytes, at, end);
      if (kind % 16 == 0) {
        socket.onWebSocketText(new String(message, StandardCharsets.UTF_8));
      } else {
        socket.onWebSocketBinary(ByteBuffer.wrap(message), Callback.NOOP);
      }
      at = end;
    }
    socket.onWebSocketClose(1000, "", Callback.NOOP);
  }

  /** A session that takes every message at once. */
  private static Session deaf() {
    return (Session)
        Proxy.newProxyInstance(
            Session.class.getClassLoader(),
            new Class<?>[] {Session.class},
            (proxy, method, arguments) -> {
              if (arguments != null
                  && arguments.length > 0
                  && arguments[arguments.length - 1] instanceof Callback callback) {
                callback.succeed();
              }
              return method.getReturnType() == boolean.class ? Boolean.FALSE : null;
            });
  }
}
