// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.lossless;

import io.github.rouse.audio.Container;
import io.github.rouse.audio.SampleStream;
import io.github.rouse.audio.Skipping;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks the chunks of a RIFF or IFF file, and delivers the bytes of those that hold samples, one
 * after another, as one stream.
 *
 * <p>A recorder that dies leaves a length that is too small. The samples therefore go on after
 * their chunk unless another chunk follows it.
 */
public abstract class Chunks extends SampleStream.BulkBytes {
  private static final int HEAD = 8; // bytes: name and length
  private static final int MAX_UNSEEN = 1 << 24; // bytes of a chunk, in a file of unknown length
  private static final int MAX_SKIP = 1 << 10; // bytes of an incomplete frame

  protected final InputStream in; // supports mark
  private final ByteOrder order;
  private final long fileBytes; // or -1
  private long at; // bytes read
  private String chunk = ""; // latest one's name
  private long size; // of it
  private long left; // bytes of samples in this chunk, or -1 for all that follow
  private int rest; // bytes after them that are less than a frame
  private int padding; // 1 byte after a chunk of odd length
  private int chunks; // of samples so far
  private boolean ended;

  /**
   * Starts at the first chunk.
   *
   * @param in after the file's header of 12 bytes; supports mark
   * @param fileBytes length of the file with that header, or -1 if unknown
   */
  protected Chunks(InputStream in, ByteOrder order, long fileBytes) {
    this.in = in;
    this.order = order;
    this.fileBytes = fileBytes;
    at = 12;
  }

  /** Enters the next chunk; false at the end of the file. */
  protected final boolean enter() throws IOException {
    byte[] head = in.readNBytes(HEAD);
    if (head.length < HEAD) {
      return false;
    }
    at += HEAD;
    chunk = new String(head, 0, 4, StandardCharsets.ISO_8859_1);
    size = ByteBuffer.wrap(head).order(order).getInt(4) & 0xFFFFFFFFL;
    return true;
  }

  /** Name of the chunk. */
  protected final String chunk() {
    return chunk;
  }

  /** Length of the chunk in bytes, as its header says. */
  protected final long size() {
    return size;
  }

  /** Bytes from here to the end of the file, or -1 if unknown. */
  protected final long unread() {
    return fileBytes < 0 ? -1 : Math.max(0, fileBytes - at);
  }

  /** Reads the first bytes of the chunk and skips the others. */
  protected final ByteBuffer content(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    Skipping.skip(in, size - count + (size & 1)); // chunks start at even offsets
    at += size + (size & 1);
    return ByteBuffer.wrap(bytes).order(order);
  }

  /**
   * Reads the first bytes of the chunk, and leaves the others to {@link #deliver}.
   *
   * @param count of bytes
   */
  protected final ByteBuffer start(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    at += count;
    return ByteBuffer.wrap(bytes).order(order);
  }

  /**
   * Delivers the bytes that follow as samples.
   *
   * @param bytes of samples, or -1 for all that follow
   * @param frameBytes bytes of one frame
   */
  protected final void deliver(long bytes, int frameBytes) {
    rest = bytes < 0 ? 0 : (int) (bytes % frameBytes);
    left = bytes < 0 ? -1 : bytes - rest;
    padding = bytes < 0 ? 0 : (int) (size & 1);
    ended = false;
    chunks++;
  }

  /** Counts bytes that were read past the chunks. */
  protected final void passed(long bytes) throws IOException {
    at += bytes;
    if ((size & 1) == 1 && in.read() >= 0) {
      at++;
    }
  }

  /** Ends this part of the sound. */
  protected final void end() {
    ended = true;
  }

  /**
   * Handles a chunk that follows samples, by {@link #content}, {@link #deliver} or {@link #end}.
   *
   * @throws IOException if it cannot be read
   */
  protected abstract void follow() throws IOException;

  @Override
  public final int read(byte[] into, int from, int length) throws IOException {
    while (left == 0) {
      if (ended || !advance()) {
        ended = true;
        return -1;
      }
    }
    int n = in.read(into, from, left < 0 ? length : (int) Math.min(length, left));
    if (n < 0) {
      boolean early = left > 0 && chunks > 1; // the header's length reveals that of the first
      ended = true;
      left = 0;
      if (early) {
        throw new EOFException("the last chunk of samples is cut short");
      }
      return -1;
    }
    at += n;
    left -= left < 0 ? 0 : n;
    return n;
  }

  /** Moves on after a chunk of samples; false at the end of the file or before another one. */
  private boolean advance() throws IOException {
    for (int skip = rest + padding; skip >= rest && skip < MAX_SKIP; skip--) {
      in.mark(HEAD + skip);
      byte[] head = in.readNBytes(HEAD + skip);
      in.reset();
      if (head.length <= rest + padding) {
        return false;
      }
      if (Container.begins(in, skip)) {
        Skipping.skip(in, skip);
        return false;
      }
      if (isChunk(head, skip)) {
        Skipping.skip(in, skip);
        at += skip;
        rest = 0;
        padding = 0;
        try {
          enter();
          follow();
        } catch (EOFException e) {
          return false; // no samples in what is cut short
        }
        return !ended;
      }
    }
    left = -1;
    return true;
  }

  /** Whether bytes look like the head of a chunk: four printable letters and a length that fits. */
  private boolean isChunk(byte[] head, int from) {
    if (head.length < from + HEAD) {
      return false;
    }
    for (int i = from; i < from + 4; i++) {
      if (head[i] < ' ' || head[i] > '~') {
        return false;
      }
    }
    long length = ByteBuffer.wrap(head).order(order).getInt(from + 4) & 0xFFFFFFFFL;
    String name = new String(head, from, 4, StandardCharsets.ISO_8859_1);
    if (Container.isMagic(name)) {
      return false;
    }
    long most = fileBytes < 0 ? MAX_UNSEEN : fileBytes - at - from - HEAD + 1;
    return length <= most || isSamples(name);
  }

  /** Whether chunks of this name hold samples. */
  protected abstract boolean isSamples(String name);

  @Override
  public final void close() throws IOException {
    in.close();
  }
}
