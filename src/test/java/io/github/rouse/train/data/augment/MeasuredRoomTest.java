// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.NeedsShared;
import io.github.rouse.Shared;
import io.github.rouse.audio.Channel;
import io.github.rouse.train.data.AudioCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuredRoomTest {
  private static final int RATE = 16_000;

  @Test
  void theDirectSoundIsMovedToTheStart() {
    float[] measured = new float[3 * RATE];
    measured[RATE - 5] = 0.01f; // noise
    measured[RATE] = -0.4f;
    measured[RATE + 800] = 0.8f; // a reflection may be louder
    measured[RATE + 2 * RATE - 1] = 0.1f; // later than 1 s
    float[] response = MeasuredRoom.response(measured, RATE);
    assertEquals(RATE, response.length);
    assertEquals(-Math.sqrt(0.2), response[0], 1e-6);
    assertEquals(Math.sqrt(0.8), response[800], 1e-6);
    assertEquals(1, response.length * Power.of(response, 0, response.length), 1e-6);
  }

  @Test
  void aResponseOfOneSampleIsFine() {
    assertEquals(1, MeasuredRoom.response(new float[] {0.3f}, RATE)[0], 1e-6);
  }

  private static float[] measured(String name) throws IOException {
    Path file = Shared.file("rooms/" + name + ".flac");
    try (AudioCache cache = AudioCache.temporary(RATE)) {
      AudioCache.Sound sound = cache.add(file, AudioCache.decode(file, Channel.AUTO, RATE));
      return MeasuredRoom.response(sound.part(0, sound.length()), RATE);
    }
  }

  /** The other measured rooms are larger than those of homes, or not rooms. */
  @NeedsShared
  @ParameterizedTest
  @CsvSource({
    "openair-Basement, 0.53, 1.3",
    "openair-StairwayUniversityOfYork, 0.90, -5.8",
    "piper-Concrete_Room, 0.17, -9.7"
  })
  void aSimulatedRoomDecaysAsAMeasuredOne(String name, double t60, double ratio)
      throws IOException {
    float[] measured = measured(name);
    assertEquals(t60, RoomAcoustics.t60(measured, RATE), 0.01);
    assertEquals(ratio, RoomAcoustics.directToReverberantDb(measured, RATE), 0.1);
    double[] decay = RoomAcoustics.decay(measured);
    double least = Double.MAX_VALUE;
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 300; i++) {
      float[] simulated = ShoeboxRoom.draw(random).response(RATE, random);
      least = Math.min(least, difference(decay, RoomAcoustics.decay(simulated)));
    }
    assertTrue(least < 2, name + ": energy decay differs by " + least + " dB");
  }

  /** Root mean square of the difference from 5 ms on, down to -20 dB. */
  private static double difference(double[] a, double[] b) {
    double squares = 0;
    int steps = 0;
    for (int i = RATE / 200; i < a.length && a[i] > -20; i += RATE / 200) {
      double other = i < b.length ? b[i] : -60;
      squares += (a[i] - other) * (a[i] - other);
      steps++;
    }
    return Math.sqrt(squares / steps);
  }
}
