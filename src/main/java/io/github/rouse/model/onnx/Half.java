// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

/** 16-bit IEEE 754 floats; Java has them only since version 20. */
final class Half {
  private Half() {}

  /** Rounds to the nearest 16-bit float; saturates at the largest. */
  static short of(float value) {
    int sign = value < 0 ? 0x8000 : 0;
    float magnitude = Math.min(Math.abs(value), 65_504);
    if (magnitude < 0x1p-14f) { // subnormal: multiples of 2^-24
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24f));
    }
    int bits = Float.floatToIntBits(magnitude);
    int rounded = bits + 0xfff + ((bits >> 13) & 1); // half to even
    return (short) (sign | ((rounded >> 13) - ((127 - 15) << 10)));
  }

  /** The value of a 16-bit float. */
  static float value(short half) {
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Float.intBitsToFloat(((exponent + 127 - 15) << 23) | (fraction << 13));
        };
    return half < 0 ? -magnitude : magnitude;
  }
}
