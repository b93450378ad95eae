// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/** The supported file formats, recognised by their first bytes and never by their name. */
public enum Container {
  WAV(""),
  AIFF("AiffDecoder"),
  AU("AuDecoder"),
  FLAC(""),
  MP3("MpegDecoder"),
  VORBIS("VorbisDecoder");

  static final String READABLE = "expected WAV, AIFF, AU, FLAC, MP3 or Ogg Vorbis";

  private static final int HEAD = 1 << 14; // bytes looked at
  private static final int TAG_HEAD = 10; // bytes, of an ID3v2 tag
  private static final int OLD_TAG = 128; // bytes, of an ID3v1 tag
  private static final int APE_HEAD = 32; // bytes, of an APE tag
  private static final Set<String> FIRST_LETTERS = Set.of("ID3", "TAG", "APE", "LYR", "\u00ff");
  private static final Set<String> MAGIC =
      Set.of("RIFF", "RF64", "BW64", "RIFX", "FORM", ".snd", "fLaC", "OggS");

  /** Name of the decoder's class; empty if this package reads the format. */
  final String decoder;

  Container(String decoder) {
    this.decoder = decoder;
  }

  /**
   * Recognises the format without consuming it. Skips an ID3v2 tag in front.
   *
   * @param in supports mark
   * @param name of the sound, for messages
   */
  static Container of(InputStream in, String name) throws IOException {
    byte[] head = head(in);
    if (head.length == 0) {
      throw new AudioFormatException(name, "is empty");
    }
    boolean tagged = false;
    while (starts(head, 0, "ID3")) { // some programs add a second one
      tagged = true;
      try {
        if (head.length < TAG_HEAD) {
          throw new EOFException();
        }
        Skipping.skip(in, tagBytes(head));
      } catch (EOFException e) {
        throw new AudioFormatException(name, "ends inside its ID3 tag", e);
      }
      head = afterZeros(in);
      if (head.length == 0) {
        throw new AudioFormatException(name, "is an ID3 tag with no sound after it");
      }
    }
    Container found = at(head, tagged);
    if (found != null) {
      return found;
    }
    String what = starts(head, 0, "OggS") ? Unsupported.ogg(head) : Unsupported.name(head);
    throw new AudioFormatException(
        name,
        what != null
            ? "is " + what + ", which is not supported"
            : "is " + Unsupported.guess(head) + "; " + READABLE);
  }

  /** The format that begins with these bytes, or null. */
  private static Container at(byte[] head, boolean tagged) {
    if ((starts(head, 0, "RIFF") || starts(head, 0, "RF64") || starts(head, 0, "BW64"))
        && starts(head, 8, "WAVE")) {
      return WAV;
    }
    if (starts(head, 0, "FORM") && (starts(head, 8, "AIFF") || starts(head, 8, "AIFC"))) {
      return AIFF;
    }
    if (starts(head, 0, ".snd")) {
      return AU;
    }
    if (starts(head, 0, "fLaC")) {
      return FLAC;
    }
    if (starts(head, 0, "OggS")) {
      return Unsupported.ogg(head) == null ? VORBIS : null;
    }
    return MpegFrame.startsIn(head, tagged) ? MP3 : null;
  }

  /** Whether bytes are the beginning of sound, supported or not. */
  static boolean isSound(byte[] head) {
    return starts(head, 0, "ID3")
        || starts(head, 0, "OggS")
        || at(head, /* tagged= */ false) != null
        || Unsupported.name(head) != null;
  }

  /** Whether a name of four letters begins a file. */
  static boolean isMagic(String letters) {
    return MAGIC.contains(letters);
  }

  /** Whether another file or a tag begins here. */
  public static boolean begins(InputStream in) throws IOException {
    in.mark(4);
    byte[] letters = in.readNBytes(4);
    in.reset();
    String text = text(letters, 0, 4);
    boolean possible = FIRST_LETTERS.stream().anyMatch(text::startsWith) || isMagic(text);
    if (!possible) { // decided without a look at more, as damaged bytes ask this often
      return false;
    }
    byte[] head = head(in);
    return tag(head) > 0
        || starts(head, 0, "LYRICSBEGIN")
        || MpegFrame.threeAt(head, 0)
        || (isMagic(text) && at(head, /* tagged= */ false) != null);
  }

