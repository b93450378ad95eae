// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The beginning of a second file is found where it is, and nowhere else. */
class SeamTest {
  private static InputStream in(byte[] bytes) {
    return new BufferedInputStream(new ByteArrayInputStream(bytes), 1 << 16);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tone.mp3",
        "tagged.mp3",
        "tone16.flac",
        "tone.ogg",
        "tone.opus",
        "tone.webm",
        "tone.mka",
        "tone.m4a",
        "fragments.mp4",
        "two.mp4",
        "tone.aac"
      })
  void aSecondFileIsFoundAtItsFirstByte(String name) throws IOException {
    byte[] second = Sounds.resource(name);
    for (int length : new int[] {1000, 65_535, 65_536, 81_925}) {
      byte[] first = random(length);
      InputStream in = in(Sounds.join(first, second));
      ByteArrayOutputStream copied = new ByteArrayOutputStream();
      assertTrue(Seam.copy(in, /* frames= */ true, copied), name + ", " + length);
      assertArrayEquals(first, copied.toByteArray(), name + ", " + length);
      assertArrayEquals(second, in.readAllBytes());
    }
  }

  @Test
  void chanceMakesNoBeginning() throws IOException {
    ByteArrayOutputStream copied = new ByteArrayOutputStream();
    byte[] bytes = random(20_000_000);
    assertFalse(Seam.copy(in(bytes), /* frames= */ true, copied));
    assertTrue(Arrays.equals(bytes, copied.toByteArray()));
  }

  @Test
  void theFirstPagesOfOneOggAreNoSecondFile() throws IOException {
    byte[] opus = Sounds.resource("tone.opus");
    byte[] page = Arrays.copyOf(opus, 27 + 1 + 19); // OpusHead
    byte[] two = Sounds.join(page, opus); // another stream in the same file
    assertFalse(Seam.copy(in(two), /* frames= */ false, new ByteArrayOutputStream()));
    ByteArrayOutputStream copied = new ByteArrayOutputStream();
    assertTrue(Seam.copy(in(Sounds.join(two, opus)), /* frames= */ false, copied));
    assertEquals(two.length, copied.size());
  }
}
