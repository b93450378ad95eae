// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DetectorPoolTest {
  private static final Duration LATENCY = Duration.ofMillis(5);
  private static final WakeModel LOUD = TestModels.loudness("loud");
  private static final DetectionHandler NO_SINK = event -> {};

  /** A different sound for each stream. */
  private static float[] sound(int stream) {
    float[] sound = TestModels.bursts(16_000, 4 + stream % 3, 1 + 0.1 * stream, 2.5);
    float[] own = new float[sound.length + 37 * stream];
    System.arraycopy(sound, 0, own, own.length - sound.length, sound.length);
    return own;
  }

  @Test
  void shortsAndBytesGiveTheBitsOfFloats() {
    float[] sound = sound(1);
    short[] shorts = new short[sound.length];
    byte[] bytes = new byte[2 * shorts.length];
    float[] floats = new float[shorts.length];
    for (int i = 0; i < shorts.length; i++) {
      shorts[i] = (short) (sound[i] * 32768);
      bytes[2 * i] = (byte) shorts[i];
      bytes[2 * i + 1] = (byte) (shorts[i] >> 8);
      floats[i] = shorts[i] / 32768f;
    }
    List<DetectorTest.Recorded> recorded =
        List.of(
            new DetectorTest.Recorded(), new DetectorTest.Recorded(), new DetectorTest.Recorded());
    try (DetectorPool pool = new DetectorPool(List.of(LOUD), 3, LATENCY)) {
      pool.open(16_000, recorded.get(0)).accept(floats, 0, floats.length);
      pool.open(16_000, recorded.get(1)).accept(shorts, 0, shorts.length);
      DetectorPool.PooledStream stream = pool.open(16_000, recorded.get(2));
      for (int at = 0; at < bytes.length; at += 999) { // odd: cuts samples in two
        stream.acceptBytes(bytes, at, Math.min(999, bytes.length - at));
      }
    }
    assertTrue(recorded.get(0).posteriors().size() > 50);
    assertEquals(recorded.get(0), recorded.get(1));
    assertEquals(recorded.get(0), recorded.get(2));
  }

  @Test
  void eachStreamMatchesADetectorToTheBit() throws InterruptedException {
    List<WakeModel> models =
        List.of(
            TestModels.random("a", FeatureSpec.CLASSIC, 1),
            TestModels.random("b", FeatureSpec.DEFAULT, 2),
            LOUD);
    int streams = 21;
    List<DetectorTest.Recorded> recorded = new ArrayList<>();
    List<Thread> feeders = new ArrayList<>();
    try (DetectorPool pool = new DetectorPool(models, streams, LATENCY)) {
      for (int stream = 0; stream < streams; stream++) {
        float[] sound = sound(stream);
        Random random = new Random(stream);
        recorded.add(new DetectorTest.Recorded());
        DetectorPool.PooledStream to = pool.open(16_000, recorded.get(stream));
        feeders.add(
            new Thread(
                () -> {
                  for (int at = 0, length; at < sound.length; at += length) {
                    length = Math.min(1 + random.nextInt(2000), sound.length - at);
                    to.accept(sound, at, length);
                  }
                  to.close();
                }));
      }
      feeders.forEach(Thread::start);
      for (Thread feeder : feeders) {
        feeder.join();
      }
    }
    for (int stream = 0; stream < streams; stream++) {
      DetectorTest.Recorded alone = DetectorTest.detect(models, 16_000, sound(stream), () -> 512);
      assertTrue(!alone.events().isEmpty());
      assertEquals(alone.sorted(), recorded.get(stream).sorted(), "stream " + stream);
    }
  }

  @Test
  void aStreamForSomeWordsMatchesADetectorAndRunsNoOtherModel() {
    WakeModel many = TestModels.loudness(List.of("louder", "loudest"), 1.5f, 1);
    float[] sound = sound(2);
    DetectorTest.Recorded all = new DetectorTest.Recorded();
    try (Detector detector = new Detector(List.of(LOUD, many), 16_000, Engine.NATIVE, all)) {
      detector.accept(sound, 0, sound.length);
      detector.finish();
    }
    DetectorTest.Recorded some = new DetectorTest.Recorded();
    try (DetectorPool pool = new DetectorPool(List.of(LOUD, many), 2, LATENCY)) {
      pool.open(16_000, Set.of("louder"), some).accept(sound, 0, sound.length);
    }
    assertEquals(Set.of(many.name()), some.byModel().keySet());
    assertEquals(all.byModel().get(many.name()), some.posteriors());
    assertEquals(
        all.events().stream().filter(event -> event.word().equals("louder")).toList(),
        some.events());
    assertTrue(some.events().size() > 1);
    assertTrue(all.events().size() > some.events().size());
  }

  @Test
  void replacedModelsServeNewStreamsAndOpenOnesKeepTheirs() {
    float[] sound = sound(2);
    WakeModel other = TestModels.loudness("other");
    List<String> before = Collections.synchronizedList(new ArrayList<>());
    List<String> after = Collections.synchronizedList(new ArrayList<>());
    try (DetectorPool pool = new DetectorPool(List.of(LOUD), 4, LATENCY)) {
      DetectorPool.PooledStream stream = pool.open(16_000, e -> before.add(e.word()));
      stream.accept(sound, 0, sound.length / 2);
      pool.replace(List.of(other));
      assertThrows(
          IllegalArgumentException.class, () -> pool.open(16_000, Set.of("loud"), NO_SINK));
      for (int i = 0; i < 3; i++) {
        DetectorPool.PooledStream next =
            pool.open(16_000, Set.of("other"), e -> after.add(e.word()));
        next.accept(sound, 0, sound.length);
        next.close();
        pool.replace(List.of(other));
      }
      stream.accept(sound, sound.length / 2, sound.length - sound.length / 2);
      stream.close();
      IllegalArgumentException none =
          assertThrows(IllegalArgumentException.class, () -> pool.replace(List.of()));
      assertEquals("models=[], expected at least one", none.getMessage());
      pool.open(16_000, Set.of("other"), NO_SINK).close();
    }
    assertEquals(Set.of("loud"), Set.copyOf(before));
    assertTrue(before.size() > 1);
    assertEquals(Set.of("other"), Set.copyOf(after));
    assertEquals(3 * before.size(), after.size());
  }

  @Test
  void aGapIsReportedToItsStream() {
    DetectorTest.Recorded recorded = new DetectorTest.Recorded();
    DetectorTest.Recorded alone = new DetectorTest.Recorded();
    float[] sound = sound(0);
    try (DetectorPool pool = new DetectorPool(List.of(LOUD), 1, LATENCY);
        DetectorPool.PooledStream stream = pool.open(16_000, recorded)) {
      stream.accept(sound, 0, sound.length);
      stream.skip(160_000);
      stream.accept(sound, 0, sound.length);
    }
    try (Detector detector = new Detector(List.of(LOUD), 16_000, Engine.NATIVE, alone)) {
      detector.accept(sound, 0, sound.length);
      detector.skip(160_000);
      detector.accept(sound, 0, sound.length);
      detector.finish();
    }
    assertEquals(160_000, recorded.events().get(3).lostSamples());
    assertEquals(alone, recorded);
  }

  @Test
  void anExceptionFromASinkEndsOnlyItsStream() {
    RuntimeException mine = new RuntimeException("mine");
    List<TriggerEvent> events = new ArrayList<>();
    try (DetectorPool pool = new DetectorPool(List.of(LOUD), 2, LATENCY)) {
      DetectorPool.PooledStream bad =
          pool.open(
              16_000,
              event -> {
                throw mine;
              });
      DetectorPool.PooledStream good = pool.open(16_000, events::add);
      float[] sound = sound(0);
      float[] burst = TestModels.bursts(16_000, 0.9, 0.5);
      bad.accept(burst, 0, burst.length);
      good.accept(sound, 0, sound.length);
      good.close();
      assertSame(mine, assertThrows(IllegalStateException.class, bad::close).getCause());
      String after =
          assertThrows(IllegalStateException.class, () -> bad.accept(sound, 0, 1)).getMessage();
      assertEquals("the stream has ended", after);
      assertEquals(2, events.size());
    }
  }

  @Test
  void aFullPoolRejectsStreamsUntilOneEnds() {
    try (DetectorPool pool = new DetectorPool(List.of(LOUD), 3, LATENCY)) {
      DetectorPool.PooledStream first = pool.open(16_000, NO_SINK);
      pool.open(16_000, NO_SINK);
      pool.open(16_000, NO_SINK);
      assertThrows(IllegalStateException.class, () -> pool.open(16_000, NO_SINK));
      first.accept(sound(0), 0, 16_000); // leaves state behind
      first.close();
      List<TriggerEvent> events = new ArrayList<>();
      try (DetectorPool.PooledStream another = pool.open(16_000, events::add)) {
        another.accept(sound(0), 0, sound(0).length);
      }
      assertEquals(2, events.size());
    }
  }

  @Test
  void closingThePoolProcessesQueuedSamples() {
    AtomicInteger events = new AtomicInteger();
    DetectorPool pool = new DetectorPool(List.of(LOUD), 1, Duration.ofHours(1));
    DetectorPool.PooledStream stream = pool.open(16_000, event -> events.incrementAndGet());
    float[] sound = TestModels.bursts(16_000, 0.9, 0.5);
    stream.accept(sound, 0, sound.length);
    pool.close();
    assertEquals(1, events.get());
    assertThrows(IllegalStateException.class, () -> pool.open(16_000, NO_SINK));
    assertThrows(IllegalStateException.class, () -> stream.accept(sound, 0, 1));
    stream.close();
    pool.close();
  }

  @Test
  void aSinkMayCloseItsStreamAndThePool() throws InterruptedException {
    DetectorPool pool = new DetectorPool(List.of(LOUD), 1, LATENCY);
    CountDownLatch ended = new CountDownLatch(1);
    DetectorPool.PooledStream[] stream = new DetectorPool.PooledStream[1];
    stream[0] =
        pool.open(
            16_000,
            event -> {
              stream[0].close();
              pool.close();
              ended.countDown();
            });
    stream[0].accept(sound(0), 0, 16_000 * 2);
    assertTrue(ended.await(1, TimeUnit.MINUTES));
  }

  @Test
  void anExceptionFromASinkIsReportedAfterThePoolIsClosed() {
    RuntimeException mine = new RuntimeException("mine");
    DetectorPool pool = new DetectorPool(List.of(LOUD), 1, Duration.ofHours(1));
    DetectorPool.PooledStream stream =
        pool.open(
            16_000,
            event -> {
              throw mine;
            });
    float[] sound = TestModels.bursts(16_000, 0.9, 0.5);
    stream.accept(sound, 0, sound.length);
    pool.close();
    assertSame(mine, assertThrows(IllegalStateException.class, stream::close).getCause());
  }

  @Test
  void sinksOnSeveralThreadsMayCloseThePool() throws InterruptedException {
    DetectorPool pool = new DetectorPool(List.of(LOUD), 8, LATENCY);
    CountDownLatch ended = new CountDownLatch(2);
    float[] sound = TestModels.bursts(16_000, 0.9, 0.3);
    List<DetectorPool.PooledStream> streams = new ArrayList<>();
    for (int stream = 0; stream < 2; stream++) { // with two processors, on two threads
      streams.add(
          pool.open(
              16_000,
              event -> {
                pool.close();
                ended.countDown();
              }));
    }
    for (DetectorPool.PooledStream stream : streams) {
      try {
        stream.accept(sound, 0, sound.length);
      } catch (IllegalStateException e) {
        ended.countDown(); // the other sink has closed the pool
      }
    }
    pool.close();
    assertTrue(ended.await(1, TimeUnit.MINUTES));
  }

  @Test
  void aSinkMustNotFeedSamples() {
    DetectorPool.PooledStream[] stream = new DetectorPool.PooledStream[1];
    try (DetectorPool pool = new DetectorPool(List.of(LOUD), 1, LATENCY)) {
      stream[0] = pool.open(16_000, event -> stream[0].accept(new float[1], 0, 1));
      float[] sound = TestModels.bursts(16_000, 0.9, 0.5);
      stream[0].accept(sound, 0, sound.length);
      Throwable cause = assertThrows(IllegalStateException.class, stream[0]::close).getCause();
      assertEquals("a sink must not feed samples to a pool", cause.getMessage());
    }
  }

  @Test
  void badInputIsRejectedByName() {
    assertThrows(
        IllegalArgumentException.class, () -> new DetectorPool(List.of(), 1, LATENCY).close());
    String streams =
        assertThrows(
                IllegalArgumentException.class,
                () -> new DetectorPool(List.of(LOUD), 0, LATENCY).close())
            .getMessage();
    assertEquals("streams=0 latency=PT0.005S, expected above 0", streams);
    try (DetectorPool pool = new DetectorPool(List.of(LOUD), 1, LATENCY);
        DetectorPool.PooledStream stream = pool.open(16_000, NO_SINK)) {
      assertThrows(IllegalArgumentException.class, () -> pool.open(0, NO_SINK));
      assertThrows(IllegalArgumentException.class, () -> pool.open(2_000_000, NO_SINK));
      assertThrows(IllegalArgumentException.class, () -> stream.skip(-1));
      assertThrows(IndexOutOfBoundsException.class, () -> stream.accept(new float[2], 1, 2));
      assertThrows(
          IllegalArgumentException.class, () -> stream.accept(new float[] {0, Float.NaN}, 0, 2));
    }
  }
}
