// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A box of MP4 in memory (ISO/IEC 14496-12, section 4.2).
 *
 * @param type four letters
 * @param content from its position to its limit
 */
record Mp4Box(String type, ByteBuffer content) {
  private static final int HEAD = 8; // bytes

  /** The boxes in a box's content, from its position on. */
  static List<Mp4Box> in(ByteBuffer content) {
    ByteBuffer rest = content.slice();
    List<Mp4Box> boxes = new ArrayList<>();
    while (rest.remaining() >= HEAD) {
      long size = rest.getInt() & 0xFFFFFFFFL;
      String type = letters(rest);
      int head = HEAD;
      if (size == 1 && rest.remaining() >= 8) {
        size = rest.getLong();
        head += 8;
      } else if (size == 0) {
        size = head + (long) rest.remaining();
      }
      if (size < head || size - head > rest.remaining()) {
        return boxes; // what is left is damaged, or the terminator of QuickTime
      }
      boxes.add(new Mp4Box(type, rest.slice(rest.position(), (int) size - head)));
      rest.position(rest.position() + (int) size - head);
    }
    return boxes;
  }

  /** Four letters at a buffer's position. */
  static String letters(ByteBuffer in) {
    byte[] letters = new byte[4];
    in.get(letters);
    return new String(letters, StandardCharsets.ISO_8859_1);
  }

  /** The boxes in this one. */
  List<Mp4Box> boxes() {
    return in(content);
  }

  /** The first box of a path such as "mdia/minf"; null if there is none. */
  Mp4Box at(String path) {
    Mp4Box box = this;
    for (String step : path.split("/", -1)) {
      box = box == null ? null : box.first(step);
    }
    return box;
  }

  private Mp4Box first(String wanted) {
    for (Mp4Box box : boxes()) {
      if (box.type.equals(wanted)) {
        return box;
      }
    }
    return null;
  }

  /** The content of a box that must be there. */
  ByteBuffer need(String path) throws IOException {
    Mp4Box box = at(path);
    if (box == null) {
      throw new IOException("it has no " + path);
    }
    return box.content.slice();
  }
}
