// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.rouse.TestModels;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.capture.Chime;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChimedCopyTest {
  private static final int RATE = 8000;

  @TempDir Path folder;

  /**
   * The model decides half a second after the sound, so events concern frames already handed in.
   */
  @Test
  void lateEventsChimeInTheirPlace() throws IOException {
    WakeModel model = TestModels.loudness("loud");
    int modelRate = model.features().sampleRate();
    int length = 5 * RATE;
    int block = 441;
    Path target = folder.resolve("copy.wav");
    try (ChimedCopy copy = new ChimedCopy(target, RATE, 2, List.of(model))) {
      for (int at = 0; at < length; at += block) {
        int frames = Math.min(block, length - at);
        float[] stereo = new float[2 * block];
        Arrays.fill(stereo, 0, 2 * frames, 0.25f);
        copy.frames(stereo, 0, 2 * frames);
        long decided = Math.max(0, at + frames - RATE / 2); // frames
        copy.posteriors(model, decided * modelRate / RATE, new float[1]);
        if (at <= 2 * RATE && 2 * RATE < at + frames) {
          copy.event(event(decided * modelRate / RATE, modelRate));
        }
        copy.samples(stereo, 0, frames);
      }
      copy.event(event(5L * modelRate - modelRate / 10, modelRate)); // at the end of the stream
      copy.commit();
    }
    float[] expected = new float[length];
    Arrays.fill(expected, 0.25f);
    int block2s = 2 * RATE / block * block;
    add(expected, block2s + block - RATE / 2);
    add(expected, 5 * RATE - RATE / 10);
    for (int channel = 1; channel <= 2; channel++) {
      float[] got = new float[length];
      int[] filled = new int[1];
      try (AudioFile file = AudioFile.open(target)) {
        file.play(
            Channel.of(channel),
            (samples, from, n) -> {
              System.arraycopy(samples, from, got, filled[0], n);
              filled[0] += n;
            });
      }
      assertArrayEquals(expected, got, 1f / 32_768);
    }
  }

  private static void add(float[] sound, int at) {
    float[] chime = Chime.samples(RATE);
    for (int i = 0; i < Math.min(chime.length, sound.length - at); i++) {
      sound[at + i] += chime[i];
    }
  }

  private static TriggerEvent event(long at, int modelRate) {
    return new TriggerEvent("loud", "loud", 0, at, at, modelRate, 1, null, 0);
  }

  @Test
  void anUnfinishedCopyLeavesNothing() throws IOException {
    Path target = folder.resolve("copy.wav");
    try (ChimedCopy copy = new ChimedCopy(target, RATE, 1, List.of(TestModels.loudness("loud")))) {
      copy.frames(new float[100], 0, 100);
    }
    try (var files = Files.list(folder)) {
      assertFalse(files.findAny().isPresent());
    }
  }
}
