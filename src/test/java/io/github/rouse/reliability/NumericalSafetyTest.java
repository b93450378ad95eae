// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.Detector;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SampleCollector;
import io.github.rouse.audio.SampleRing;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sound at the edges of floating point leaves nothing behind. */
class NumericalSafetyTest {
  private static final int RATE = 16_000;

  private int events;
  private int notFinite;

  /** Three seconds of bad sound, followed by a word. */
  enum Bad {
    DENORMALS {
      @Override
      float sample(int i, SplittableRandom random) {
        return Float.MIN_VALUE * random.nextInt(-9, 9);
      }
    },
    LOUDEST {
      @Override
      float sample(int i, SplittableRandom random) {
        return 100 * (float) random.nextDouble(-1, 1);
      }
    },
    SQUARE {
      @Override
      float sample(int i, SplittableRandom random) {
        return i / 40 % 2 == 0 ? 100 : -100;
      }
    },
    OFFSET {
      @Override
      float sample(int i, SplittableRandom random) {
        return 100;
      }
    },
    JUMPS {
      @Override
      float sample(int i, SplittableRandom random) {
        return i / 800 % 2 == 0 ? 1e-30f * random.nextInt(-9, 9) : (float) random.nextDouble(-1, 1);
      }
    };

    abstract float sample(int i, SplittableRandom random);
  }

  private Detector detector() throws IOException {
    return new Detector(
        List.of(WakeModel.named("jarvis")),
        RATE,
        Engine.NATIVE,
        new DetectionHandler() {
          @Override
          public void event(TriggerEvent event) {
            events++;
          }

          @Override
          public void posteriors(WakeModel model, long at, float[] posteriors) {
            notFinite += Float.isFinite(posteriors[0]) ? 0 : 1;
          }
        });
  }

  /** The word, after a second of silence. */
  private static float[] word() throws IOException {
    SampleCollector all = new SampleCollector();
    all.accept(new float[RATE], 0, RATE);
    try (AudioFile file = AudioFile.open(Path.of("audio-samples", "jarvis-quiet.flac"))) {
      file.play(Channel.AUTO, all);
    }
    return Arrays.copyOf(all.samples(), 5 * RATE);
  }

  @ParameterizedTest
  @EnumSource
  void aWordIsFoundASecondAfter(Bad bad) throws IOException {
    float[] word = word();
    try (Detector alone = detector()) {
      alone.accept(word, 0, word.length);
      alone.finish();
    }
    int expected = events;
    assertTrue(expected > 0);
    float[] samples = new float[3 * RATE];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < samples.length; i++) {
      samples[i] = bad.sample(i, random);
    }
    events = 0;
    try (Detector detector = detector()) {
      detector.accept(samples, 0, samples.length);
      int during = events;
      detector.accept(word, 0, word.length);
      detector.finish();
      assertEquals(0, during);
    }
    assertEquals(expected, events);
    assertEquals(0, notFinite);
  }

  @Test
  void aWordIsFoundASecondAfterNanFromAMicrophone() throws IOException {
    float[] word = word();
    SampleRing ring = new SampleRing(10 * RATE);
    float[] nan = new float[RATE];
    Arrays.fill(nan, Float.NaN);
    ring.write(word, 0, RATE / 2);
    ring.write(nan, 0, nan.length);
    ring.write(word, 0, word.length);
    float[] read = new float[800];
    try (Detector detector = detector()) {
      for (int n; (n = ring.read(read, 0)) > 0; ) {
        long gap = ring.takeGap();
        if (gap > 0) {
          detector.skip(gap);
        }
        detector.accept(read, 0, n);
      }
      detector.finish();
    }
    assertEquals(RATE, ring.lost());
    assertTrue(events > 0);
    assertEquals(0, notFinite);
  }
}
