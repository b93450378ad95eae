// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The supported file formats, recognised by their first bytes and never by their name. */
public enum Container {
  WAV(""),
  AIFF("com.sun.media.sound.Aiff"),
  AU("com.sun.media.sound.Au"),
  FLAC(""),
  MP3("javazoom.spi.mpeg."),
  VORBIS("javazoom.spi.vorbis.");

  static final String READABLE = "expected WAV, AIFF, AU, FLAC, MP3 or Ogg Vorbis";

  private static final int HEAD = 1 << 14; // bytes looked at
  private static final int TAG_HEAD = 10; // bytes, of an ID3v2 tag

  /**
   * Prefix of the class names of javax.sound's readers for the format; empty if this package reads
   * it. Only these readers are tried, because the MP3 reader accepts random text.
   */
  public final String readers;

  Container(String readers) {
    this.readers = readers;
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
    boolean tagged = starts(head, 0, "ID3");
    if (tagged) {
      try {
        if (head.length < TAG_HEAD) {
          throw new EOFException();
        }
        Skipping.skip(in, tagBytes(head));
      } catch (EOFException e) {
        throw new AudioFormatException(name, "ends inside its ID3 tag", e);
      }
      head = head(in);
      if (head.length == 0) {
        throw new AudioFormatException(name, "is an ID3 tag with no sound after it");
      }
    }
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
      return ogg(head, name);
    }
    if (MpegFrame.startsIn(head, tagged)) {
      return MP3;
    }
    throw new AudioFormatException(name, "is " + guess(head) + "; " + READABLE);
  }

  private static Container ogg(byte[] head, String name) throws IOException {
    String text = new String(head, 0, Math.min(head.length, 128), StandardCharsets.ISO_8859_1);
    if (text.contains("\u0001vorbis")) {
      return VORBIS;
    }
    String codec =
        text.contains("OpusHead")
            ? "Opus"
            : text.contains("FLAC")
                ? "FLAC"
                : text.contains("Speex") ? "Speex" : "an unknown codec";
    throw new AudioFormatException(name, "is Ogg with " + codec + ", which is not supported");
  }

  private static String guess(byte[] head) {
    if (starts(head, 0, "RIFX")) {
      return "a big-endian WAV, which is not supported";
    }
    if (starts(head, 4, "ftyp")) {
      return "an MP4 or M4A file, which is not supported";
    }
    if (starts(head, 0, "\u001aE\u00df\u00a3")) {
      return "a WebM or Matroska file, which is not supported";
    }
    int shown = Math.min(head.length, 24);
    boolean text = true;
    for (int i = 0; i < shown; i++) {
      text &=
          (head[i] >= ' ' && head[i] < 127) || head[i] == '\n' || head[i] == '\r' || head[i] == 9;
    }
    if (text) {
      String start = new String(head, 0, shown, StandardCharsets.US_ASCII);
      return "not a sound file but text, starting with \""
          + start.replaceAll("\\s+", " ").strip()
          + "\"";
    }
    return "not a sound file of a known format";
  }

  /** Length of an ID3v2 tag with its header. Each byte holds seven bits, so no sync word occurs. */
  private static long tagBytes(byte[] head) {
    int footer = (head[5] & 0x10) != 0 ? TAG_HEAD : 0;
    return (long) TAG_HEAD + footer + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]);
  }

  private static byte[] head(InputStream in) throws IOException {
    in.mark(HEAD);
    byte[] head = new byte[HEAD];
    int length = 0;
    // A pipe may deliver a few bytes at a time; 12 identify any format but MP3 and Ogg.
    for (int n; length < HEAD && (n = in.read(head, length, HEAD - length)) > 0; ) {
      length += n;
      if (length >= 12 && in.available() == 0 && !starts(head, 0, "OggS") && !looksMpeg(head)) {
        break;
      }
    }
    in.reset();
    return Arrays.copyOf(head, length);
  }

  private static boolean looksMpeg(byte[] head) {
    return starts(head, 0, "ID3") || head[0] == -1;
  }

  private static boolean starts(byte[] head, int at, String magic) {
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
