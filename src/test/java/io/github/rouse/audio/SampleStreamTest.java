// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class SampleStreamTest {
  /** Frames of 0, 1, 2 and 3 bytes, which count on. */
  private static InputStream frames() {
    return new SampleStream.FrameBytes() {
      private int frame;
      private int next = 126;

      @Override
      protected boolean decode() {
        if (frame == 4) {
          return false;
        }
        bytes = new byte[1 + frame];
        read = 1; // what an encoder added is left out
        for (int i = 1; i < bytes.length; i++) {
          bytes[i] = (byte) next++;
        }
        decoded = bytes.length;
        frame++;
        return true;
      }
    };
  }

  @Test
  void bytesAreTheSameOneByOneAndManyAtATime() throws IOException {
    byte[] expected = {126, 127, -128, -127, -126, -125};
    assertArrayEquals(expected, frames().readAllBytes());
    ByteArrayOutputStream one = new ByteArrayOutputStream();
    InputStream frames = frames();
    for (int b; (b = frames.read()) >= 0; ) {
      one.write(b);
    }
    assertArrayEquals(expected, one.toByteArray());
  }
}
