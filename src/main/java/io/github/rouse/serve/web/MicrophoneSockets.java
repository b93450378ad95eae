// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import com.google.gson.JsonObject;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.serve.Limits;
import io.github.rouse.serve.Models;
import io.github.rouse.trigger.EventJson;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;

/**
 * Clients that listen to this machine's microphone: its sound as 16-bit little-endian samples in
 * binary messages, and the messages of {@link LiveMessages}. A {@code ready} message comes first,
 * and again whenever the models change; its {@code at} is the stream's time at the next sample.
 */
public final class MicrophoneSockets implements SampleSink {
  private final List<Client> clients = new CopyOnWriteArrayList<>();

  // Set by the microphone's thread.
  private volatile JsonObject ready; // of its stream; null before the microphone is open
  private int rate;
  private long position; // samples of the stream

  /** Begins a stream. */
  void begin(Models models, List<String> words, int sampleRate) {
    rate = sampleRate;
    position = 0;
    ready = LiveMessages.ready(models, words, sampleRate);
    clients.forEach(client -> client.greeted = false);
  }

  /** Sends a message to all clients of the stream. */
  void send(JsonObject message) {
    clients.stream()
        .filter(client -> client.greeted)
        .forEach(client -> client.outbox.send(message.toString()));
  }

  /** Sends a message that is soon out of date, but not to slow clients. */
  void sendLive(JsonObject message) {
    clients.stream()
        .filter(client -> client.greeted)
        .forEach(client -> client.outbox.sendLive(message.toString()));
  }

  /** Sends sound to all clients. */
  @Override
  public void accept(float[] samples, int from, int length) {
    for (Client client : clients) {
      if (!client.greeted) {
        JsonObject greeting = ready.deepCopy();
        greeting.addProperty("at", EventJson.seconds((double) position / rate));
        client.outbox.send(greeting.toString());
        client.greeted = true; // now that nothing else can come first
      }
      client.outbox.send(pcm(samples, from, length));
    }
    position += length;
  }

  private static ByteBuffer pcm(float[] samples, int from, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = from; i < from + length; i++) {
      bytes.putShort(SampleFormat.toSixteenBits(samples[i]));
    }
    return bytes.flip();
  }

  /** A listener for a new client's socket. */
  Session.Listener newClient() {
    return new Client();
  }

  /** One client's socket; public because Jetty requires it. */
  public final class Client implements Session.Listener.AutoDemanding {
    private SocketOutbox outbox;
    private volatile boolean greeted;

    private Client() {}

    @Override
    public void onWebSocketOpen(Session opened) {
      outbox = new SocketOutbox(opened);
      if (ready == null) {
        fail("this machine's microphone is not open");
      } else if (clients.size() >= Limits.STREAMS) {
        fail("too many clients listen to the microphone");
      } else {
        clients.add(this);
      }
    }

    private void fail(String reason) {
      JsonObject error = LiveMessages.message("error");
      error.addProperty("error", reason);
      outbox.send(error.toString());
      outbox.close(StatusCode.TRY_AGAIN_LATER);
    }

    @Override
    public void onWebSocketError(Throwable problem) {
      clients.remove(this);
    }

    @Override
    public void onWebSocketClose(int status, String reason, Callback callback) {
      clients.remove(this);
      callback.succeed();
    }
  }
}
