// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import com.google.gson.JsonObject;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.ChannelSelector;
import io.github.rouse.file.JsonFields;
import io.github.rouse.serve.StreamHub;
import io.github.rouse.trigger.EventJson;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;

/**
 * A client that sends sound and receives events, levels and posteriors. {@code {"type":"end"}} ends
 * the sound: the answers to all of it follow, then {@code {"type":"done"}}.
 */
public final class ListenSocket implements Session.Listener.AutoDemanding {
  private final StreamHub hub;
  private final SocketFormat format;
  private final String source;
  private final ChannelSelector selector;
  private byte[] bytes = new byte[0]; // frames that are being converted, and a part of one
  private int filled; // bytes
  private float[] samples = new float[0]; // interleaved, then mono
  private long frames; // received
  private SocketOutbox outbox;
  private StreamHub.Stream stream; // null before it is open and after its end
  private LiveMessages messages;

  ListenSocket(StreamHub hub, SocketFormat format, String source) {
    this.hub = hub;
    this.format = format;
    this.source = source;
    selector = new ChannelSelector(Channel.AUTO, format.channels(), format.rate());
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    outbox = new SocketOutbox(opened);
    try {
      Set<String> wanted = format.words();
      List<String> words = wanted.isEmpty() ? hub.awaitModels().words() : List.copyOf(wanted);
      messages =
          new LiveMessages(
              source,
              format.rate(),
              words,
              message -> outbox.send(message.toString()),
              message -> outbox.sendLive(message.toString()));
      stream = hub.open(source, format.rate(), wanted, messages);
      outbox.send(LiveMessages.ready(hub.models(), words, format.rate()).toString());
    } catch (IllegalArgumentException e) {
      fail(StatusCode.POLICY_VIOLATION, e);
    } catch (IllegalStateException e) {
      fail(StatusCode.TRY_AGAIN_LATER, e);
    }
  }

  @Override
  public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
    try {
      feed(payload);
      callback.succeed();
    } catch (IllegalArgumentException e) {
      callback.succeed();
      fail(StatusCode.BAD_PAYLOAD, e);
    } catch (IllegalStateException e) {
      callback.succeed();
      fail(StatusCode.SERVER_ERROR, e);
    }
  }

  private void feed(ByteBuffer payload) {
    if (stream == null) {
      return; // what a client still sends after its end
    }
    int size = filled + payload.remaining();
    if (bytes.length < size) {
      byte[] larger = new byte[size];
      System.arraycopy(bytes, 0, larger, 0, filled);
      bytes = larger;
    }
    payload.get(bytes, filled, payload.remaining());
    int whole = size / format.frameBytes();
    int count = whole * format.channels();
    samples = samples.length < count ? new float[count] : samples;
    format.samples().decode(bytes, false, samples, count);
    checkFinite(count);
    selector.reduce(samples, whole, samples);
    frames += whole;
    filled = size - whole * format.frameBytes();
    System.arraycopy(bytes, size - filled, bytes, 0, filled);
    messages.accept(samples, 0, whole);
    stream.accept(samples, 0, whole);
  }

  private void checkFinite(int count) {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(samples[i])) {
        throw new IllegalArgumentException(
            "sample " + (frames * format.channels() + i) + " is not a finite number");
      }
    }
  }

  @Override
  public void onWebSocketText(String message) {
    try {
      JsonObject json = JsonFields.parse(message).getAsJsonObject();
      if (json.has("type") && json.get("type").getAsString().equals("end")) {
        end();
        return;
      }
    } catch (IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) {
      // no message that is known
    }
    fail(
        StatusCode.POLICY_VIOLATION,
        new IllegalArgumentException("expected frames in binary, or {\"type\":\"end\"}"));
  }

  private void end() {
    closeStream();
    JsonObject done = LiveMessages.message("done");
    done.addProperty("seconds", EventJson.seconds((double) frames / format.rate()));
    outbox.send(done.toString());
    outbox.close(StatusCode.NORMAL);
  }

  private void fail(int status, RuntimeException problem) {
    JsonObject error = LiveMessages.message("error");
    error.addProperty("error", problem.getMessage());
    outbox.send(error.toString());
    outbox.close(status);
    closeStream();
  }

  @Override
  public void onWebSocketError(Throwable problem) {
    closeStream();
  }

  @Override
  public void onWebSocketClose(int status, String reason, Callback callback) {
    closeStream();
    callback.succeed();
  }

  private synchronized void closeStream() {
    StreamHub.Stream open = stream;
    stream = null;
    if (open != null) {
      open.close();
    }
  }
}
