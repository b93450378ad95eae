// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.rouse.audio.SampleFormat;

/**
 * The format of a client's audio: signed little-endian samples, interleaved.
 *
 * @param rate Hz
 * @param width bytes per sample
 * @param channels interleaved
 */
record Pcm(int rate, int width, int channels) {
  private static final int MIN_RATE = 1000; // Hz
  private static final int MAX_RATE = 384_000; // Hz
  private static final int MAX_CHANNELS = 64;

  Pcm {
    check("rate", rate, MIN_RATE, MAX_RATE);
    check("width", width, 1, 4);
    check("channels", channels, 1, MAX_CHANNELS);
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + "=" + value + ", expected " + least + " to " + most);
    }
  }

  /**
   * Reads the format from an event's data.
   *
   * @param before has the values that the event leaves out; may be null
   * @throws IllegalArgumentException if a value is missing or out of range
   */
  static Pcm of(JsonObject data, Pcm before) {
    return new Pcm(
        value(data, "rate", before == null ? null : before.rate),
        value(data, "width", before == null ? null : before.width),
        value(data, "channels", before == null ? null : before.channels));
  }

  private static int value(JsonObject data, String key, Integer before) {
    JsonElement value = data.get(key);
    if (value == null || value.isJsonNull()) {
      if (before == null) {
        throw new IllegalArgumentException(key + " is missing");
      }
      return before;
    }
    if (value instanceof JsonPrimitive number
        && number.isNumber()
        && number.getAsDouble() == (int) number.getAsDouble()) {
      return (int) number.getAsDouble();
    }
    throw new IllegalArgumentException(key + ": expected a whole number");
  }

  int frameBytes() {
    return width * channels;
  }

  SampleFormat samples() {
    return SampleFormat.signed(8 * width);
  }
}
