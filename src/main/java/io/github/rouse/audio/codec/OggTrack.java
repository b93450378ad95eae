// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import io.github.rouse.audio.AudioFormatException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pages of one stream of sound, among the streams that start together in an Ogg file. */
final class OggTrack {
  private static final Map<String, String> CODECS = new LinkedHashMap<>();

  static {
    CODECS.put("\u0001vorbis", "Vorbis");
    CODECS.put("OpusHead", "Opus");
    CODECS.put("\u007fFLAC", "FLAC");
    CODECS.put("fLaC", "FLAC");
    CODECS.put("Speex   ", "Speex");
    CODECS.put("CELT    ", "CELT");
    CODECS.put("PCM     ", "PCM");
  }

  private final InputStream in;
  private final List<String> codecs = new ArrayList<>(); // of all tracks
  private final int number; // of this one, from 1
  private OggPage first;
  private OggPage waiting; // read while the start was searched, else null
  private long skipped; // damaged bytes

  /**
   * Reads the pages that begin streams.
   *
   * @param number of the track, from 1
   * @param name of the sound, for messages
   */
  OggTrack(InputStream in, int number, String name) throws IOException {
    this.in = in;
    this.number = number;
    OggPage page = read(/* within= */ false);
    while (page != null && page.begins()) {
      String codec = codec(page.body());
      if (!codec.isEmpty()) {
        codecs.add(codec);
      }
      if (!codec.isEmpty() && codecs.size() == number) {
        first = page;
      }
      page = read(/* within= */ false);
    }
    waiting = page;
    if (codecs.isEmpty()) {
      throw page == null
          ? new EOFException("no sound follows it")
          : new AudioFormatException(name, "is Ogg without sound of a known codec");
    }
    if (first == null) {
      throw new AudioFormatException(name, "has no track " + number);
    }
  }

  private static String codec(byte[] body) {
    String text = new String(body, 0, Math.min(8, body.length), StandardCharsets.ISO_8859_1);
    for (Map.Entry<String, String> codec : CODECS.entrySet()) {
      if (text.startsWith(codec.getKey())) {
        return codec.getValue();
      }
    }
    return "";
  }

  /** The codec of this track. */
  String codec() {
    return codecs.get(number - 1);
  }

  /** The page that begins this track. */
  OggPage first() {
    return first;
  }

  /** Tracks of the file. */
  int tracks() {
    return codecs.size();
  }

  /** Damaged bytes so far. */
  long skipped() {
    return skipped;
  }

  /** The next page of this track after its first; null at the end of all tracks. */
  OggPage next() throws IOException {
    while (true) {
      OggPage page = waiting == null ? read(/* within= */ true) : waiting;
      waiting = null;
      if (page == null || (page.serial() == first.serial() && page.lacing().length > 0)) {
        return page;
      }
    }
  }

  private OggPage read(boolean within) throws IOException {
    OggPage page = OggPage.read(in, within);
    skipped += page == null ? 0 : page.skipped();
    return page;
  }

  void close() throws IOException {
    in.close();
  }
}
