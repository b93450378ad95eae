// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import com.google.gson.JsonObject;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.ChannelSelector;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.file.JsonFields;
import io.github.rouse.serve.Limits;
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
  private static final int PIECE = 8 << 10; // bytes of sound converted at a time

  private final StreamHub hub;
  private final SocketFormat format;
  private final String source;
  private final ChannelSelector selector;
  private final byte[] bytes = new byte[PIECE]; // frames that are being converted, a part of one
  private int filled; // bytes
  private long message; // bytes of the message so far
  private final float[] samples; // interleaved, then mono
  private long frames; // received
  private SocketOutbox outbox;
  private volatile StreamHub.Stream stream; // null before it is open and after its end
  private LiveMessages messages;

  ListenSocket(StreamHub hub, SocketFormat format, String source) {
    this.hub = hub;
    this.format = format;
    this.source = source;
    selector = new ChannelSelector(Channel.AUTO, format.channels(), format.rate());
    samples = new float[PIECE / format.samples().bytes];
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
      fail(StatusCode.POLICY_VIOLATION, e.getMessage());
    } catch (IllegalStateException e) {
      fail(StatusCode.TRY_AGAIN_LATER, e.getMessage());
    }
  }

  /** Takes a message as it arrives: Jetty need not keep all of it. */
  @Override
  public void onWebSocketPartialBinary(ByteBuffer payload, boolean last, Callback callback) {
    try {
      message += payload.remaining();
      if (message > Limits.PAYLOAD && stream != null) {
        callback.succeed();
        fail(
            StatusCode.MESSAGE_TOO_LARGE, "the message has more than " + Limits.PAYLOAD + " bytes");
        return;
      }
      message = last ? 0 : message;
      feed(payload);
      callback.succeed();
    } catch (IllegalArgumentException e) {
      callback.succeed();
      fail(StatusCode.BAD_PAYLOAD, e.getMessage());
    } catch (IllegalStateException e) {
      callback.succeed();
      fail(StatusCode.SERVER_ERROR, e.getMessage());
    } catch (Error e) { // its place would be lost
      closeStream();
      throw e;
    }
  }

  private void feed(ByteBuffer payload) {
    StreamHub.Stream open = stream;
    if (open == null) {
      return; // what a client still sends after its end
    }
    while (payload.hasRemaining()) {
      int read = Math.min(payload.remaining(), PIECE - filled);
      payload.get(bytes, filled, read);
      filled += read;
      int whole = filled / format.frameBytes();
      int count = whole * format.channels();
      format.samples().decode(bytes, false, samples, count);
      check(count);
      selector.reduce(samples, whole, samples);
      frames += whole;
      int converted = whole * format.frameBytes();
      filled -= converted;
      System.arraycopy(bytes, converted, bytes, 0, filled);
      messages.accept(samples, 0, whole);
      open.accept(samples, 0, whole);
    }
  }

  private void check(int count) {
    for (int i = 0; i < count; i++) {
      if (!SampleFormat.isSample(samples[i])) {
        throw new IllegalArgumentException(
            "sample "
                + (frames * format.channels() + i)
                + " of the stream is "
                + samples[i]
                + ", expected "
                + SampleFormat.RANGE);
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
    fail(StatusCode.POLICY_VIOLATION, "expected frames in binary, or {\"type\":\"end\"}");
  }

  private void end() {
    closeStream();
    JsonObject done = LiveMessages.message("done");
    done.addProperty("seconds", EventJson.seconds((double) frames / format.rate()));
    outbox.send(done.toString());
    outbox.close(StatusCode.NORMAL);
  }

  private void fail(int status, String reason) {
    try {
      JsonObject error = LiveMessages.message("error");
      error.addProperty("error", reason);
      outbox.send(error.toString());
      outbox.close(status);
    } finally {
      closeStream();
    }
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

  /** Closes the stream outside the lock: that waits for the pool, whose sink may call this. */
  private void closeStream() {
    StreamHub.Stream open;
    synchronized (this) {
      open = stream;
      stream = null;
    }
    if (open != null) {
      open.close();
    }
  }
}
