// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An event of the protocol, without its audio.
 *
 * @param type such as {@code detect}
 * @param data empty if the event has none
 */
record WireEvent(String type, JsonObject data) {
  private static final String VERSION = "1.9.0"; // of the protocol's library that we follow

  /** Spaced as the Python library's, so that a person can compare the two. */
  private static final Gson JSON =
      new GsonBuilder()
          .serializeNulls()
          .disableHtmlEscaping()
          .setFormattingStyle(FormattingStyle.COMPACT.withSpaceAfterSeparators(true))
          .create();

  static WireEvent of(String type) {
    return new WireEvent(type, new JsonObject());
  }

  /** A word was detected in the chunk with that time stamp, or null. */
  static WireEvent detection(String word, Long timestamp) {
    JsonObject data = new JsonObject();
    data.addProperty("name", word);
    data.add("timestamp", timestamp == null ? JsonNull.INSTANCE : new JsonPrimitive(timestamp));
    data.add("speaker", JsonNull.INSTANCE);
    return new WireEvent("detection", data);
  }

  static WireEvent error(String text, String code) {
    JsonObject data = new JsonObject();
    data.addProperty("text", text);
    data.addProperty("code", code);
    return new WireEvent("error", data);
  }

  /** The event as it is sent. */
  byte[] bytes() {
    byte[] block =
        data.isEmpty() ? new byte[0] : JSON.toJson(data).getBytes(StandardCharsets.UTF_8);
    JsonObject header = new JsonObject();
    header.addProperty("type", type);
    header.addProperty("version", VERSION);
    if (block.length > 0) {
      header.addProperty("data_length", block.length);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(JSON.toJson(header).getBytes(StandardCharsets.UTF_8));
    bytes.write('\n');
    bytes.writeBytes(block);
    return bytes.toByteArray();
  }
}
