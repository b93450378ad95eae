// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReelTest {
  @TempDir Path folder;

  private Reel reel(float[] samples, float[]... vectors) throws IOException {
    Path file = folder.resolve("a.reel");
    Reel.write(file, samples, vectors);
    return Reel.open(file, 2);
  }

  @Test
  void aFileKeepsSoundAndVectors() throws IOException {
    Reel reel = reel(new float[] {0, 0.5f, -1, 1}, new float[] {1, 2}, new float[] {3, 4});
    assertEquals(4, reel.length());
    assertEquals(2, reel.count());
    float[] part = new float[3];
    reel.copy(1, part);
    assertArrayEquals(new float[] {0.5f, -1, 32767 / 32768f}, part);
    assertEquals(4, reel.vectors().get(3));
  }

  @Test
  void aReelTooShortForAVectorHasNone() throws IOException {
    assertEquals(0, reel(new float[] {0.5f}).count());
  }

  @Test
  void eachValueGetsMeanZeroAndDeviationOne() throws IOException {
    Reel reel = reel(new float[9], new float[] {10, 7}, new float[] {14, 7}, new float[] {12, 7});
    Standardisation standard = Standardisation.of(List.of(reel), 2);
    float[] to = new float[6];
    for (int k = 0; k < 3; k++) {
      standard.apply(reel.vectors(), 2 * k, to, 2 * k);
    }
    double unit = Math.sqrt(1.5);
    assertArrayEquals(
        new float[] {(float) -unit, 0, (float) unit, 0, 0, 0}, to, 1e-5f, "a constant stays 0");
  }
}
