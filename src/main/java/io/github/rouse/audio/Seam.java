// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds where a second file begins inside one, as when files were joined. A decoder that reads a
 * file in any order stops at its own end and says nothing of what follows, so it gets the first
 * file alone. Only beginnings of at least seven fixed bytes count: less occurs by chance.
 */
final class Seam {
  private static final int BLOCK = 1 << 16; // bytes searched at once
  private static final int OVERLAP = 1 << 14; // bytes seen after them
  private static final int LONGEST = 80; // bytes of a beginning
  private static final int FRAMES = 8; // of MPEG audio or AAC in a row, which begin a file too
  static final int TAG_HEAD = 10; // bytes, of an ID3v2 tag
  private static final int PAGE_HEAD = 27; // bytes, of Ogg

  /** Beginnings of files. A dot stands for any byte. */
  private static final List<Pattern> BEGINNINGS =
      List.of(
          pattern("(RIFF|RIFX|RF64|BW64)....WAVE(fmt |JUNK|LIST|bext|ds64|fact|FLLR)"),
          pattern("RIFF....(AVI LIST|QLCMfmt )"),
          pattern("FORM....(AIF[FC](COMM|FVER|SSND|NAME|AUTH|ANNO|APPL|COMT)|8SVXVHDR)"),
          pattern("riff\\x2e\\x91\\xcf\\x11\\xa5\\xd6\\x28\\xdb\\x04\\xc1\\x00\\x00"),
          pattern("caff\\x00\\x01\\x00\\x00desc"),
          pattern("\\.snd\\x00{2}.{6}\\x00{3}[\\x01-\\x1b]\\x00[\\x00-\\x0b].{2}\\x00{3}."),
          pattern("fLaC[\\x00\\x80]\\x00\\x00\\x22"),
          pattern("OggS\\x00[\\x02\\x06]\\x00{8}"),
          pattern("\\x1aE\\xdf\\xa3.{1,48}(webm|matroska)"),
          pattern("\\x00\\x00\\x00.ftyp[ -~]{4}"),
          pattern("#!AMR(-WB)?(_MC1\\.0)?\\n"),
          pattern("\\x02?#!SILK_V3"),
          pattern("0&\\xb2u\\x8ef\\xcf\\x11\\xa6\\xd9\\x00\\xaa\\x00b\\xcel"),
          // The first block of WavPack has index 0, samples, and the flag of a first one.
          pattern(
              "wvpk..[\\x00-\\x0f]\\x00.\\x04.{6}\\x00{4}..[\\x00-\\x04]\\x00.[\\x08-\\x0f\\x18-\\x1f]"),
          pattern("MAC [\\x80-\\xff][\\x0c-\\x0f]\\x00\\x00[\\x34-\\x40]\\x00\\x00\\x00"),
          pattern("TTA1[\\x01\\x02]\\x00[\\x01-\\x08]\\x00[\\x08\\x10\\x18]\\x00"),
          pattern("MPCKSH.\\x00?"),
          pattern("NIST_1A\\n"),
          pattern("DSD \\x1c\\x00{7}"),
          pattern("FRM8.{8}DSD FVER"),
          pattern("Creative Voice File\\x1a"),
          pattern("\\.RMF\\x00\\x00\\x00\\x12\\x00[\\x00\\x01]"),
          pattern("FLV\\x01[\\x01\\x04\\x05]\\x00\\x00\\x00\\x09"));

  private static final boolean[] FIRST = firstBytes();

