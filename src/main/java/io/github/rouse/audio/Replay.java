// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/**
 * Remembers what a decoder read of a pipe before it found that it does not know the codec, so that
 * another one can start at the first byte.
 */
final class Replay extends FilterInputStream {
  private static final int MOST = 1 << 24; // bytes remembered

  private ByteArrayOutputStream seen = new ByteArrayOutputStream(); // null: no longer remembered
  private int at; // of the next byte, while remembered
  private int marked;

  /** Starts at the next byte. */
  Replay(InputStream in) {
    super(in);
  }

  /** Stops to remember. */
  void forget() {
    seen = null;
  }

  /** All bytes from the first one; null if they are too many. */
  InputStream again() {
    return seen == null
        ? null
        : new BufferedInputStream(
            new SequenceInputStream(new ByteArrayInputStream(seen.toByteArray(), 0, at), in),
            1 << 16);
  }

  private void remember(byte[] bytes, int from, int count) {
    if (seen == null || count <= 0) {
      return;
    }
    int known = Math.min(count, seen.size() - at);
    seen.write(bytes, from + known, count - known);
    at += count;
    seen = seen.size() > MOST ? null : seen;
  }

  @Override
  public int read() throws IOException {
    int one = in.read();
    remember(new byte[] {(byte) one}, 0, one < 0 ? 0 : 1);
    return one;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int n = in.read(into, from, length);
    remember(into, from, n);
    return n;
  }

  @Override
  public long skip(long count) throws IOException {
    if (seen == null) {
      return in.skip(count);
    }
    byte[] skipped = in.readNBytes((int) Math.min(count, 1 << 16));
    remember(skipped, 0, skipped.length);
    return skipped.length;
  }

  @Override
  public synchronized void mark(int limit) {
    in.mark(limit);
    marked = at;
  }

  @Override
  public synchronized void reset() throws IOException {
    in.reset();
    at = marked;
  }
}
