// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Names the formats of sound that cannot be read, so that none is passed over in silence. */
final class Unsupported {
  private static final Map<String, String> BY_MAGIC =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("RIFX", "a big-endian WAV"),
              Map.entry("riff.\u0091\u00cf\u0011", "a Wave64 file"),
              Map.entry("caff", "a CAF file"),
              Map.entry("#!AMR", "an AMR file"),
              Map.entry("0&\u00b2u\u008ef\u00cf\u0011", "a Windows Media file"),
              Map.entry("wvpk", "a WavPack file"),
              Map.entry("MAC ", "a Monkey's Audio file"),
              Map.entry("TTA1", "a True Audio file"),
              Map.entry("MPCK", "a Musepack file"),
              Map.entry("MP+", "a Musepack file"),
              Map.entry("NIST_1A", "a NIST SPHERE file"),
              Map.entry("\u001aE\u00df\u00a3", "a WebM or Matroska file"),
              Map.entry("DSD ", "a DSD file"),
              Map.entry("FRM8", "a DSD file"),
              Map.entry("Creative Voice File", "a VOC file"),
              Map.entry("ajkg", "a Shorten file"),
              Map.entry(".RMF", "a RealMedia file"),
              Map.entry("FLV\u0001", "a Flash video"),
              Map.entry("ADIF", "an AAC file"),
              Map.entry("\u0000\u0000\u0001\u00ba", "an MPEG video"),
              Map.entry("d\u00a3\u0001\u0000", "an IRCAM file"),
              Map.entry("d\u00a3\u0002\u0000", "an IRCAM file")));
  private static final Set<String> IMAGES =
      Set.of("heic", "heix", "heim", "heis", "mif1", "msf1", "avif", "avis", "crx ", "jxl ");
  private static final Set<String> QUICKTIME = Set.of("ftyp", "moov", "mdat", "wide", "pnot");
  private static final int PACKET = 188; // bytes of an MPEG transport stream

  private Unsupported() {}

  /** The format of sound or video that begins with these bytes, or null. */
  static String name(byte[] head) {
    String text = new String(head, 0, Math.min(head.length, 32), StandardCharsets.ISO_8859_1);
    for (Map.Entry<String, String> entry : BY_MAGIC.entrySet()) {
      if (text.startsWith(entry.getKey())) {
        return entry.getValue();
      }
    }
    if (text.length() >= 12 && QUICKTIME.contains(text.substring(4, 8))) {
      boolean image = text.startsWith("ftyp", 4) && IMAGES.contains(text.substring(8, 12));
      return image ? null : "an MP4 or M4A file";
    }
    if (text.startsWith("RIFF") && text.startsWith("AVI ", 8)) {
      return "an AVI video";
    }
    if (text.startsWith("FORM") && text.startsWith("8SVX", 8)) {
      return "an 8SVX file";
    }
    if (isAdts(head)) {
      return "an AAC file";
    }
    boolean transport = head.length > 3 * PACKET;
    for (int i = 0; transport && i < 4; i++) {
      transport = head[i * PACKET] == 'G';
    }
    return transport ? "an MPEG transport stream" : null;
  }

  /** Whether two frames of AAC with ADTS headers begin here. */
  private static boolean isAdts(byte[] head) {
    int at = 0;
    for (int frame = 0; frame < 2; frame++) {
      if (at + 7 > head.length
          || head[at] != -1
          || (head[at + 1] & 0xF6) != 0xF0
          || (head[at + 2] >> 2 & 15) > 12) {
        return false;
      }
      at += (head[at + 3] & 3) << 11 | (head[at + 4] & 0xFF) << 3 | (head[at + 5] & 0xE0) >> 5;
      if (at == 0) {
        return false;
      }
    }
    return true;
  }

  /** The codec of an Ogg file without Vorbis; null if it has Vorbis. */
  static String ogg(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.contains("\u0001vorbis")) {
      return null;
    }
    String codec =
        text.contains("OpusHead")
            ? "Opus"
            : text.contains("FLAC")
                ? "FLAC"
                : text.contains("Speex") ? "Speex" : "an unknown codec";
    return "Ogg with " + codec;
  }

  /** What bytes that are no sound seem to be. */
  static String guess(byte[] head) {
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
}
