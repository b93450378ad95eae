// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.ChannelSelector;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.serve.StreamHub;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The conversation with one client, on one thread. */
final class Session {
  private static final int PIECE = 8 << 10; // bytes of audio converted at a time

  private final StreamHub hub;
  private final String source;
  private final EventReader in;
  private final Outbox out;
  private Set<String> words = Set.of(); // to detect; empty for all
  private boolean hopeless; // none of the words asked for is known
  private Pcm announced; // by audio-start; null outside a stream
  private boolean deaf; // this stream cannot be heard, and the client knows why
  private volatile boolean detected; // since audio-start
  private Audio audio; // null until audio comes

  Session(StreamHub hub, String source, EventReader in, Outbox out) {
    this.hub = hub;
    this.source = source;
    this.in = in;
    this.out = out;
  }

  /**
   * Serves the client until it leaves.
   *
   * @throws BadEventException if it breaks the protocol for good; it has been told
   */
  void run() throws IOException {
    try {
      WireEvent event = next();
      while (event != null) {
        try {
          handle(event);
        } catch (BadEventException e) {
          complain(e);
        }
        event = next();
      }
    } finally {
      endAudio();
    }
  }

  private WireEvent next() throws IOException {
    while (true) {
      out.awaitRoom();
      try {
        return in.next();
      } catch (BadEventException e) {
        complain(e);
      }
    }
  }

  private void complain(BadEventException e) throws BadEventException {
    out.send(WireEvent.error(e.getMessage(), "bad-event"));
    if (e.fatal()) {
      throw e;
    }
  }

  private void handle(WireEvent event) throws IOException {
    switch (event.type()) {
      case "describe" -> out.send(Info.of(hub.models()));
      case "ping" -> out.send(pong(event.data()));
      case "detect" -> detect(event.data());
      case "audio-start" -> start(event.data());
      case "audio-chunk" -> chunk(event.data());
      case "audio-stop" -> stop();
      default -> {} // of another domain, or of a newer protocol
    }
  }

  private static WireEvent pong(JsonObject data) {
    JsonObject back = new JsonObject();
    if (data.has("text")) {
      back.add("text", data.get("text"));
    }
    return new WireEvent("pong", back);
  }

  private void detect(JsonObject data) throws BadEventException {
    Set<String> wanted = names(data.get("names"));
    endAudio(); // it ran for other words
    List<String> known = hub.models().words();
    List<String> unknown = wanted.stream().filter(name -> !known.contains(name)).toList();
    if (!unknown.isEmpty()) {
      String text = "no model is named " + String.join(" or ", unknown);
      out.send(WireEvent.error(text + "; there are " + String.join(", ", known), "unknown-model"));
    }
    hopeless = !wanted.isEmpty() && unknown.size() == wanted.size();
    unknown.forEach(wanted::remove);
    words = wanted;
  }

  /** The names asked for; empty for all. */
  private static Set<String> names(JsonElement names) throws BadEventException {
    Set<String> wanted = new LinkedHashSet<>();
    if (names == null || names.isJsonNull()) {
      return wanted;
    }
    if (!names.isJsonArray()) {
      throw new BadEventException("names: expected a list of strings", false);
    }
    for (JsonElement name : names.getAsJsonArray()) {
      if (!(name instanceof JsonPrimitive text && text.isString())) {
        throw new BadEventException("names: expected a list of strings", false);
      }
      wanted.add(name.getAsString());
    }
    return wanted;
  }

  private void start(JsonObject data) throws BadEventException {
    endAudio();
    detected = false;
    announced = null;
    deaf = true; // unless the format is right
    announced = format(data);
    deaf = false;
  }

  private Pcm format(JsonObject data) throws BadEventException {
    try {
      return Pcm.of(data, announced);
    } catch (IllegalArgumentException e) {
      throw new BadEventException(e.getMessage(), false);
    }
  }

  private void chunk(JsonObject data) throws IOException {
    if (deaf || hopeless) {
      return;
    }
    try {
      Pcm format = format(data);
      if (audio == null || audio.rate != format.rate()) {
        endAudio();
        audio = new Audio(format);
      }
      audio.hear(format, timestamp(data));
    } catch (BadEventException e) {
      deaf = true; // each chunk would raise the same error
      throw e;
    } catch (IllegalArgumentException | IllegalStateException e) {
      deaf = true;
      out.send(WireEvent.error(e.getMessage(), "unavailable"));
    }
  }

  /** The event's time stamp in ms, or null. */
  private static Long timestamp(JsonObject data) {
    return data.get("timestamp") instanceof JsonPrimitive stamp && stamp.isNumber()
        ? Math.round(stamp.getAsDouble())
        : null;
  }

  private void stop() {
    endAudio();
    if (!detected) {
      out.send(WireEvent.of("not-detected"));
    }
    announced = null;
    deaf = false;
    detected = false;
  }

  /** Ends the stream, if there is one, after its last events. */
  private void endAudio() {
    if (audio != null) {
      StreamHub.Stream stream = audio.stream;
      audio = null;
      stream.close();
    }
  }

  /** Audio of one sample rate. */
  private final class Audio implements DetectionHandler {
    private final byte[] bytes = new byte[PIECE];
    private final float[] samples = new float[PIECE];
    private final ChunkTimes times = new ChunkTimes();
    private final int rate; // Hz
    private final StreamHub.Stream stream;
    private Pcm format;
    private ChannelSelector selector;
    private long position; // frames heard
    private int begun; // bytes of a frame whose end is still to come

    Audio(Pcm format) {
      rate = format.rate();
      stream = hub.open(source, rate, words, this);
    }

    /** Reads the payload of a chunk. */
    void hear(Pcm next, Long timestamp) throws IOException {
      if (!next.equals(format)) {
        format = next;
        selector = new ChannelSelector(Channel.AUTO, format.channels(), rate);
        begun = 0;
      }
      times.add(position, timestamp);
      for (int n = read(); n > 0; n = read()) {
        int filled = begun + n;
        int frames = filled / format.frameBytes();
        format.samples().decode(bytes, false, samples, frames * format.channels());
        selector.reduce(samples, frames, samples);
        stream.accept(samples, 0, frames);
        position += frames;
        begun = filled - frames * format.frameBytes();
        System.arraycopy(bytes, filled - begun, bytes, 0, begun);
      }
    }

    private int read() throws IOException {
      return in.payload(bytes, begun, PIECE - begun);
    }

    @Override
    public void event(TriggerEvent event) {
      detected = true;
      long last = (event.end() - 1) * rate / event.sampleRate(); // frame of the word
      out.send(WireEvent.detection(event.word(), times.at(last)));
    }
  }
}
