// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.Channel;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Uses a device that disappears and hangs on demand. */
@Timeout(60)
class MicrophoneTest {
  private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
  private final float[] samples = new float[1600];

  @BeforeEach
  void plugIn() {
    FakeDevice.plugIn();
  }

  @AfterEach
  void unplug() {
    FakeDevice.unplug();
  }

  private Microphone open() throws IOException {
    return Microphone.open(
        FakeDevice.NAME,
        Channel.FIRST,
        16000,
        new Microphone.Events() {
          @Override
          public void lost(String reason) {
            reports.add("lost: " + reason);
          }

          @Override
          public void recovered(double lostSeconds) {
            reports.add("recovered");
          }
        });
  }

  private void await(String what) throws InterruptedException {
    String next = reports.poll(20, TimeUnit.SECONDS);
    assertTrue(next != null && next.contains(what), "reported=" + next + ", expected=" + what);
  }

  private void readSamples(Microphone microphone) {
    int read = 0;
    while (read == 0) {
      read = microphone.read(samples, 1000);
    }
    assertTrue(read > 0, "read=" + read);
  }

  /** Over TarsosDSP's dispatcher, whose own converter would divide by 32767. */
  @Test
  void everySampleIsTheOneAFileWouldGive() throws IOException {
    try (Microphone microphone = open()) {
      short value = 0;
      int seen = 0;
      while (seen < 24_000) {
        int read = microphone.read(samples, 1000);
        for (int i = 0; i < read; i++, seen++) {
          value = (short) (seen == 0 ? Math.round(samples[i] * 32768) : value + FakeDevice.STEP);
          assertEquals(value / 32768f, samples[i]);
        }
      }
      assertEquals(0, microphone.lostSamples());
    }
  }

  @Test
  void aReturningDeviceIsReopenedAndTheGapCounted() throws IOException, InterruptedException {
    try (Microphone microphone = open()) {
      readSamples(microphone);
      assertEquals(0, microphone.lostSamples());
      FakeDevice.mood = FakeDevice.Mood.REFUSES;
      await("lost: " + FakeDevice.NAME + " stopped delivering sound");
      FakeDevice.mood = FakeDevice.Mood.GIVES;
      await("recovered");
      readSamples(microphone);
      assertTrue(microphone.lostSamples() > 8000, "lost=" + microphone.lostSamples());
    }
  }

  @Test
  void aGapThatDoesNotEndIsCounted() throws IOException, InterruptedException {
    Microphone microphone = open();
    readSamples(microphone);
    FakeDevice.mood = FakeDevice.Mood.REFUSES;
    await("lost: " + FakeDevice.NAME + " stopped delivering sound");
    microphone.close();
    microphone.close();
    assertEquals(
        1.6 * 16_000, (double) microphone.lostSamples(), 0.9 * 16_000); // a second, and some
  }

  @Test
  void hangingAttemptsAreReportedOnceAndBecomeRare() throws IOException, InterruptedException {
    try (Microphone microphone = open()) {
      readSamples(microphone);
      FakeDevice.mood = FakeDevice.Mood.HANGS;
      await("stopped delivering sound");
      await("8 attempts to reopen " + FakeDevice.NAME + " hang");
      int openings = FakeDevice.openings.get();
      assertNull(reports.poll(3, TimeUnit.SECONDS));
      assertEquals(openings, FakeDevice.openings.get());
      FakeDevice.unplug(); // the hanging attempts fail
      FakeDevice.plugIn();
      await("recovered");
    }
  }

  @Test
  void aClosedMicrophoneOpensNothing() throws IOException, InterruptedException {
    Microphone microphone = open();
    microphone.close();
    int openings = FakeDevice.openings.get();
    assertNull(microphone.newSession(null));
    Thread.sleep(100);
    assertEquals(openings, FakeDevice.openings.get());
  }

  @Test
  void anInterruptedReadReturnsAtOnceAndKeepsTheFlag() throws IOException {
    try (Microphone microphone = open()) {
      readSamples(microphone);
      FakeDevice.mood = FakeDevice.Mood.HANGS;
      Thread.currentThread().interrupt();
      int read = 1;
      while (read > 0) {
        read = microphone.read(samples, 50_000);
      }
      assertEquals(0, read);
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void aFailedOpeningReportsTheReason() {
    FakeDevice.mood = FakeDevice.Mood.REFUSES;
    var e = assertThrows(AudioUnavailableException.class, this::open);
    assertTrue(e.getMessage().endsWith("cannot be opened: the fake refuses"), e.getMessage());
  }

  @Test
  void aHangingOpeningCanBeInterrupted() {
    FakeDevice.mood = FakeDevice.Mood.HANGS;
    Thread.currentThread().interrupt();
    var e = assertThrows(AudioUnavailableException.class, this::open);
    assertEquals("interrupted while opening " + FakeDevice.NAME, e.getMessage());
    assertTrue(Thread.interrupted());
  }
}
