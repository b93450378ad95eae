// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import com.google.gson.JsonObject;
import io.github.rouse.serve.Limits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Server-sent events of this machine's microphone, in the messages of {@link LiveMessages}. */
final class EventFeed extends Handler.Abstract {
  private static final int WAITING = 1000; // messages
  private static final int LIVE = 20; // waiting messages, from which levels are left out
  private static final int BEAT_SECONDS = 5; // so that a reader that is gone shows
  private static final JsonObject END = new JsonObject(); // the only message without a type

  private final List<BlockingQueue<JsonObject>> readers = new CopyOnWriteArrayList<>();

  /** Sends a message to all readers; one that does not keep up misses it and is cut off. */
  void send(JsonObject message) {
    readers.removeIf(
        reader -> {
          boolean late = !reader.offer(message);
          if (late) {
            end(reader);
          }
          return late;
        });
  }

  /** Sends a message that is soon out of date, but not to slow readers. */
  void sendLive(JsonObject message) {
    for (BlockingQueue<JsonObject> reader : readers) {
      boolean unused = reader.size() < LIVE && reader.offer(message);
    }
  }

  /** Ends the answers to all readers. */
  void end() {
    readers.forEach(EventFeed::end);
  }

  private static void end(BlockingQueue<JsonObject> reader) {
    reader.clear();
    boolean unused = reader.offer(END);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    if (readers.size() >= Limits.STREAMS) {
      Answer.error(
          HttpStatus.SERVICE_UNAVAILABLE_503, "too many readers of events", response, callback);
      return true;
    }
    response.setStatus(HttpStatus.OK_200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    BlockingQueue<JsonObject> queue = new ArrayBlockingQueue<>(WAITING);
    readers.add(queue);
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      write(out, ":\n\n");
      while (true) {
        JsonObject message = queue.poll(BEAT_SECONDS, TimeUnit.SECONDS);
        if (END.equals(message)) {
          break;
        }
        write(out, message == null ? ":\n\n" : line(message));
      }
      callback.succeeded();
    } catch (IOException | InterruptedException e) { // the reader is gone, or the server stops
      callback.failed(e);
    } finally {
      readers.remove(queue);
    }
    return true;
  }

  private static String line(JsonObject message) {
    return "event: " + message.get("type").getAsString() + "\ndata: " + message + "\n\n";
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