  private Seam() {}

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.DOTALL);
  }

  private static boolean[] firstBytes() {
    boolean[] first = new boolean[256];
    for (int value : "RFrc.fO\u001a\u0000#\u00020wMTNDC".toCharArray()) {
      first[value] = true;
    }
    return first;
  }

  /**
   * Copies bytes up to the beginning of a second file, or to the end.
   *
   * @param in at the first byte of a file; supports mark. It is left at the second file.
   * @param frames whether frames of MPEG audio and AAC begin a file, and not belong to the first
   * @return whether there is a second file
   */
  static boolean copy(InputStream in, boolean frames, OutputStream out) throws IOException {
    byte[] block = new byte[BLOCK + OVERLAP];
    long at = 0; // of the block
    long ignored = 0; // up to here, pages of Ogg that begin streams belong to the first file
    while (true) {
      in.mark(block.length);
      int length = in.readNBytes(block, 0, block.length);
      in.reset();
      int searched = length < block.length ? length : BLOCK;
      for (int i = 0; i < searched; i++) {
        boolean named = begins(block, i, length);
        if (!named && !(frames && framesAt(block, i, FRAMES))) {
          continue;
        }
        boolean isOgg = block[i] == 'O';
        if (at + i > ignored || (at + i == ignored && at + i > 0 && !isOgg)) {
          move(in, block, i, out);
          return true;
        }
        ignored = isOgg ? at + i + pageBytes(block, i, length) : ignored;
      }
      move(in, block, searched, out);
      at += searched;
      if (searched == length) {
        return false;
      }
    }
  }

  private static void move(InputStream in, byte[] block, int count, OutputStream out)
      throws IOException {
    out.write(block, 0, count);
    Skipping.skip(in, count);
  }

  /** Whether a file may begin with this byte; zero, the beginning of a film, is left out. */
  static boolean mayBegin(byte first) {
    return first != 0 && FIRST[first & 0xFF];
  }

  /** Whether a file begins at this place of a block. */
  static boolean begins(byte[] block, int at, int length) {
    int end = Math.min(length, at + LONGEST);
    if (end - at < 8 || !FIRST[block[at] & 0xFF] || (block[at] == 0 && block[at + 4] != 'f')) {
      return false;
    }
    if (block[at] == 'f' && at >= 10 && isCodecPrivate(block, at)) {
      return false;
    }
    String text = new String(Arrays.copyOfRange(block, at, end), StandardCharsets.ISO_8859_1);
    return BEGINNINGS.stream().anyMatch(pattern -> pattern.matcher(text).lookingAt());
  }

  /** Whether so many frames of MPEG audio or AAC begin in a row, or a tag and then frames. */
  private static boolean framesAt(byte[] bytes, int at, int frames) {
    if (bytes[at] == 'I' && isTag(bytes, at)) {
      long first = at + tagBytes(bytes, at);
      return first < bytes.length && bytes[(int) first] == -1 && framesAt(bytes, (int) first, 3);
    }
    if (bytes[at] != -1) {
      return false;
    }
    return MpegFrame.inARow(bytes, at, frames) || adtsInARow(bytes, at, frames) == frames;
  }

  private static boolean isTag(byte[] bytes, int at) {
    return at + TAG_HEAD <= bytes.length
        && bytes[at + 1] == 'D'
        && bytes[at + 2] == '3'
        && bytes[at + 3] < 5; // version
  }

  /** Length of an ID3v2 tag with its header. Each byte holds seven bits, so no sync word occurs. */
  static long tagBytes(byte[] bytes, int at) {
    int footer = (bytes[at + 5] & 0x10) != 0 ? TAG_HEAD : 0;
    int content = 0;
    for (int i = 6; i < TAG_HEAD; i++) {
      content = (content << 7) | (bytes[at + i] & 0x7F);
    }
    return (long) TAG_HEAD + footer + content;
  }

  /** Counts frames of AAC with ADTS headers, of which the last begins in these bytes. */
  static int adtsInARow(byte[] bytes, int start, int most) {
    int frames = 0;
    for (int at = start; frames < most && adtsBytes(bytes, at) > 0; frames++) {
      at += adtsBytes(bytes, at);
    }
    return frames;
  }

  /** Length of the ADTS frame that begins here, or 0. */
  static int adtsBytes(byte[] head, int at) {
    if (at + 7 > head.length
        || head[at] != -1
        || (head[at + 1] & 0xF6) != 0xF0
        || (head[at + 2] >> 2 & 15) > 12) {
      return 0;
    }
    int bytes = (head[at + 3] & 3) << 11 | (head[at + 4] & 0xFF) << 3 | (head[at + 5] & 0xE0) >> 5;
    return bytes < 7 ? 0 : bytes;
  }

  /** Whether Matroska holds a codec's header here. */
  private static boolean isCodecPrivate(byte[] block, int at) {
    for (int i = at - 10; i + 2 < at; i++) {
      if (block[i] == 0x63 && block[i + 1] == (byte) 0xA2) {
        return true;
      }
    }
    return false;
  }

  private static int pageBytes(byte[] block, int at, int length) {
    int segments = at + PAGE_HEAD <= length ? block[at + PAGE_HEAD - 1] & 0xFF : 0;
    int bytes = PAGE_HEAD + segments;
    for (int i = 0; i < segments && at + PAGE_HEAD + i < length; i++) {
      bytes += block[at + PAGE_HEAD + i] & 0xFF;
    }
    return bytes;
  }
}