  /**
   * Skips tags and zeros after a sound.
   *
   * @param in supports mark
   * @return the bytes that follow, not consumed; empty at the end
   */
  static byte[] afterTags(InputStream in) throws IOException {
    byte[] head = afterZeros(in);
    while (tag(head) > 0 || starts(head, 0, "LYRICSBEGIN")) {
      long bytes = tag(head) > 0 ? tag(head) : lyrics(head);
      try {
        Skipping.skip(in, bytes);
      } catch (EOFException e) {
        return new byte[0];
      }
      head = afterZeros(in);
    }
    return head;
  }

  /** Whether bytes after a sound begin another one. */
  static boolean follows(byte[] head) {
    return at(head, /* tagged= */ false) != null || starts(head, 0, "OggS");
  }

  /** Skips zeros; returns the bytes that follow, not consumed. */
  private static byte[] afterZeros(InputStream in) throws IOException {
    byte[] head = head(in);
    while (head.length > 0 && head[0] == 0) {
      int zeros = 0;
      while (zeros < head.length && head[zeros] == 0) {
        zeros++;
      }
      Skipping.skip(in, zeros);
      head = head(in);
    }
    return head;
  }

  /** Length of the tag that begins here, or 0. */
  private static long tag(byte[] head) {
    if (starts(head, 0, "ID3") && head.length >= TAG_HEAD) {
      return tagBytes(head);
    }
    if (starts(head, 0, "TAG+")) {
      return 227; // extends the tag that follows
    }
    if (starts(head, 0, "TAG")) {
      return OLD_TAG;
    }
    if (starts(head, 0, "APETAGEX") && head.length >= APE_HEAD) {
      ByteBuffer fields = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
      boolean isHeader = (fields.getInt(20) & 1 << 29) != 0;
      return isHeader ? APE_HEAD + (fields.getInt(12) & 0xFFFFFFFFL) : APE_HEAD;
    }
    return 0;
  }

  /** Length of a Lyrics3 tag, up to its closing word. */
  private static long lyrics(byte[] head) {
    String text = text(head, 0, head.length);
    int end = Math.max(text.indexOf("LYRICS200"), text.indexOf("LYRICSEND"));
    return end < 0 ? head.length : end + 9;
  }

  /** Length of an ID3v2 tag with its header. Each byte holds seven bits, so no sync word occurs. */
  private static long tagBytes(byte[] head) {
    int footer = (head[5] & 0x10) != 0 ? TAG_HEAD : 0;
    int content = 0;
    for (int i = 6; i < TAG_HEAD; i++) {
      content = (content << 7) | (head[i] & 0x7F);
    }
    return (long) TAG_HEAD + footer + content;
  }

  /** The next bytes of a stream, not consumed. */
  static byte[] head(InputStream in) throws IOException {
    in.mark(HEAD);
    byte[] head = new byte[HEAD];
    int length = 0;
    // A pipe may deliver a few bytes at a time; 12 identify any format but MP3 and Ogg.
    for (int n; length < HEAD && (n = in.read(head, length, HEAD - length)) > 0; ) {
      length += n;
      if (length >= 12 && in.available() == 0 && !isOgg(head) && !looksMpeg(head)) {
        break;
      }
    }
    in.reset();
    return Arrays.copyOf(head, length);
  }

  private static boolean looksMpeg(byte[] head) {
    return starts(head, 0, "ID3") || head[0] == -1 || head[0] == 0;
  }

  private static boolean isOgg(byte[] head) {
    return starts(head, 0, "OggS");
  }

  private static String text(byte[] head, int from, int length) {
    int end = Math.min(head.length, from + length);
    return new String(head, from, Math.max(0, end - from), StandardCharsets.ISO_8859_1);
  }

  static boolean starts(byte[] head, int at, String magic) {
    if (head.length < at + magic.length()) {
      return false;
    }
    for (int i = 0; i < magic.length(); i++) {
      if ((head[at + i] & 0xFF) != magic.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
