// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.Detector;
import io.github.rouse.Listener;
import io.github.rouse.ListenerBuilder;
import io.github.rouse.Rouse;
import io.github.rouse.TestModels;
import io.github.rouse.audio.Channel;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
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

  /** Whether the microphone ends after the samples that wait. */
  private static boolean ends(Microphone microphone) {
    int read = 1;
    for (int i = 0; i < 20 && read > 0; i++) {
      read = microphone.read(new float[16_000], 1000);
    }
    return read < 0;
  }

  @Test
  void closingOneThatNeverRanReleasesTheMicrophone() throws IOException {
    Microphone microphone = open();
    Listener listener = new Listener(microphone, new Detector(loud, e -> {}), (s, from, n) -> {});
    assertFalse(listener.isListening());
    assertTrue(delivers(microphone));
    listener.close();
    listener.close();
    assertTrue(ends(microphone));
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
    assertTrue(ends(microphone));
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
        Rouse.listen(loud)
            .onEvent(
                event -> {
                  events.incrementAndGet();
                  first.countDown();
                  throw new IllegalStateException("a bug of the app");
                })
            .start()) {
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

  @Test
  void whatHandlersThrowGoesToTheHandlerOfErrors() throws Exception {
    BlockingQueue<String> errors = new LinkedBlockingQueue<>();
    BlockingQueue<String> uncaught = new LinkedBlockingQueue<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.add(e.getMessage()));
    try (Listener listener =
        Rouse.listen(loud)
            .onEvent(event -> sneak(new IOException("event"))) // as Kotlin would
            .onSamples(
                (samples, from, length) -> {
                  throw new AssertionError("samples");
                })
            .onDeviceLost(
                reason -> {
                  throw new IllegalStateException("lost");
                })
            .onDeviceRegained(
                gap -> {
                  throw new IllegalStateException("regained");
                })
            .onError(
                problem -> {
                  errors.add(problem.getMessage());
                  throw new IllegalStateException("the handler of errors");
                })
            .start()) {
      awaitAll(errors, "event", "samples");
      FakeDevice.mood = FakeDevice.Mood.REFUSES;
      awaitAll(errors, "lost");
      FakeDevice.mood = FakeDevice.Mood.GIVES;
      awaitAll(errors, "regained");
      awaitAll(uncaught, "the handler of errors");
      assertTrue(listener.isListening());
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  private static void awaitAll(BlockingQueue<String> said, String... expected)
      throws InterruptedException {
    Set<String> missing = new HashSet<>(List.of(expected));
    while (!missing.isEmpty()) {
      String next = said.poll(20, TimeUnit.SECONDS);
      assertTrue(next != null, "never: " + missing);
      missing.remove(next);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable problem) throws T {
    throw (T) problem;
  }

  @Test
  void itListensWithSeveralModelsToAChosenDevice() throws Exception {
    WakeModel other =
        TestModels.loudness("other").withPolicy(TriggerPolicy.DEFAULT.withThreshold(0.9f));
    BlockingQueue<String> said = new LinkedBlockingQueue<>();
    try (Listener listener =
        Rouse.listen(loud, other)
            .device("of Rouse's tests")
            .channel(Channel.of(1))
            .refractory(Duration.ofMillis(500))
            .onEvent(event -> said.add(event.word()))
            .start()) {
      awaitAll(said, "loud", "other");
      assertTrue(listener.isListening());
    }
  }

  @Test
  void eventsHaveTheTimeOfTheClock() throws Exception {
    AtomicReference<TriggerEvent> heard = new AtomicReference<>();
    CountDownLatch first = new CountDownLatch(1);
    Instant begun = Instant.now();
    try (Listener listener =
        Rouse.listen(loud)
            .onEvent(
                event -> {
                  heard.set(event);
                  first.countDown();
                })
            .start()) {
      assertTrue(listener.isListening());
      assertTrue(first.await(20, TimeUnit.SECONDS));
    }
    // The device's first sample is due when it opens.
    double since = Duration.between(begun, heard.get().time()).toNanos() * 1e-9;
    assertEquals(heard.get().atSeconds(), since, 0.25);
  }

  @Test
  void handlersMayCloseTheListener() throws Exception {
    closedBy((builder, close) -> builder.onEvent(event -> close.run()));
    closedBy((builder, close) -> builder.onSamples((samples, from, length) -> close.run()));
    closedBy(
        (builder, close) ->
            builder
                .onEvent(
                    event -> {
                      throw new IllegalStateException();
                    })
                .onError(problem -> close.run()));
    closedBy(
        (builder, close) ->
            builder
                .onDeviceLost(reason -> close.run())
                .onSamples((samples, from, length) -> FakeDevice.mood = FakeDevice.Mood.REFUSES));
  }

  private void closedBy(BiFunction<ListenerBuilder, Runnable, ListenerBuilder> handler)
      throws Exception {
    CompletableFuture<Listener> listening = new CompletableFuture<>();
    CountDownLatch closed = new CountDownLatch(1);
    Runnable close =
        () -> {
          Listener listener = listening.join();
          listener.close();
          listener.close();
          closed.countDown();
        };
    FakeDevice.plugIn();
    Listener listener = handler.apply(Rouse.listen(loud), close).start();
    listening.complete(listener);
    assertTrue(closed.await(20, TimeUnit.SECONDS));
    listener.close(); // waits
    assertFalse(listener.isListening());
  }

  @Test
  void manyThreadsMayCloseTheListener() throws Exception {
    Listener listener = Rouse.listen(loud).start();
    List<Thread> closers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Thread closer = new Thread(listener::close);
      closer.start();
      closers.add(closer);
    }
    for (Thread closer : closers) {
      closer.join();
      assertFalse(listener.isListening());
    }
  }

  @Test
  void aMachineWithoutAMicrophoneIsSaidByAType() {
    FakeDevice.unplug();
    assertThrows(
        AudioUnavailableException.class, () -> Rouse.listen(loud).device("none@nowhere").start());
  }
}
