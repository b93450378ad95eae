// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShoeboxRoomTest {
  private static final int ROOMS = 40;

  private static ShoeboxRoom room(int seed, double treble) {
    ShoeboxRoom room = ShoeboxRoom.draw(new SplittableRandom(seed));
    return new ShoeboxRoom(
        room.size(), room.mouth(), room.microphone(), room.t60(), treble, 2000, room.facingDb());
  }

  @ParameterizedTest
  @ValueSource(ints = {16_000, 44_100})
  void soundDecaysInTheTimeAskedFor(int rate) {
    for (int seed = 0; seed < ROOMS; seed++) {
      ShoeboxRoom room = room(seed, 1);
      double t60 = RoomAcoustics.t60(room.response(rate, new SplittableRandom(seed)), rate);
      assertEquals(1, t60 / room.t60(), 0.15, room.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16_000, 44_100})
  void directToReverberantRatioIsTheStatedOne(int rate) {
    double sum = 0;
    for (int seed = 0; seed < ROOMS; seed++) {
      ShoeboxRoom room = room(seed, 1);
      float[] response = room.response(rate, new SplittableRandom(seed));
      double all = response.length * Power.of(response, 0, response.length);
      double direct = response[0] * response[0];
      double error = 10 * Math.log10(direct / (all - direct)) - room.directToReverberantDb();
      assertEquals(0, error, 4, room.toString());
      sum += error;
    }
    assertEquals(0, sum / ROOMS, 1, "mean error, dB");
  }

  @Test
  void trebleDecaysFaster() {
    double sum = 0;
    for (int seed = 0; seed < ROOMS; seed++) {
      float[] response = room(seed, 0.5).response(16_000, new SplittableRandom(seed));
      double high = RoomAcoustics.t60(RoomAcoustics.octave(response, 16_000, 4000), 16_000);
      double low = RoomAcoustics.t60(RoomAcoustics.octave(response, 16_000, 500), 16_000);
      sum += high / low / ROOMS;
    }
    assertTrue(sum > 0.5 && sum < 0.75, "share of T60 left at 4 kHz: " + sum);
  }

  @Test
  void theDirectSoundComesFirstAndFallsWithDistance() {
    for (int seed = 0; seed < ROOMS; seed++) {
      ShoeboxRoom room = room(seed, 0.6);
      float[] response = room.response(16_000, new SplittableRandom(seed));
      assertEquals(0.5 / room.distance(), response[0], 1e-6);
      assertTrue(room.distance() >= 1 && room.distance() <= 5, room.toString());
      assertTrue(room.t60() >= 0.2 && room.t60() <= 0.8, room.toString());
    }
  }

  @Test
  void theFirstReflectionIsThatOfTheFloor() {
    ShoeboxRoom room =
        new ShoeboxRoom(
            new ShoeboxRoom.Position(8, 6, 3),
            new ShoeboxRoom.Position(2, 3, 1),
            new ShoeboxRoom.Position(5, 3, 1),
            0.5,
            1,
            2000,
            0);
    float[] response = room.response(16_000, new SplittableRandom(1));
    double path = Math.sqrt(3 * 3 + 2 * 2); // m, by the floor
    int at = (int) Math.round((path - 3) / 343 * 16_000);
    for (int i = 1; i < at; i++) {
      assertEquals(0, response[i], 1e-6, "sample " + i);
    }
    double volume = 8 * 6 * 3;
    double surface = 2 * (8 * 6 + 6 * 3 + 3 * 8);
    double loss = Math.exp(-3 * Math.log(10) / 0.5 * 4 * volume / (343 * surface));
    assertEquals(0.5 / path * loss, response[at], 0.03 * response[at]);
  }

  @Test
  void theSameRandomNumbersGiveTheSameResponse() {
    assertArrayEquals(
        room(3, 0.6).response(16_000, new SplittableRandom(3)),
        room(3, 0.6).response(16_000, new SplittableRandom(3)));
  }
}
