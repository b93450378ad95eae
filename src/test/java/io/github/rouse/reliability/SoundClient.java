// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.reliability;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rouse.trigger.EventJson;
import io.github.rouse.trigger.TriggerEvent;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A client of {@code rouse serve} that sends 16-bit sound at 16 kHz and notes the detections. It
 * uses a bare socket, so that it can die during a message.
 */
abstract class SoundClient implements Closeable {
  static final int RATE = 16_000; // Hz, as the models'
  static final int CHUNK = 1024; // samples per message, as satellites send
  private static final int TIME_OUT = 60_000; // ms

  /** What was detected, in order; see {@link #expected}. */
  final List<String> detected = new CopyOnWriteArrayList<>();

  final DataInputStream in;
  private final Socket socket;
  private final Thread reader = new Thread(this::readAll, "soak-reader");
  private volatile boolean done; // the server has answered to all of the sound

  SoundClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIME_OUT);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    reader.setDaemon(true);
  }

  /** Begins a stream, and notes detections from then on. */
  final void begin() throws IOException {
    send(opening());
    reader.start();
  }

  /** Sends a chunk of the sound, or what is left of it. */
  final void send(byte[] pcm, int from) throws IOException {
    send(message(chunk(pcm, from)));
  }

  private static byte[] chunk(byte[] pcm, int from) {
    return Arrays.copyOfRange(pcm, from, Math.min(pcm.length, from + 2 * CHUNK));
  }

  /** Ends the sound; returns whether the server answered to all of it. */
  final boolean end() throws IOException, InterruptedException {
    send(ending());
    reader.join(TIME_OUT);
    return done;
  }

  /** Sends half of a message, then resets the connection. */
  final void die(byte[] pcm, int from) throws IOException {
    byte[] message = message(chunk(pcm, from));
    send(Arrays.copyOf(message, message.length / 2));
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  private void readAll() {
    try {
      while (!done) {
        done = read();
      }
    } catch (IOException | RuntimeException e) {
      // the connection has ended; done says whether all was answered
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  abstract byte[] opening();

  abstract byte[] message(byte[] pcm);

  abstract byte[] ending();

  /** Reads a message of the server; true if it is the last. */
  abstract boolean read() throws IOException;

  /** What the client notes if the server detects what a detector does. */
  abstract String expected(TriggerEvent event);

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonObject json(byte[] utf8) {
    return JsonParser.parseString(new String(utf8, StandardCharsets.UTF_8)).getAsJsonObject();
  }

  /** Sends binary frames to {@code /api/listen}. */
  static final class Web extends SoundClient {
    private static final int TEXT = 1; // opcodes
    private static final int BINARY = 2;
    private static final int CLOSE = 8;

    Web(int port) throws IOException {
      super(port);
    }

    @Override
    byte[] opening() {
      return utf8(
          "GET /api/listen?rate="
              + RATE
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: cm91c2UncyBzb2FrIHRlc3Q=\r\n\r\n");
    }

    /** A frame; the mask is 0, so the payload stays as it is. */
    private static byte[] frame(int opcode, byte[] payload) {
      byte[] head =
          payload.length < 126
              ? new byte[] {(byte) (0x80 | opcode), (byte) (0x80 | payload.length)}
              : new byte[] {
                (byte) (0x80 | opcode),
                (byte) (0x80 | 126),
                (byte) (payload.length >> 8),
                (byte) payload.length
              };
      return join(head, new byte[4], payload);
    }

    @Override
    byte[] message(byte[] pcm) {
      return frame(BINARY, pcm);
    }

    @Override
    byte[] ending() {
      return frame(TEXT, utf8("{\"type\":\"end\"}"));
    }

    @Override
    boolean read() throws IOException {
      int first = in.readUnsignedByte();
      if (first == 'H') { // the answer to the request
        for (int newlines = 0; newlines < 2; ) {
          int b = in.readUnsignedByte();
          newlines = b == '\n' ? newlines + 1 : b == '\r' ? newlines : 0;
        }
        return false;
      }
      int length = in.readUnsignedByte();
      length = length == 126 ? in.readUnsignedShort() : length;
      byte[] payload = in.readNBytes(length);
      if ((first & 15) == CLOSE) {
        throw new IOException("closed");
      }
      JsonObject message = json(payload);
      String type = message.get("type").getAsString();
      if (type.equals("event")) {
        detected.add(
            text(
                message.get("word").getAsString(),
                message.get("at").getAsBigDecimal(),
                message.get("score").getAsBigDecimal()));
      }
      return type.equals("done");
    }

    @Override
    String expected(TriggerEvent event) {
      return text(
          event.word(), EventJson.seconds(event.atSeconds()), EventJson.score(event.score()));
    }

    private static String text(String word, BigDecimal at, BigDecimal score) {
      return word + " at " + at + " s, score " + score;
    }
  }

  /** Speaks Wyoming. */
  static final class Wyoming extends SoundClient {
    private static final String FORMAT = "\"rate\":" + RATE + ",\"width\":2,\"channels\":1";

    private long sent; // samples

    Wyoming(int port) throws IOException {
      super(port);
    }

    private static byte[] event(String type, String data, byte... payload) {
      String length = payload.length == 0 ? "" : ",\"payload_length\":" + payload.length;
      String header = "{\"type\":\"" + type + "\",\"data\":{" + data + "}" + length + "}\n";
      return join(utf8(header), payload);
    }

    @Override
    byte[] opening() {
      return join(event("detect", "\"names\":[]"), event("audio-start", FORMAT));
    }

    @Override
    byte[] message(byte[] pcm) {
      String stamp = ",\"timestamp\":" + sent;
      sent += pcm.length / 2;
      return event("audio-chunk", FORMAT + stamp, pcm);
    }

    @Override
    byte[] ending() {
      return join(event("audio-stop", ""), event("ping", "\"text\":\"end\""));
    }

    @Override
    boolean read() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
        line.write(b);
      }
      JsonObject header = json(line.toByteArray());
      JsonObject data = new JsonObject();
      if (header.has("data_length")) {
        data = json(in.readNBytes(header.get("data_length").getAsInt()));
      }
      String type = header.get("type").getAsString();
      if (type.equals("detection")) {
        detected.add(text(data.get("name").getAsString(), data.get("timestamp").getAsLong()));
      }
      return type.equals("pong");
    }

    /** The stamp is that of the chunk in which the word ended: here its first sample. */
    @Override
    String expected(TriggerEvent event) {
      return text(event.word(), (event.end() - 1) / CHUNK * CHUNK);
    }

    private static String text(String word, long chunk) {
      return word + " in the chunk from sample " + chunk;
    }
  }
}
