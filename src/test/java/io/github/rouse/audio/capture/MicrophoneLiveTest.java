// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.NeedsMicrophone;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.WavWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Needs a default capture device. */
@NeedsMicrophone
@Timeout(60)
class MicrophoneLiveTest {
  @TempDir Path folder;

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

  /** Live sound is the file's, bit for bit, where nobody changes rate or volume in between. */
  @Test
  void aFilePlayedArrivesAsItIs() throws IOException {
    float[] sound = new float[44_100];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < sound.length; i++) {
      sound[i] = random.nextInt(Short.MIN_VALUE, Short.MAX_VALUE) / 32768f;
    }
    Path file = folder.resolve("noise.wav");
    try (WavWriter wav = new WavWriter(file, 44_100, 1)) {
      wav.write(sound, 0, sound.length);
      wav.commit();
    }
    float[] heard = new float[4 * 44_100];
    int filled = 0;
    try (Microphone microphone =
        Microphone.open(null, Channel.FIRST, 44_100, Microphone.Events.NONE)) {
      new ProcessBuilder("paplay", "--device=" + System.getenv("ROUSE_TEST_SINK"), file.toString())
          .inheritIO()
          .start();
      float[] samples = new float[441];
      while (filled < heard.length) {
        int read = microphone.read(samples, 100);
        int kept = Math.min(read, heard.length - filled);
        System.arraycopy(samples, 0, heard, filled, kept);
        filled += kept;
      }
    }
    float[] middle = Arrays.copyOfRange(sound, 11_025, 33_075); // the sink may cut its edges
    int at = 0;
    while (at < heard.length - middle.length && !Arrays.equals(heard, at, at + 9, middle, 0, 9)) {
      at++;
    }
    assertArrayEquals(middle, Arrays.copyOfRange(heard, at, at + middle.length));
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
