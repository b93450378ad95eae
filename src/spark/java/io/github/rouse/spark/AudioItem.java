// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import java.io.Serial;
import java.io.Serializable;
import java.util.Locale;
import java.util.Map;

/**
 * A file of the archive.
 *
 * @param path as Hadoop names it
 * @param bytes its length; -1 if it could not be listed
 * @param modified milliseconds since 1970
 */
record AudioItem(String path, long bytes, long modified) implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private static final int UNKNOWN = 16_000; // bytes a second
  private static final Map<String, Integer> BYTES_A_SECOND =
      Map.of(
          "wav", 32_000, "flac", 25_000, "mp3", 12_000, "ogg", 6_000, "opus", 4_000, "m4a", 8_000,
          "aac", 8_000, "amr", 1_600, "aiff", 88_200, "webm", 6_000);

  /** The length of the sound, estimated from the bytes. */
  double seconds() {
    String extension = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return (double) Math.max(0, bytes) / BYTES_A_SECOND.getOrDefault(extension, UNKNOWN);
  }
}
