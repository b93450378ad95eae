// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import io.github.rouse.audio.SampleFormat;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.util.Fields;

/**
 * What a client says of the sound that it sends: {@code ?rate=48000&channels=1&format=s16}.
 *
 * @param rate Hz
 * @param channels interleaved
 * @param samples little-endian
 * @param words to detect; empty for all
 */
record SocketFormat(int rate, int channels, SampleFormat samples, Set<String> words) {
  private static final int MIN_RATE = 1000; // Hz
  private static final int MAX_RATE = 384_000; // Hz
  private static final int MAX_CHANNELS = 64;
  private static final List<String> KEYS = List.of("rate", "channels", "format", "words");

  /**
   * Reads the query.
   *
   * @throws IllegalArgumentException naming the parameter that is missing, unknown or out of range
   */
  static SocketFormat of(Fields query) {
    for (String key : query.getNames()) {
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(key + ": unknown, expected one of " + KEYS);
      }
    }
    if (query.getValue("rate") == null) {
      throw new IllegalArgumentException("rate is missing: samples per second");
    }
    String words = query.getValue("words");
    return new SocketFormat(
        number(query, "rate", MIN_RATE, MAX_RATE),
        query.getValue("channels") == null ? 1 : number(query, "channels", 1, MAX_CHANNELS),
        samples(query.getValue("format")),
        words == null || words.isEmpty()
            ? Set.of()
            : new LinkedHashSet<>(Arrays.asList(words.split(","))));
  }

  private static int number(Fields query, String key, int least, int most) {
    String text = query.getValue(key);
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // as if out of range
    }
    throw new IllegalArgumentException(key + "=" + text + ", expected " + least + " to " + most);
  }

  private static SampleFormat samples(String format) {
    if (format == null || format.equals("s16")) {
      return SampleFormat.SIGNED_16;
    }
    if (format.equals("f32")) {
      return SampleFormat.FLOAT_32;
    }
    throw new IllegalArgumentException("format=" + format + ", expected s16 or f32");
  }

  int frameBytes() {
    return samples.bytes * channels;
  }
}
