// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.reliability;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Damages input at random: bits, bytes, numbers of all widths, pieces, and the tokens of text. */
final class Damage {
  private static final long[] ODD = {
    0,
    -1,
    1,
    2,
    127,
    128,
    255,
    256,
    32_767,
    65_535,
    65_536,
    1 << 24,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final String[] TOKENS = {
    "",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "#",
    "-",
    "- ",
    "&a",
    "*a",
    "<<: *a",
    "!!java.net.URL",
    "!!binary",
    "null",
    "true",
    "~",
    "NaN",
    "-Infinity",
    "1e999",
    "-1",
    "0",
    "0.5",
    "2147483648",
    "9223372036854775808",
    "1e-400",
    "../..",
    "/etc/passwd",
    "%00",
    "\\u0000",
    "\uD800",
    "\u2028",
    "\uFEFF",
    "é",
    "[[[[[[[[",
    "{\"a\":",
    "---",
    "|",
    ">"
  };
  private static final int MOST_BYTES = 1 << 17;
  private static final int NESTED = 3000; // brackets at most

  private final SplittableRandom random;

  Damage(SplittableRandom random) {
    this.random = random;
  }

  byte[] of(FuzzDoor door) {
    List<byte[]> seeds = door.seeds();
    byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      byte[] other = seeds.get(random.nextInt(seeds.size()));
      bytes = door.text() && random.nextInt(3) > 0 ? text(bytes, other) : binary(bytes, other);
    }
    return bytes.length > MOST_BYTES ? Arrays.copyOf(bytes, MOST_BYTES) : bytes;
  }

  private byte[] binary(byte[] bytes, byte[] other) {
    if (bytes.length == 0) {
      return other.clone();
    }
    int at = place(bytes.length);
    return switch (random.nextInt(8)) {
      case 0 -> Arrays.copyOf(bytes, at);
      case 1 -> { // a piece repeated or dropped
        int to = at + random.nextInt(200) - 100;
        yield joined(bytes, at, bytes, Math.max(0, Math.min(bytes.length, to)));
      }
      case 2 -> joined(bytes, at, other, random.nextInt(other.length + 1));
      case 3, 4 -> number(bytes, at);
      case 5 -> {
        byte[] grown = Arrays.copyOf(bytes, at + 1 + random.nextInt(64));
        yield joined(grown, grown.length, bytes, at);
      }
      case 6 -> changed(bytes, at, random.nextInt());
      default -> changed(bytes, at, bytes[at] ^ (1 << random.nextInt(8)));
    };
  }

  private static byte[] changed(byte[] bytes, int at, int value) {
    bytes[at] = (byte) value;
    return bytes;
  }

  /** Picks a place, often in the first hundred bytes. */
  private int place(int length) {
    return random.nextInt(random.nextBoolean() ? Math.min(length, 100) : length);
  }

  private byte[] number(byte[] bytes, int at) {
    long odd = ODD[random.nextInt(ODD.length)] + random.nextInt(3) - 1;
    int width = Math.min(1 << random.nextInt(4), bytes.length - at);
    boolean bigEndian = random.nextBoolean();
    for (int i = 0; i < width; i++) {
      bytes[at + i] = (byte) (odd >>> (8 * (bigEndian ? width - 1 - i : i)));
    }
    return bytes;
  }

  private static byte[] joined(byte[] head, int at, byte[] tail, int from) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(head, 0, at);
    out.write(tail, from, tail.length - from);
    return out.toByteArray();
  }

  private byte[] text(byte[] bytes, byte[] other) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int start = random.nextInt(text.length() + 1);
    int end = start;
    switch (random.nextInt(5)) {
      case 0 -> {} // an insertion
      case 1 -> { // a word
        while (end < text.length() && Character.isLetterOrDigit(text.charAt(end))) {
          end++;
        }
      }
      case 2 -> end = Math.max(start, text.indexOf('\n', start)); // what is left of the line
      case 3 -> end = Math.min(text.length(), start + random.nextInt(40));
      default -> {
        while (start < text.length() && !Character.isDigit(text.charAt(start))) {
          start++;
        }
        end = start;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
          end++;
        }
      }
    }
    String with = TOKENS[random.nextInt(TOKENS.length)];
    int choice = random.nextInt(20);
    if (choice == 0) {
      with = with.repeat(random.nextInt(NESTED));
    } else if (choice < 4) {
      String others = new String(other, StandardCharsets.ISO_8859_1);
      int from = random.nextInt(others.length() + 1);
      with = others.substring(from, Math.min(others.length(), from + random.nextInt(60)));
    } else if (choice < 6) {
      with = text.substring(start, end).repeat(2);
    }
    byte[] utf8 =
        with.getBytes(
            choice < 4 && choice > 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    byte[] head = joined(bytes, Math.min(start, bytes.length), utf8, 0);
    return joined(head, head.length, bytes, Math.min(end, bytes.length));
  }
}
