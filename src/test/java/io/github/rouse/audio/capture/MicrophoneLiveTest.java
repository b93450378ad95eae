// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.NeedsMicrophone;
import io.github.rouse.audio.Channel;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Needs a default capture device. */
@NeedsMicrophone
@Timeout(60)
class MicrophoneLiveTest {
  @Test
  void samplesArriveAtTheRequestedRate() throws IOException {
    try (Microphone microphone =
        Microphone.open(null, Channel.FIRST, 16000, Microphone.Events.NONE)) {
      float[] samples = new float[1600];
      long total = 0;
      while (total == 0) { // an idle device may start late
        total += microphone.read(samples, 1000);
      }
      total = 0;
      long since = System.nanoTime();
      while (System.nanoTime() - since < 4_000_000_000L) {
        total += microphone.read(samples, 100);
      }
      assertEquals(4 * 16000, (double) total, 0.7 * 16000);
      assertEquals(0, microphone.lostSamples());
      assertTrue(microphone.describe().contains(" Hz, "), microphone.describe());
    }
  }

  @Test
  void readingAClosedMicrophoneEnds() throws IOException {
    Microphone microphone = Microphone.open("1", Channel.MIX, 44100, Microphone.Events.NONE);
    microphone.close();
    float[] samples = new float[1 << 20];
    int last = microphone.read(samples, 1000);
    assertEquals(-1, last < 0 ? last : microphone.read(samples, 1000));
  }

  @Test
  void anUnknownDeviceListsTheOthers() {
    String name = CaptureDevices.list().get(0).name();
    var e =
        assertThrows(
            AudioUnavailableException.class,
            () -> Microphone.open("no such thing", Channel.FIRST, 16000, Microphone.Events.NONE));
    assertTrue(e.getMessage().contains("1 " + name), e.getMessage());
  }

  @Test
  void theDefaultDeviceListsRatesAndChannels() {
    var device = CaptureDevices.list().get(0);
    assertEquals(1, device.number());
    assertTrue(device.sampleRates().contains(44100) || device.sampleRates().contains(48000));
    assertTrue(device.channels().contains(1) || device.channels().contains(2));
  }
}
