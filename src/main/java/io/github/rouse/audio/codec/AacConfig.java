// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import io.github.rouse.audio.BitInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * What an AudioSpecificConfig says (ISO/IEC 14496-3, section 1.6.2.1).
 *
 * @param bytes as coded
 * @param type audio object type, that of the core if there is an extension
 * @param extended whether spectral band replication doubles the rate
 * @param sampleRate of the core, Hz
 * @param channels 0 if its packets say
 * @param frames of a packet
 */
record AacConfig(
    byte[] bytes, int type, boolean extended, int sampleRate, int channels, int frames) {
  private static final int[] RATES = { // Hz, by code
    96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
    7_350
  };
  private static final int LOW_COMPLEXITY = 2;

  /** Parses it. */
  static AacConfig parse(byte[] bytes) throws IOException {
    BitInput in = new BitInput(new ByteArrayInputStream(bytes));
    int type = type(in);
    int rate = rate(in);
    int channels = (int) in.unsigned(4);
    boolean extended = type == 5 || type == 29;
    if (extended) {
      rate(in);
      type = type(in);
    }
    boolean small = in.unsigned(1) == 1;
    for (int at = 2; at + 2 < bytes.length; at++) { // may follow the core's fields
      int word = (bytes[at] & 0xFF) << 16 | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF);
      extended |= word >> 13 == 0x2B7 && (word >> 8 & 31) == 5 && (word & 0x80) != 0;
    }
    return new AacConfig(
        bytes, type, extended, rate, channels == 7 ? 8 : channels, small ? 960 : 1024);
  }

  /** That of ADTS frames. */
  static AacConfig of(int type, int rateCode, int channels) throws IOException {
    int bits = type << 11 | rateCode << 7 | channels << 3;
    return parse(new byte[] {(byte) (bits >> 8), (byte) bits});
  }

  private static int type(BitInput in) throws IOException {
    int type = (int) in.unsigned(5);
    return type == 31 ? 32 + (int) in.unsigned(6) : type;
  }

  private static int rate(BitInput in) throws IOException {
    int code = (int) in.unsigned(4);
    if (code == 15) {
      return (int) in.unsigned(24);
    }
    if (code >= RATES.length) {
      throw new IOException("its AAC sample rate is unknown");
    }
    return RATES[code];
  }

  /** Whether it is plain AAC-LC. */
  boolean isPlain() {
    return type == LOW_COMPLEXITY && !extended && frames == 1024 && channels > 0;
  }

  /** Its profile's name. */
  String profile() {
    return extended
        ? "HE-AAC"
        : switch (type) {
          case 1 -> "AAC Main";
          case LOW_COMPLEXITY -> "AAC-LC";
          case 23 -> "AAC-LD";
          case 39 -> "AAC-ELD";
          case 42 -> "xHE-AAC";
          case 32, 33, 34 -> "MPEG audio";
          case 36 -> "MPEG-4 ALS";
          default -> "AAC of type " + type;
        };
  }
}
