// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What the index of an MP4 file says of one track. */
final class Mp4Track {
  private static final int SOUND_ENTRY = 28; // bytes before the boxes of a sample entry

  private final Mp4Box box;
  private final int id;
  private final long timescale; // ticks per second
  private final String letters; // of the codec
  private final ByteBuffer entry; // the description of its samples
  private final Mp4Box index;
  private long editStart = -1; // ticks of the media, or -1 without an edit
  private double editSeconds; // of that edit, or 0
  private int edits;

  Mp4Track(Mp4Box index, Mp4Box box) throws IOException {
    this.index = index;
    this.box = box;
    ByteBuffer head = box.need("tkhd");
    id = head.getInt(head.get(0) == 1 ? 20 : 12);
    ByteBuffer media = box.need("mdia/mdhd");
    timescale = media.getInt(media.get(0) == 1 ? 20 : 12) & 0xFFFFFFFFL;
    ByteBuffer described = box.need("mdia/minf/stbl/stsd");
    Mp4Box first = null;
    if (described.remaining() > 8) {
      described.position(8);
      first = Mp4Box.in(described).stream().findFirst().orElse(null);
    }
    if (first == null || timescale == 0) {
      throw new EOFException("it does not describe its sound");
    }
    letters = first.type();
    entry = first.content();
    readEdits();
  }

  static boolean isSound(Mp4Box track) {
    Mp4Box handler = track.at("mdia/hdlr");
    if (handler == null || handler.content().remaining() < 12) {
      return false;
    }
    return Mp4Box.letters(handler.content().slice().position(8)).equals("soun");
  }

  private void readEdits() throws IOException {
    Mp4Box list = box.at("edts/elst");
    if (list == null || list.content().remaining() < 8) {
      return;
    }
    ByteBuffer film = index.need("mvhd");
    double filmScale = film.getInt(film.get(0) == 1 ? 20 : 12) & 0xFFFFFFFFL;
    ByteBuffer in = list.content().slice();
    boolean large = in.get(0) == 1;
    long count = in.getInt(4) & 0xFFFFFFFFL;
    in.position(8);
    for (long i = 0; i < count && in.remaining() >= (large ? 20 : 12); i++) {
      long length = large ? in.getLong() : in.getInt() & 0xFFFFFFFFL;
      long start = large ? in.getLong() : in.getInt();
      in.getInt(); // speed
      if (start >= 0) { // else a pause before the sound
        edits++;
        editStart = start;
        editSeconds = (length + 1) / filmScale; // that scale is coarse
        if (length == 0) {
          editSeconds = 0;
        }
      }
    }
  }

  /** Its number in fragments. */
  int id() {
    return id;
  }

  long timescale() {
    return timescale;
  }

  /** The box of its defaults in fragments, or null. */
  Mp4Box defaults() {
    Mp4Box extension = index.at("mvex");
    if (extension != null) {
      for (Mp4Box found : extension.boxes()) {
        if (found.type().equals("trex")
            && found.content().remaining() >= 24
            && found.content().getInt(4) == id) {
          return found;
        }
      }
    }
    return null;
  }

  /** A table of its samples; empty if it is missing. */
  ByteBuffer table(String name) {
    Mp4Box found = box.at("mdia/minf/stbl/" + name);
    return found == null ? ByteBuffer.allocate(0) : found.content().slice();
  }

  /** Name of its codec. */
  String codec() throws IOException {
    return switch (letters) {
      case "mp4a" -> esds() == null ? "sound without a description" : object();
      case "Opus" -> "Opus";
      case "alac" -> "ALAC";
      case "samr" -> "AMR";
      case "sawb" -> "AMR-WB";
      case "ac-3" -> "AC-3";
      case "ec-3" -> "E-AC-3";
      case "fLaC" -> "FLAC";
      case ".mp3" -> "MP3";
      case "enca" -> "encrypted sound";
      case "sowt", "twos", "lpcm", "ipcm", "fpcm", "in24", "in32", "fl32", "fl64", "raw ", "NONE" ->
          "PCM";
      case "ulaw" -> "\u00b5-law";
      case "alaw" -> "A-law";
      case "ima4" -> "IMA ADPCM";
      default -> letters.strip().matches("[ -~]+") ? letters.strip() : "an unknown codec";
    };
  }

