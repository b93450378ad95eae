// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.Detector;
import io.github.rouse.Listener;
import io.github.rouse.Rouse;
import io.github.rouse.TestModels;
import io.github.rouse.audio.Channel;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listens to a device whose sound is always loud. */
@Timeout(60)
class ListenerTest {
  private final WakeModel loud =
      TestModels.loudness("loud").withPolicy(TriggerPolicy.DEFAULT.withRefractory(0.2f));

  @BeforeEach
  void plugIn() {
    FakeDevice.plugIn();
  }

  @AfterEach
  void unplug() {
    FakeDevice.unplug();
  }

  private static Microphone open() throws IOException {
    return Microphone.open(FakeDevice.NAME, Channel.FIRST, 16_000, Microphone.Events.NONE);
  }

  private static boolean delivers(Microphone microphone) {
    return microphone.read(new float[160], 1000) >= 0;
  }

  /** Reads what was captured before the microphone was closed. */
  private static void assertClosed(Microphone microphone) {
    int read;
    do {
      read = microphone.read(new float[160], 1000);
    } while (read > 0);
    assertEquals(-1, read);
  }

  @Test
  void closingOneThatNeverRanReleasesTheMicrophone() throws IOException {
    Microphone microphone = open();
    Listener listener = new Listener(microphone, new Detector(loud, e -> {}), (s, from, n) -> {});
    assertFalse(listener.isListening());
    assertTrue(delivers(microphone));
    listener.close();
    listener.close();
    assertClosed(microphone);
    assertFalse(listener.isListening());
  }

  @Test
  void closingWaitsForOneOnAnotherThread() throws Exception {
    Microphone microphone = open();
    CountDownLatch heard = new CountDownLatch(1);
    Listener listener =
        new Listener(microphone, new Detector(loud, e -> {}), (s, from, n) -> heard.countDown());
    Thread own = new Thread(listener);
    own.start();
    assertTrue(heard.await(20, TimeUnit.SECONDS));
    assertTrue(listener.isListening());
    listener.close();
    assertFalse(listener.isListening());
    assertClosed(microphone);
    own.join();
  }

  @Test
  void aHandlerThatThrowsIsReportedAndTheListeningGoesOn() throws Exception {
    AtomicInteger events = new AtomicInteger();
    AtomicReference<Throwable> reported = new AtomicReference<>();
    CountDownLatch first = new CountDownLatch(1);
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> reported.set(e));
    try (Listener listener =
        Rouse.listen(
            loud,
            event -> {
              events.incrementAndGet();
              first.countDown();
              throw new IllegalStateException("a bug of the app");
            })) {
      assertTrue(first.await(20, TimeUnit.SECONDS));
      long lost = listener.lostSamples();
      Thread.sleep(500); // longer than it would take to end
      assertTrue(listener.isListening());
      assertEquals(lost, listener.lostSamples());
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
    assertEquals(1, events.get());
    assertEquals("a bug of the app", reported.get().getMessage());
  }
}
