// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SampleRingTest {
  private static final float STEP = 1f / (1 << 21); // floats count exactly up to 2^24 steps

  private final float[] read = new float[100];

  private static float[] count(int from, int to) {
    float[] values = new float[to - from];
    for (int i = 0; i < values.length; i++) {
      values[i] = (from + i) * STEP;
    }
    return values;
  }

  private float[] take(SampleRing ring) {
    return Arrays.copyOf(read, ring.read(read, 0));
  }

  @Test
  void samplesAreReadInOrderAcrossTheWrap() {
    SampleRing ring = new SampleRing(8);
    for (int i = 0; i < 50; i += 5) {
      ring.write(count(i, i + 5), 0, 5);
      assertArrayEquals(count(i, i + 5), take(ring));
      assertEquals(0, ring.takeGap());
    }
    assertEquals(0, ring.lost());
  }

  @Test
  void aFullRingDropsNewSamplesAndReportsWhere() {
    SampleRing ring = new SampleRing(8);
    ring.write(count(0, 6), 0, 6);
    ring.write(count(6, 12), 0, 6); // 8 to 11 are lost
    ring.write(count(12, 15), 0, 3); // all are lost
    assertEquals(7, ring.lost());
    assertArrayEquals(count(0, 8), take(ring));
    assertEquals(0, ring.takeGap());
    ring.write(count(15, 18), 0, 3);
    assertArrayEquals(count(15, 18), take(ring));
    assertEquals(7, ring.takeGap());
    assertEquals(0, ring.takeGap());
  }

  @Test
  void aReadNeverCrossesAGap() {
    SampleRing ring = new SampleRing(16);
    ring.write(count(0, 3), 0, 3);
    ring.drop(1000);
    ring.write(count(3, 5), 0, 2);
    ring.drop(5);
    ring.drop(6);
    ring.write(count(5, 6), 0, 1);
    assertArrayEquals(count(0, 3), take(ring));
    assertEquals(0, ring.takeGap());
    assertArrayEquals(count(3, 5), take(ring));
    assertEquals(1000, ring.takeGap());
    assertArrayEquals(count(5, 6), take(ring));
    assertEquals(11, ring.takeGap());
  }

  @Test
  void gapsBeyondTheLimitMerge() {
    SampleRing ring = new SampleRing(1024);
    for (int i = 0; i < 200; i++) {
      ring.drop(1);
      ring.write(count(i, i + 1), 0, 1);
    }
    long got = 0;
    long gaps = 0;
    for (int n; (n = ring.read(read, 0)) > 0; got += n) {
      gaps += ring.takeGap();
    }
    ring.write(count(200, 201), 0, 1);
    got += ring.read(read, 0);
    gaps += ring.takeGap();
    assertEquals(401, got + gaps);
    assertEquals(ring.lost(), gaps);
  }

  @Test
  void aReadOfAnEmptyRingWaitsForTheTimeout() {
    SampleRing ring = new SampleRing(8);
    long before = System.nanoTime();
    assertEquals(0, ring.read(read, 50));
    assertTrue(System.nanoTime() - before >= 50_000_000L);
  }

  @Test
  @Timeout(60)
  void anInterruptedReaderDoesNotWaitAndKeepsItsFlag() {
    SampleRing ring = new SampleRing(8);
    Thread.currentThread().interrupt();
    try {
      long before = System.nanoTime();
      assertEquals(0, ring.read(read, 30_000));
      assertTrue(System.nanoTime() - before < 10_000_000_000L);
      assertTrue(Thread.currentThread().isInterrupted());
      ring.write(count(0, 3), 0, 3);
      assertEquals(3, ring.read(read, 30_000)); // the samples present are returned
      ring.end();
      assertEquals(-1, ring.read(read, 30_000));
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  @Timeout(60)
  void anInterruptEndsTheWait() throws InterruptedException {
    SampleRing ring = new SampleRing(8);
    int[] got = {-2};
    boolean[] flag = {false};
    Thread reader =
        new Thread(
            () -> {
              got[0] = ring.read(read, 600_000);
              flag[0] = Thread.currentThread().isInterrupted();
            });
    reader.start();
    while (reader.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    reader.interrupt();
    reader.join();
    assertEquals(0, got[0]);
    assertTrue(flag[0]);
  }

  @Test
  void theEndComesAfterTheLastSample() {
    SampleRing ring = new SampleRing(8);
    ring.write(count(0, 2), 0, 2);
    ring.end();
    assertEquals(2, ring.read(read, 1000));
    assertEquals(-1, ring.read(read, 1000));
  }

  @Test
  @Timeout(60)
  void acrossTwoThreadsEverySampleIsReadOrCountedLost() throws InterruptedException {
    int total = 2_000_000;
    SampleRing ring = new SampleRing(256);
    Thread writer =
        new Thread(
            () -> {
              Random random = new Random(3);
              for (int i = 0; i < total; ) {
                int n = Math.min(total - i, 1 + random.nextInt(100));
                ring.write(count(i, i + n), 0, n);
                i += n;
                if (random.nextInt(20) == 0) {
                  LockSupport.parkNanos(1000);
                }
              }
              ring.end();
            });
    writer.start();
    long place = 0;
    for (int n; (n = ring.read(read, 1000)) >= 0; ) {
      place += ring.takeGap();
      for (int i = 0; i < n; i++) {
        assertEquals(place++, (long) (read[i] / STEP));
      }
    }
    writer.join();
    assertTrue(place <= total && place >= total - ring.lost(), "place=" + place);
  }

  @Test
  void framesStayWhole() {
    SampleRing ring = new SampleRing(8, 3);
    ring.write(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 0, 9);
    assertEquals(3, ring.lost());
    float[] into = new float[5];
    assertEquals(3, ring.read(into, 0));
    assertEquals(3, ring.read(into, 0));
    assertEquals(6, into[2]);
    ring.write(new float[] {10, 11, 12}, 0, 3);
    assertEquals(3, ring.read(into, 0));
    assertEquals(3, ring.takeGap());
    assertEquals(10, into[0]);
  }

  @Test
  void whatIsNoSampleIsLost() {
    SampleRing ring = new SampleRing(16);
    ring.write(new float[] {1, Float.NaN, Float.POSITIVE_INFINITY, 2, 3, -32768}, 0, 6);
    ring.write(new float[] {4}, 0, 1);
    assertEquals(3, ring.lost());
    assertArrayEquals(new float[] {1}, take(ring));
    assertArrayEquals(new float[] {2, 3}, take(ring));
    assertEquals(2, ring.takeGap());
    assertArrayEquals(new float[] {4}, take(ring));
    assertEquals(1, ring.takeGap());
  }

  @Test
  void aFrameWithWhatIsNoSampleIsLostWhole() {
    SampleRing ring = new SampleRing(16, 2);
    ring.write(new float[] {1, 2, 3, Float.NaN, 5, 6}, 0, 6);
    assertArrayEquals(new float[] {1, 2}, take(ring));
    assertArrayEquals(new float[] {5, 6}, take(ring));
    assertEquals(2, ring.takeGap());
  }
}
