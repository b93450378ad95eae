// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import io.github.rouse.audio.Container;
import io.github.rouse.audio.MpegFrame;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The frames of one MPEG stream, as a decoder's input: those of one format, without what a first
 * frame says about the others, and without damaged bytes between them.
 */
final class MpegFrames extends InputStream {
  private static final int LONGEST = 4096; // bytes of a frame, more than any has
  private static final int DECODER_DELAY = 529; // samples of layer III

  private final InputStream in; // supports mark
  private final MpegFrame first;
  private byte[] frame = new byte[0];
  private int read; // bytes of it
  private long promised = -1; // frames, or -1
  private int delay; // samples before the first
  private int padding; // samples after the last
  private long count; // frames so far
  private long damaged; // bytes skipped after the first frame
  private boolean ended;

  /** Finds the first frame. */
  MpegFrames(InputStream in) throws IOException {
    this.in = in;
    MpegFrame found = null;
    while (found == null) {
      found = peek(null);
      if (found == null && in.read() < 0) {
        throw new IOException("it has no frame");
      }
    }
    first = found;
    in.mark(LONGEST);
    byte[] bytes = in.readNBytes(first.bytes());
    if (!describes(bytes)) {
      in.reset();
    }
  }

  /** The first frame's header. */
  MpegFrame format() {
    return first;
  }

  /** Samples that an encoder's header promises, or -1. */
  long samples() {
    return promised < 0 ? -1 : Math.max(0, promised * first.samples() - delay - padding);
  }

  /** Frames that an encoder's header promises, or -1. */
  long promised() {
    return promised;
  }

  /** Samples to leave out before the first one. */
  int delay() {
    return delay;
  }

  /** Damaged bytes that were skipped. */
  long damaged() {
    return damaged;
  }

  /**
   * Recognises a frame that holds no sound but facts: the header of Xing with LAME's extension, or
   * that of Fraunhofer.
   */
  private boolean describes(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int side =
        first.version() == 3 ? first.channels() == 1 ? 17 : 32 : first.channels() == 1 ? 9 : 17;
    int at = MpegFrame.HEAD + side;
    if (first.layer() != 3) {
      return false;
    }
    if (text.startsWith("VBRI", MpegFrame.HEAD + 32) && text.length() >= 54) {
      promised = number(bytes, MpegFrame.HEAD + 32 + 14, 4);
      return true;
    }
    if (!text.startsWith("Xing", at) && !text.startsWith("Info", at)) {
      return false;
    }
    int flags = (int) number(bytes, at + 4, 4);
    int next = at + 8;
    if ((flags & 1) != 0) {
      promised = number(bytes, next, 4);
      next += 4;
    }
    next += ((flags & 2) != 0 ? 4 : 0) + ((flags & 4) != 0 ? 100 : 0) + ((flags & 8) != 0 ? 4 : 0);
    if (next + 24 <= bytes.length && bytes[next] > ' ') { // the name of the encoder
      int both = (int) number(bytes, next + 21, 3);
      delay = (both >> 12) + DECODER_DELAY;
      padding = Math.max(0, (both & 0xFFF) - DECODER_DELAY);
    }
    return true;
  }

  private static long number(byte[] bytes, int at, int length) {
    long number = 0;
    for (int i = at; i < at + length; i++) {
      number = number << 8 | (i < bytes.length ? bytes[i] & 0xFF : 0);
    }
    return number;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    while (read == frame.length) {
      if (ended || !advance()) {
        ended = true;
        return -1;
      }
    }
    int n = Math.min(length, frame.length - read);
    System.arraycopy(frame, read, into, from, n);
    read += n;
    return n;
  }

  /** Reads the next frame; false at the end, or before a stream of another format. */
  private boolean advance() throws IOException {
    long skipped = 0;
    while (true) {
      MpegFrame next = peek(skipped > 0 ? first : null);
      if (next != null && next.continues(first) && next.channels() == first.channels()) {
        in.mark(LONGEST);
        byte[] bytes = in.readNBytes(next.bytes());
        if (bytes.length < next.bytes()) {
          return false; // less than a frame: no encoder's last one is cut
        }
        if (count == 0 || !restarts(bytes)) {
          frame = bytes;
          read = 0;
          count++;
          damaged += skipped;
          return true;
        }
        in.reset();
        return false;
      }
      if (next != null || Container.begins(in)) {
        damaged += skipped;
        return false;
      }
      int one = in.read();
      if (one < 0) { // less than a frame after the last one may be a tag
        damaged += skipped > LONGEST ? skipped : 0;
        return false;
      }
      skipped += one == 0 && skipped == 0 ? 0 : 1;
    }
  }

  /** Whether a frame is another encoder's header, as where files were joined. */
  private boolean restarts(byte[] bytes) {
    String text = new String(bytes, 0, Math.min(bytes.length, 64), StandardCharsets.ISO_8859_1);
    return first.layer() == 3
        && (text.indexOf("Xing") >= 13 || text.indexOf("Info") >= 13 || text.indexOf("VBRI") == 36);
  }

  /**
   * The header of the frame at this place, or null.
   *
   * @param like if not null, the format that it must have, and that of the frame after it
   */
  private MpegFrame peek(MpegFrame like) throws IOException {
    in.mark(LONGEST);
    byte[] head = in.readNBytes(MpegFrame.HEAD);
    MpegFrame found = MpegFrame.at(head, 0);
    if (found != null && like != null) {
      byte[] more = in.readNBytes(found.bytes());
      MpegFrame after = MpegFrame.at(more, found.bytes() - MpegFrame.HEAD);
      boolean last = more.length == found.bytes() - MpegFrame.HEAD;
      found = found.continues(like) && (last || after != null) ? found : null;
    }
    in.reset();
    return found;
  }
}
