// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.Detector;
import io.github.rouse.DetectorPool;
import io.github.rouse.TestModels;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams join and leave a pool while its models are replaced. */
class PoolStressTest {
  private static final int RATE = 16_000;
  private static final int THREADS = 6;
  private static final long MILLIS = 3000;

  private static String text(TriggerEvent event) {
    return event.word() + " " + event.start() + " " + event.at() + " " + event.score();
  }

  @Test
  @Timeout(120)
  void eachStreamHearsWhatADetectorHears() throws InterruptedException {
    WakeModel model = TestModels.loudness("loud");
    float[] sound = TestModels.bursts(RATE, 4, 1, 2.5);
    List<String> expected = new ArrayList<>();
    try (Detector detector = new Detector(model, event -> expected.add(text(event)))) {
      detector.accept(sound, 0, sound.length);
      detector.finish();
    }
    assertEquals(2, expected.size());
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger streams = new AtomicInteger();
    Queue<String> problems = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    try (DetectorPool pool = new DetectorPool(List.of(model), THREADS, Duration.ofMillis(5))) {
      for (int t = 0; t < THREADS; t++) {
        SplittableRandom random = new SplittableRandom(t);
        threads.add(
            new Thread(
                () -> {
                  while (!over.get()) {
                    List<String> heard = new ArrayList<>();
                    boolean leaves = random.nextInt(4) == 0; // amid the sound
                    int end = leaves ? random.nextInt(sound.length) : sound.length;
                    DetectorPool.PooledStream stream =
                        pool.open(RATE, Set.of(), event -> heard.add(text(event)));
                    for (int at = 0; at < end; ) {
                      int n = Math.min(end - at, 1 + random.nextInt(8000));
                      stream.accept(sound, at, n);
                      at += n;
                    }
                    stream.close();
                    streams.incrementAndGet();
                    if (!leaves && !heard.equals(expected)) {
                      problems.add("heard " + heard + ", expected " + expected);
                    }
                  }
                }));
      }
      threads.add(
          new Thread(
              () -> {
                while (!over.get()) {
                  pool.replace(List.of(TestModels.loudness("loud")));
                }
              }));
      threads.forEach(thread -> thread.setUncaughtExceptionHandler((t, e) -> problems.add("" + e)));
      threads.forEach(Thread::start);
      Thread.sleep(MILLIS);
      over.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertEquals(List.of(), List.copyOf(problems));
    assertTrue(streams.get() > 20, () -> streams + " streams");
  }
}
