// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Skips bytes; Android 13 has no {@code InputStream.skipNBytes}. */
public final class Skipping {
  private Skipping() {}

  /**
   * Skips exactly so many bytes.
   *
   * @throws EOFException if the stream ends before
   */
  public static void skip(InputStream in, long bytes) throws IOException {
    for (long left = bytes; left > 0; ) {
      long skipped = in.skip(left);
      if (skipped <= 0) { // the end, or a stream that cannot say yet
        if (in.read() < 0) {
          throw new EOFException();
        }
        skipped = 1;
      }
      left -= skipped;
    }
  }
}
