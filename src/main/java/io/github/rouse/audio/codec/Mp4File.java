// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The outermost boxes of an MP4 file. */
final class Mp4File {
  private static final int MOST_HELD = 1 << 26; // bytes of a box that is read as a whole
  private static final Set<String> WITHOUT_SOUND =
      Set.of(
          "ftyp", "styp", "sidx", "ssix", "mfra", "free", "skip", "wide", "pnot", "meta", "uuid",
          "prft", "emsg", "udta", "PICT", "pdin", "mdat", "imda");

  private final FileChannel channel;
  private final long length; // bytes
  private final List<Long> fragments = new ArrayList<>(); // positions of their boxes
  private Mp4Box index;
  private String fault = "";

  Mp4File(FileChannel channel) throws IOException {
    this.channel = channel;
    length = channel.size();
    for (long at = 0; at + 8 <= length; ) {
      ByteBuffer head = bytes(at, (int) Math.min(16, length - at));
      long size = head.getInt() & 0xFFFFFFFFL;
      String type = Mp4Box.letters(head);
      int headBytes = 8;
      if (size == 1 && head.remaining() >= 8) {
        size = head.getLong();
        headBytes = 16;
      } else if (size == 0) {
        size = length - at;
      }
      if (size < headBytes || size > length - at) {
        fault = size < headBytes ? length - at + " bytes are damaged" : "the file is cut short";
        size = Math.min(Math.max(size, headBytes), length - at);
        if (!type.equals("mdat")) {
          return;
        }
      }
      if (type.equals("moov") && index == null) {
        index = box(at);
      } else if (type.equals("moof")) {
        fragments.add(at);
      } else if (!WITHOUT_SOUND.contains(type)) {
        fault = type.equals("moov") ? "not the second film in it" : size + " bytes are damaged";
      }
      at += size;
    }
  }

  /** Bytes of the file. */
  long length() {
    return length;
  }

  boolean hasIndex() {
    return index != null;
  }

  /** Its tracks with sound. */
  List<Mp4Track> sounds() throws IOException {
    List<Mp4Track> tracks = new ArrayList<>();
    if (index != null) {
      for (Mp4Box box : index.boxes()) {
        if (box.type().equals("trak") && Mp4Track.isSound(box)) {
          tracks.add(new Mp4Track(index, box));
        }
      }
    }
    return tracks;
  }

  /** Positions of the boxes that describe fragments. */
  List<Long> fragments() {
    return fragments;
  }

  /** What is wrong with its structure, or "". */
  String fault() {
    return fault;
  }

  /** Reads a box as a whole. */
  Mp4Box box(long at) throws IOException {
    ByteBuffer head = bytes(at, 8);
    long size = head.getInt() & 0xFFFFFFFFL;
    size = size == 0 ? length - at : size;
    if (size < 8 || size > MOST_HELD) {
      throw new IOException("a box of " + size + " bytes is too large");
    }
    List<Mp4Box> boxes = Mp4Box.in(bytes(at, (int) size));
    if (boxes.isEmpty()) {
      throw new EOFException("a box is cut short");
    }
    return boxes.get(0);
  }

  /** Reads bytes of the file. */
  ByteBuffer bytes(long at, int count) throws IOException {
    if (at < 0 || count < 0 || count > length - at) {
      throw new EOFException("the file is cut short");
    }
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new EOFException("the file is cut short");
      }
    }
    return bytes.flip();
  }

  void close() throws IOException {
    channel.close();
  }
}
