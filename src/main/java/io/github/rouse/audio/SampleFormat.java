// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

/**
 * Layout of one sample in bytes, and its conversion to float.
 *
 * <p>A value v of n bits becomes {@code v / 2^(n-1)}. TarsosDSP's converter divides by 32767, which
 * would not preserve 16-bit values exactly.
 */
public enum SampleFormat {
  UNSIGNED_8(1),
  SIGNED_8(1),
  SIGNED_16(2),
  SIGNED_24(3),
  SIGNED_32(4),
  FLOAT_32(4),
  FLOAT_64(8),
  A_LAW(1),
  MU_LAW(1);

  /** The highest magnitude of digital silence: two steps of 16 bits. */
  public static final float SILENCE = 2 / 32768f;

  private static final int LARGEST = 100; // 40 dB above full scale

  /** The samples that {@link #isSample} accepts, for messages. */
  public static final String RANGE = -LARGEST + " to " + LARGEST;

  private static final float[] A_LAW_VALUES = aLawValues();
  private static final float[] MU_LAW_VALUES = muLawValues();

  public final int bytes; // per sample

  SampleFormat(int bytes) {
    this.bytes = bytes;
  }

  /** Signed integers of the given bits, left-justified in their bytes; null above 32 bits. */
  public static SampleFormat signed(int bits) {
    return switch ((bits + 7) / 8) { // 12 or 20 bits fill the top of 2 or 3 bytes
      case 1 -> SIGNED_8;
      case 2 -> SIGNED_16;
      case 3 -> SIGNED_24;
      case 4 -> SIGNED_32;
      default -> null;
    };
  }

  /**
   * Whether a value can be a sample: it is finite and no unscaled 16-bit value. Others would
   * corrupt a detector's state for good.
   */
  public static boolean isSample(float value) {
    return Math.abs(value) <= LARGEST; // not for NaN
  }

  /** Rounds a sample to 16 bits. Values outside [-1, 1] are clipped; NaN becomes 0. */
  public static short toSixteenBits(float sample) {
    return (short) Math.max(-32768, Math.min(32767, Math.round(sample * 32768f)));
  }

  boolean isFloat() {
    return this == FLOAT_32 || this == FLOAT_64;
  }

  /** Converts {@code count} samples to floats, from byte 0 of {@code in}. */
  public void decode(byte[] in, boolean bigEndian, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = value(in, i * bytes, bigEndian);
    }
  }

  private float value(byte[] in, int at, boolean bigEndian) {
    return switch (this) {
      case UNSIGNED_8 -> ((in[at] & 0xFF) - 128) / 128f;
      case SIGNED_8 -> in[at] / 128f;
      case SIGNED_16 -> (short) bits(in, at, bigEndian) / 32768f;
      case SIGNED_24 -> ((int) bits(in, at, bigEndian) << 8 >> 8) / 8388608f;
      case SIGNED_32 -> (int) bits(in, at, bigEndian) * 0x1p-31f;
      case FLOAT_32 -> Float.intBitsToFloat((int) bits(in, at, bigEndian));
      case FLOAT_64 -> (float) Double.longBitsToDouble(bits(in, at, bigEndian));
      case A_LAW -> A_LAW_VALUES[in[at] & 0xFF];
      case MU_LAW -> MU_LAW_VALUES[in[at] & 0xFF];
    };
  }

  private long bits(byte[] in, int at, boolean bigEndian) {
    long bits = 0;
    for (int i = 0; i < bytes; i++) {
      bits = (bits << 8) | (in[bigEndian ? at + i : at + bytes - 1 - i] & 0xFF);
    }
    return bits;
  }

  /** ITU-T G.711, table 1: 13 bits, scaled to 16. */
  private static float[] aLawValues() {
    float[] values = new float[256];
    for (int code = 0; code < 256; code++) {
      int bits = code ^ 0x55;
      int exponent = (bits >> 4) & 7;
      int magnitude = (bits & 15) << 4;
      magnitude = exponent == 0 ? magnitude + 8 : (magnitude + 0x108) << (exponent - 1);
      values[code] = ((bits & 0x80) != 0 ? magnitude : -magnitude) / 32768f;
    }
    return values;
  }

  /** ITU-T G.711, table 2: 14 bits, scaled to 16. */
  private static float[] muLawValues() {
    float[] values = new float[256];
    for (int code = 0; code < 256; code++) {
      int bits = ~code & 0xFF;
      int magnitude = ((((bits & 15) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
      values[code] = ((bits & 0x80) != 0 ? -magnitude : magnitude) / 32768f;
    }
    return values;
  }
}
