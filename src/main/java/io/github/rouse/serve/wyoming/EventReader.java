// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.rouse.file.JsonFields;
import io.github.rouse.serve.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads a client's events. An event is a line of JSON, then {@code data_length} bytes of JSON, then
 * {@code payload_length} bytes of audio, which the caller reads piece by piece: no length that a
 * client sends makes the server set memory aside.
 */
final class EventReader {
  private static final int BUFFER = 16 << 10; // bytes

  private final ReadableByteChannel in;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).limit(0);
  private int unread; // bytes of the payload

  EventReader(ReadableByteChannel in) {
    this.in = in;
  }

  /**
   * Reads the next event, after what is unread of the last one's payload.
   *
   * @return null at the end of the connection, also amid an event
   * @throws BadEventException if it breaks the protocol; unless that is fatal, the next call reads
   *     the event after it
   */
  WireEvent next() throws IOException {
    while (unread > 0) {
      if (!fill()) {
        return null;
      }
      int skipped = Math.min(unread, buffer.remaining());
      buffer.position(buffer.position() + skipped);
      unread -= skipped;
    }
    byte[] line = line();
    if (line == null) {
      return null;
    }
    JsonObject header = object(line, "the header", true);
    String type = type(header);
    int dataLength = length(header, "data_length", Limits.DATA);
    int payloadLength = length(header, "payload_length", Limits.PAYLOAD);
    byte[] block = block(dataLength);
    if (block == null) {
      return null;
    }
    unread = payloadLength;
    JsonObject data = inline(header);
    if (block.length > 0) {
      object(block, "the data", false).asMap().forEach(data::add);
    }
    return new WireEvent(type, data);
  }

  /**
   * Reads some of the event's payload.
   *
   * @return the number of bytes; 0 after the last one, or at the end of the connection
   */
  int payload(byte[] into, int from, int length) throws IOException {
    if (unread == 0 || !fill()) {
      return 0;
    }
    int count = Math.min(Math.min(unread, length), buffer.remaining());
    buffer.get(into, from, count);
    unread -= count;
    return count;
  }

  /** Makes sure that there are bytes in the buffer; false at the end of the connection. */
  private boolean fill() throws IOException {
    if (buffer.hasRemaining()) {
      return true;
    }
    buffer.clear();
    int count = in.read(buffer);
    buffer.flip();
    return count > 0;
  }

  /** The next line without its end, or null. */
  private byte[] line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (fill()) {
      int end = buffer.position();
      while (end < buffer.limit() && buffer.get(end) != '\n') {
        end++;
      }
      int count = end - buffer.position();
      if (line.size() + count > Limits.HEADER) {
        throw new BadEventException(
            "the header has more than " + Limits.HEADER + " bytes before its line ends", true);
      }
      line.write(buffer.array(), buffer.position(), count);
      buffer.position(end);
      if (end < buffer.limit()) {
        buffer.get();
        return line.toByteArray();
      }
    }
    return null;
  }

  /** So many bytes, or null if the connection ends before. */
  private byte[] block(int length) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    while (block.size() < length) {
      if (!fill()) {
        return null;
      }
      int count = Math.min(length - block.size(), buffer.remaining());
      block.write(buffer.array(), buffer.position(), count);
      buffer.position(buffer.position() + count);
    }
    return block.toByteArray();
  }

  private static JsonObject object(byte[] utf8, String what, boolean fatal)
      throws BadEventException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      JsonElement value = JsonFields.parse(text);
      if (value instanceof JsonObject object) {
        return object;
      }
    } catch (CharacterCodingException e) {
      throw new BadEventException(what + " is not UTF-8", fatal);
    } catch (IllegalArgumentException e) {
      throw new BadEventException(what + " is not JSON", fatal);
    }
    throw new BadEventException(what + " is not a JSON object", fatal);
  }

  private static String type(JsonObject header) throws BadEventException {
    if (header.get("type") instanceof JsonPrimitive type && type.isString()) {
      return type.getAsString();
    }
    throw new BadEventException("the header has no type", true);
  }

  private static int length(JsonObject header, String key, int most) throws BadEventException {
    JsonElement value = header.get(key);
    if (value == null || value.isJsonNull()) {
      return 0;
    }
    if (value instanceof JsonPrimitive number && number.isNumber()) {
      double length = number.getAsDouble();
      if (length >= 0 && length <= most && length == (int) length) {
        return (int) length;
      }
    }
    throw new BadEventException(key + ": expected a whole number from 0 to " + most, true);
  }

  private static JsonObject inline(JsonObject header) throws BadEventException {
    JsonElement value = header.get("data");
    if (value == null || value.isJsonNull()) {
      return new JsonObject();
    }
    if (value instanceof JsonObject object) {
      return object;
    }
    throw new BadEventException("data is not a JSON object", false);
  }
}
