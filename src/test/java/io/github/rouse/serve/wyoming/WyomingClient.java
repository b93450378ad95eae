// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rouse.serve.Door;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends bytes, and reads events as strictly as the protocol is written. */
final class WyomingClient implements AutoCloseable {
  private static final int TIME_OUT = 60_000; // ms, on a busy machine

  final Socket socket;
  private final InputStream in;

  WyomingClient(Door door) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port(door));
    socket.setSoTimeout(TIME_OUT);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  static int port(Door door) {
    return URI.create(door.describe().split(" ", -1)[2]).getPort();
  }

  /** An event; {@code data} is JSON, or empty. */
  static byte[] event(String type, String data, byte... payload) {
    byte[] block = data.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String lengths =
        (block.length > 0 ? ", \"data_length\": " + block.length : "")
            + (payload.length > 0 ? ", \"payload_length\": " + payload.length : "");
    bytes.writeBytes(
        ("{\"type\": \"" + type + "\", \"version\": \"1.9.0\"" + lengths + "}\n")
            .getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(block);
    bytes.writeBytes(payload);
    return bytes.toByteArray();
  }

  static byte[] start(int rate, int width, int channels) {
    return event("audio-start", format(rate, width, channels, null));
  }

  static byte[] chunk(int rate, int width, int channels, Long timestamp, byte... pcm) {
    return event("audio-chunk", format(rate, width, channels, timestamp), pcm);
  }

  private static String format(int rate, int width, int channels, Long timestamp) {
    return "{\"rate\": %d, \"width\": %d, \"channels\": %d, \"timestamp\": %s}"
        .formatted(rate, width, channels, timestamp);
  }

  /** Samples in [-1, 1] as PCM of some width, the same in each channel. */
  static byte[] pcm(float[] samples, int width, int channels) {
    byte[] bytes = new byte[samples.length * width * channels];
    int at = 0;
    for (float sample : samples) {
      long value = Math.round(sample * (double) (1L << (8 * width - 1)));
      for (int c = 0; c < channels; c++) {
        for (int b = 0; b < width; b++) {
          bytes[at++] = (byte) (value >> (8 * b));
        }
      }
    }
    return bytes;
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Reads so many bytes. */
  String bytes(int count) throws IOException {
    return new String(in.readNBytes(count), StandardCharsets.UTF_8);
  }

  /** Reads an event: its type and its data; null at the end. */
  JsonObject next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      line.write(b);
    }
    JsonObject header =
        JsonParser.parseString(line.toString(StandardCharsets.UTF_8)).getAsJsonObject();
    JsonObject event = new JsonObject();
    event.add("type", header.get("type"));
    if (header.has("data_length")) {
      byte[] data = in.readNBytes(header.get("data_length").getAsInt());
      JsonParser.parseString(new String(data, StandardCharsets.UTF_8))
          .getAsJsonObject()
          .asMap()
          .forEach(event::add);
    }
    return event;
  }

  /** The rest of a stream's detections as "word timestamp", up to the answer to a ping. */
  List<String> detections() throws IOException {
    send(event("ping", "{\"text\": \"done\"}"));
    List<String> found = new ArrayList<>();
    for (JsonObject event = next(); !type(event).equals("pong"); event = next()) {
      String type = type(event);
      found.add(
          type.equals("detection")
              ? event.get("name").getAsString() + " " + event.get("timestamp")
              : type.equals("error") ? "error: " + event.get("text").getAsString() : type);
    }
    return found;
  }

  static String type(JsonObject event) {
    return event == null ? "end" : event.get("type").getAsString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
