// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Names the formats of sound that only ffmpeg reads, so that none is passed over in silence. */
final class Unsupported {
  private static final Map<String, String> BY_MAGIC =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("RIFX", "big-endian WAV"),
              Map.entry("riff.\u0091\u00cf\u0011", "Wave64"),
              Map.entry("#!AMR", "AMR"),
              Map.entry("0&\u00b2u\u008ef\u00cf\u0011", "Windows Media"),
              Map.entry("wvpk", "WavPack"),
              Map.entry("MAC ", "Monkey's Audio"),
              Map.entry("TTA1", "True Audio"),
              Map.entry("MPCK", "Musepack"),
              Map.entry("MP+", "Musepack"),
              Map.entry("NIST_1A", "NIST SPHERE"),
              Map.entry("DSD ", "DSD"),
              Map.entry("FRM8", "DSD"),
              Map.entry("Creative Voice File", "VOC"),
              Map.entry("ajkg", "Shorten"),
              Map.entry(".RMF", "RealMedia"),
              Map.entry("FLV\u0001", "Flash video"),
              Map.entry("ADIF", "AAC"),
              Map.entry("tBaK", "TAK"),
              Map.entry("#!SILK", "SILK"),
              Map.entry("\u0002#!SILK", "SILK"),
              Map.entry("\u007f\u00fe\u0080\u0001", "DTS"),
              Map.entry("\u0000\u0000\u0001\u00ba", "MPEG video"),
              Map.entry("d\u00a3\u0001\u0000", "IRCAM"),
              Map.entry("d\u00a3\u0002\u0000", "IRCAM")));
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
    if (text.startsWith("RIFF") && text.startsWith("AVI ", 8)) {
      return "AVI";
    }
    if (text.startsWith("RIFF") && text.startsWith("QLCM", 8)) {
      return "QCP";
    }
    if (isAc3(head)) {
      return "AC-3";
    }
    if (isEac3(head)) {
      return "E-AC-3";
    }
    if (text.startsWith("FORM") && text.startsWith("8SVX", 8)) {
      return "8SVX";
    }
    boolean transport = head.length > 3 * PACKET;
    for (int i = 0; transport && i < 4; i++) {
      transport = head[i * PACKET] == 'G';
    }
    return transport ? "MPEG transport stream" : null;
  }

  private static boolean isAc3(byte[] head) {
    return head.length > 6
        && head[0] == 0x0B
        && head[1] == 0x77
        && (head[4] & 0xC0) != 0xC0 // sample rate
        && (head[4] & 0x3F) < 38 // frame size
        && (head[5] & 0xFF) >> 3 <= 10; // version
  }

  /** Enhanced AC-3, of which two frames begin here. */
  private static boolean isEac3(byte[] head) {
    int bytes = head.length > 6 ? 2 * (((head[2] & 7) << 8 | (head[3] & 0xFF)) + 1) : 0;
    return bytes > 6
        && bytes + 1 < head.length
        && head[0] == 0x0B
        && head[1] == 0x77
        && (head[5] & 0xFF) >> 3 > 10 // version
        && (head[5] & 0xFF) >> 3 <= 16
        && head[bytes] == 0x0B
        && head[bytes + 1] == 0x77;
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