  private String object() throws IOException {
    int type = descriptor(0x04).get(0) & 0xFF;
    return switch (type) {
      case 0x40, 0x66, 0x67, 0x68 -> "AAC";
      case 0x69, 0x6B -> "MP3";
      case 0xDD -> "Vorbis";
      default -> String.format("sound of type 0x%02X", type);
    };
  }

  /** The codec's own box. */
  ByteBuffer setup() throws IOException {
    for (Mp4Box inner : Mp4Box.in(inner())) {
      if (inner.type().equals("dOps")) {
        return inner.content();
      }
    }
    throw new IOException("its Opus has no header");
  }

  /** The configuration of AAC. */
  byte[] esdsConfig() throws IOException {
    ByteBuffer config = descriptor(0x05);
    byte[] bytes = new byte[config.remaining()];
    config.get(bytes);
    return bytes;
  }

  private ByteBuffer inner() throws IOException {
    if (entry.remaining() < SOUND_ENTRY) {
      throw new EOFException("it does not describe its sound");
    }
    int version = entry.getShort(8); // of QuickTime
    int from = SOUND_ENTRY + (version == 1 ? 16 : version == 2 ? 36 : 0);
    return entry.slice().position(Math.min(from, entry.remaining()));
  }

  private Mp4Box esds() throws IOException {
    for (Mp4Box found : Mp4Box.in(inner())) {
      if (found.type().equals("esds")) {
        return found;
      }
      Mp4Box within = found.type().equals("wave") ? found.at("esds") : null;
      if (within != null) {
        return within;
      }
    }
    return null;
  }

  /** The content of a descriptor in "esds" (ISO/IEC 14496-1, section 7.2.6). */
  private ByteBuffer descriptor(int wanted) throws IOException {
    ByteBuffer in = esds().content().slice();
    in.position(4);
    while (in.hasRemaining()) {
      int tag = in.get() & 0xFF;
      int size = 0;
      for (int i = 0, next = 0x80; i < 4 && (next & 0x80) != 0; i++) {
        next = in.get();
        size = size << 7 | (next & 0x7F);
      }
      if (tag == wanted) {
        return in.slice(in.position(), Math.min(size, in.remaining()));
      }
      if (tag == 0x03) {
        in.getShort();
        int flags = in.get();
        in.position(in.position() + ((flags & 0x80) != 0 ? 2 : 0));
        if ((flags & 0x40) != 0) {
          in.position(in.position() + 1 + (in.get(in.position()) & 0xFF));
        }
        in.position(in.position() + ((flags & 0x20) != 0 ? 2 : 0));
      } else if (tag == 0x04) {
        in.position(in.position() + 13);
      } else {
        in.position(in.position() + size);
      }
    }
    throw new EOFException("its esds is cut short");
  }

  /**
   * Frames to leave out at the start.
   *
   * @param otherwise without an edit list
   */
  long start(int rate, long otherwise) {
    long[] gapless = gapless();
    return edits == 1
        ? Math.round(editStart * (double) rate / timescale)
        : edits == 0 && gapless != null ? gapless[0] : edits > 1 ? 0 : otherwise;
  }

  /** The frame at which the sound ends, counted from the media's start, or the greatest number. */
  long end(int rate) {
    if (edits == 1 && editSeconds > 0) {
      return Math.round((editStart / (double) timescale + editSeconds) * rate);
    }
    long[] gapless = gapless();
    return edits == 0 && gapless != null ? gapless[0] + gapless[1] : Long.MAX_VALUE;
  }

  /** Delay and length in frames, as iTunes notes them; null if it does not. */
  private long[] gapless() {
    Mp4Box user = index.at("udta/meta");
    if (user == null || user.content().remaining() < 4) {
      return null;
    }
    ByteBuffer content = user.content().slice();
    byte[] bytes = new byte[Math.min(content.remaining(), 1 << 20)];
    content.get(bytes);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("iTunSMPB");
    if (at < 0) {
      return null;
    }
    var found =
        java.util.regex.Pattern.compile(" [0-9A-F]{8} ([0-9A-F]{8}) [0-9A-F]{8} ([0-9A-F]{16}) ")
            .matcher(text.substring(at, Math.min(text.length(), at + 200)));
    if (!found.find() || found.group(2).charAt(0) != '0') {
      return null;
    }
    long length = Long.parseLong(found.group(2), 16);
    return length == 0 ? null : new long[] {Long.parseLong(found.group(1), 16), length};
  }
}
