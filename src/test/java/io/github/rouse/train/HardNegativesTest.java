// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.audio.SpeechBounds;
import io.github.rouse.model.WakeModel;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.train.data.augment.Power;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HardNegativesTest {
  private static final WakeModel LOUDNESS = TestModels.loudness("loud");
  private static final int RATE = LOUDNESS.features().sampleRate();

  /** Two seconds; loud ones are loud in the last half second. */
  private static Sound sound(int number, boolean loud) {
    short[] samples = new short[2 * RATE];
    for (int i = 0; i < samples.length; i++) {
      boolean here = loud && i >= RATE * 3 / 2;
      samples[i] = (short) ((here ? 20_000 : 3) * Math.sin(2 * Math.PI * 500 * i / RATE));
    }
    SpeechBounds all = new SpeechBounds(0, samples.length);
    return new Sound(Path.of("n" + number), ShortBuffer.wrap(samples), samples.length, all);
  }

  @Test
  void eachSampleMapsToItsRecording() {
    long[] starts = {0, 100, 250, 300};
    for (long[] expected : new long[][] {{0, 0}, {260, 2}, {99, 0}, {100, 1}, {249, 1}, {300, 2}}) {
      assertEquals(expected[1], HardNegatives.recording(starts, expected[0]));
    }
  }

  @Test
  void falseAlarmsAreCutFromTheirFiles() {
    List<Sound> negatives = IntStream.range(0, 6).mapToObj(n -> sound(n, n % 3 == 1)).toList();
    for (int threads : new int[] {1, 2}) {
      HardNegatives hard = new HardNegatives(negatives, List.of(), RATE);
      try (WorkerPool workers = new WorkerPool(threads)) {
        hard.find(LOUDNESS, workers);
      }
      List<Sound> segments = hard.segments();
      assertEquals(
          List.of(Path.of("n1"), Path.of("n4")),
          segments.stream().map(Sound::path).sorted().toList());
      for (Sound stretch : segments) {
        double power = Power.of(stretch.part(0, stretch.length()), 0, stretch.length());
        assertTrue(power > 0.05, stretch.path() + ": " + power);
        assertTrue(stretch.length() <= 1.8 * RATE, stretch.toString());
      }
    }
  }

  @Test
  void givenRecordingsAreTrimmedAndMakeUpHalf() {
    List<Sound> negatives = List.of(sound(1, true), sound(2, true), sound(3, true));
    List<Sound> given = List.of(sound(10, true), sound(11, false));
    HardNegatives hard = new HardNegatives(negatives, given, RATE);
    assertEquals(2, hard.segments().size());
    try (WorkerPool workers = new WorkerPool(1)) {
      hard.find(LOUDNESS, workers);
    }
    hard.cutGiven(LOUDNESS);
    List<Sound> cut = hard.segments().subList(3, hard.segments().size());
    assertEquals(List.of(Path.of("n10"), Path.of("n11")), cut.stream().map(Sound::path).toList());
    assertEquals(1.1 * RATE, cut.get(0).length(), 0.2 * RATE); // from 0.7 s before the loud part
    assertEquals(2 * RATE, cut.get(1).length());
  }

  @Test
  void aCheckpointRestoresTheSegments() {
    List<Sound> negatives = List.of(sound(0, false), sound(1, true), sound(1, true));
    HardNegatives hard = new HardNegatives(negatives, List.of(), RATE);
    try (WorkerPool workers = new WorkerPool(1)) {
      hard.find(LOUDNESS, workers);
    }
    HardNegatives resumed = new HardNegatives(negatives, List.of(), RATE);
    System.arraycopy(hard.state(), 0, resumed.state(), 0, hard.state().length);
    resumed.restored();
    assertEquals(1, resumed.segments().size()); // the duplicate file is searched once
    assertEquals(hard.segments().get(0).length(), resumed.segments().get(0).length());
  }
}
