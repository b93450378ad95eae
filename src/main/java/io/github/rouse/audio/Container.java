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
  WAV("lossless.WavDecoder"),
  AIFF("lossless.AiffDecoder"),
  AU("lossless.AuDecoder"),
  FLAC("lossless.FlacDecoder"),
  MP3("codec.MpegDecoder"),
  OGG("codec.OggDecoder"),
  AAC("codec.AdtsDecoder"),
  MATROSKA("codec.MatroskaDecoder"),
  /** MP4, 3GP and QuickTime. */
  MP4("codec.Mp4Decoder"),
  /** Apple's Core Audio Format. */
  CAF("codec.CafDecoder"),
  /** What an installed ffmpeg reads. */
  FOREIGN("ffmpeg.FfmpegDecoder");

  private static final int HEAD = 1 << 14; // bytes looked at
  private static final int OLD_TAG = 128; // bytes, of an ID3v1 tag
  private static final int APE_HEAD = 32; // bytes, of an APE tag
  private static final String MATROSKA_MAGIC = "\u001aE\u00df\u00a3";
  private static final Set<String> IMAGES =
      Set.of("heic", "heix", "heim", "heis", "mif1", "msf1", "avif", "avis", "crx ", "jxl ");
  private static final Set<String> QUICKTIME =
      Set.of("ftyp", "styp", "moov", "moof", "mdat", "wide", "pnot");
  private static final Set<String> FIRST_LETTERS = Set.of("ID3", "TAG", "APE", "LYR", "\u00ff");
  private static final Set<String> MAGIC =
      Set.of("RIFF", "RF64", "BW64", "RIFX", "FORM", ".snd", "fLaC", "OggS", MATROSKA_MAGIC);

  /** Name of the decoder's class. */
  final String decoder;

  Container(String decoder) {
    this.decoder = decoder;
  }

  /** Whether its decoder reads a file in any order. */
  boolean seeks() {
    return this == MP4 || this == CAF;
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
        if (head.length < Seam.TAG_HEAD) {
          throw new EOFException();
        }
        Skipping.skip(in, Seam.tagBytes(head, 0));
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
    if (Unsupported.name(head) != null) {
      return FOREIGN;
    }
    if (MpegFrame.isFree(head, 0)) { // ffmpeg does not read it either
      throw new AudioFormatException(
          name, "is MP3 in free format: convert it first, as `sox IN OUT.wav` does");
    }
    throw new AudioFormatException(name, "is " + Unsupported.guess(head));
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
      return OGG;
    }
    if (starts(head, 0, MATROSKA_MAGIC)) {
      return MATROSKA;
    }
    if (starts(head, 0, "caff")) {
      return CAF;
    }
    if (QUICKTIME.contains(text(head, 4, 4))) {
      boolean image = starts(head, 4, "ftyp") && IMAGES.contains(text(head, 8, 4));
      return image ? null : MP4;
    }
    if (isAdts(head)) {
      return AAC;
    }
    return MpegFrame.startsIn(head, tagged) ? MP3 : null;
  }

  /** Whether two frames of AAC with ADTS headers begin here, or one that is all. */
  private static boolean isAdts(byte[] head) {
    int frames = Seam.adtsInARow(head, 0, 2);
    return frames == 2 || (frames == 1 && Seam.adtsBytes(head, 0) == head.length);
  }

  /** Whether bytes are the beginning of sound, supported or not. */
  static boolean isSound(byte[] head) {
    return starts(head, 0, "ID3")
        || at(head, /* tagged= */ false) != null
        || Unsupported.name(head) != null
        || MpegFrame.isFree(head, 0);
  }

  /** Whether a name of four letters begins a file. */
  public static boolean isMagic(String letters) {
    return MAGIC.contains(letters);
  }

  /** Whether another file or a tag begins here. */
  public static boolean begins(InputStream in) throws IOException {
    return begins(in, 0);
  }

  /** Whether another file or a tag begins after so many bytes. */
  public static boolean begins(InputStream in, int skip) throws IOException {
    in.mark(skip + 8);
    byte[] letters = in.readNBytes(skip + 8);
    in.reset();
    String text = text(letters, skip, 4);
    boolean film = starts(letters, skip + 4, "ftyp");
    boolean possible =
        FIRST_LETTERS.stream().anyMatch(text::startsWith)
            || isMagic(text)
            || film
            || (letters.length > skip && Seam.mayBegin(letters[skip]));
    if (!possible) { // decided without a look at more, as damaged bytes ask this often
      return false;
    }
    byte[] head = head(in);
    head = Arrays.copyOfRange(head, Math.min(skip, head.length), head.length);
    return tag(head) > 0
        || starts(head, 0, "LYRICSBEGIN")
        || MpegFrame.inARow(head, 0, 3)
        || ((film || isMagic(text)) && at(head, /* tagged= */ false) != null)
        || Seam.begins(head, 0, head.length);
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
  public static boolean follows(byte[] head) {
    return at(head, /* tagged= */ false) != null;
  }

  /** Skips zeros; returns the bytes that follow, not consumed. */
  private static byte[] afterZeros(InputStream in) throws IOException {
    byte[] head = head(in);
    while (head.length > 0 && head[0] == 0 && !starts(head, 4, "ftyp")) {
      int zeros = 0;
      while (zeros < head.length && head[zeros] == 0) {
        zeros++;
      }
      int film = starts(head, zeros + 1, "ftyp") ? 3 : 0; // its length begins with zeros
      Skipping.skip(in, Math.max(1, zeros - film));
      head = head(in);
    }
    return head;
  }

  /** Length of the tag that begins here, or 0. */
  private static long tag(byte[] head) {
    if (starts(head, 0, "ID3") && head.length >= Seam.TAG_HEAD) {
      return Seam.tagBytes(head, 0);
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
    int start = Math.min(head.length, from);
    int end = Math.min(head.length, from + length);
    return new String(head, start, end - start, StandardCharsets.ISO_8859_1);
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
