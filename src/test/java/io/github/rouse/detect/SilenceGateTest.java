// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.Engine;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.TinyNetworks;
import io.github.rouse.nn.Windowed;
import io.github.rouse.trigger.TriggerEvent;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SilenceGateTest {
  private static final int RATE = 16_000;

  @Test
  void onlyWholeUnitsOfALongSilenceAreSkipped() {
    SilenceGate gate = new SilenceGate(10, 4);
    List<Float> passed = new ArrayList<>();
    int[] skipped = new int[1];
    float[] samples = new float[3 + 10 + 4 * 5 + 3 + 2];
    Arrays.fill(samples, 0, 3, 0.5f);
    Arrays.fill(samples, samples.length - 2, samples.length, 0.25f);
    Random random = new Random(1);
    for (int at = 0, length; at < samples.length; at += length) {
      length = Math.min(random.nextInt(7), samples.length - at);
      gate.split(
          samples,
          at,
          length,
          (some, from, count) -> {
            for (int i = from; i < from + count; i++) {
              passed.add(some[i]);
            }
          },
          () -> skipped[0]++);
    }
    assertEquals(5, skipped[0]);
    assertEquals(3 + 10 + 3 + 2, passed.size());
    assertEquals(0.25f, passed.get(16));
    assertEquals(0f, passed.get(15));
  }

  /** All samples separated by true silence: zeros, or one-bit dither. */
  private static float[] sound(boolean dithered) throws IOException {
    List<float[]> parts = new ArrayList<>();
    Random random = new Random(2);
    try (Stream<Path> files = Files.list(Path.of("audio-samples"))) {
      for (Path path :
          files.filter(f -> f.toString().matches(".*\\.(wav|flac|ogg)")).sorted().toList()) {
        try (AudioFile file = AudioFile.open(path)) {
          if (file.sampleRate() == RATE) {
            file.play(
                Channel.FIRST,
                (samples, from, length) ->
                    parts.add(Arrays.copyOfRange(samples, from, from + length)));
            float[] silence = new float[RATE * 10 + random.nextInt(RATE)];
            for (int i = 0; dithered && i < silence.length; i++) {
              silence[i] = (random.nextInt(3) - 1) / 32768f;
            }
            parts.add(silence);
          }
        }
      }
    }
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /** The events of a sound, and the posteriors of the first word. */
  private record Detections(List<TriggerEvent> events, List<Float> posteriors)
      implements DetectionHandler {
    @Override
    public void event(TriggerEvent event) {
      events.add(event);
    }

    @Override
    public void posteriors(WakeModel model, long at, float[] values) {
      posteriors.add(values[0]);
    }
  }

  private static Detections detect(WakeModel model, float[] sound, double patience, int chunk) {
    Detections detections = new Detections(new ArrayList<>(), new ArrayList<>());
    DetectionPipeline pipeline =
        DetectionPipeline.of(List.of(model), Engine.NATIVE, 1, patience).get(0);
    pipeline.open(0, RATE, detections);
    for (int at = 0; at < sound.length; at += chunk) {
      pipeline.feed(0, sound, at, Math.min(chunk, sound.length - at));
      pipeline.decide();
    }
    pipeline.finish(0);
    pipeline.close();
    return detections;
  }

  @Test
  void skippingSilenceChangesNoEventOfTheSamples() throws IOException {
    for (boolean dithered : new boolean[] {false, true}) {
      float[] sound = sound(dithered);
      try (Stream<Path> files = Files.list(Path.of("models"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".onnx")).toList()) {
          WakeModel model = WakeModel.read(file);
          Detections all = detect(model, sound, 1e9, 1600);
          Detections gated = detect(model, sound, 3, 1600);
          assertFalse(all.events.isEmpty());
          assertEquals(all.events.size(), gated.events.size());
          for (int i = 0; i < all.events.size(); i++) {
            TriggerEvent a = all.events.get(i);
            TriggerEvent b = gated.events.get(i);
            assertEquals(
                a.word() + a.start() + "-" + a.end(), b.word() + b.start() + "-" + b.end());
            assertEquals(a.at(), b.at());
            assertEquals(a.score(), b.score(), 0.01);
          }
          assertEquals(all.posteriors.size(), gated.posteriors.size());
          int last = all.posteriors.size() - 1; // in the final silence
          assertEquals(gated.posteriors.get(last - 100), gated.posteriors.get(last - 10));
          assertEquals(gated, detect(model, sound, 3, 777), "in other chunks");
        }
      }
    }
  }

  @Test
  void theNetworkPausesInSilence() {
    int[] steps = new int[1];
    Windowed.ClassifierStream counting =
        new Windowed.ClassifierStream() {
          @Override
          public void classify(float[] frames, float[] out) {
            steps[0]++;
            out[0] = 0;
          }

          @Override
          public void reset() {}
        };
    Windowed windowed = new Windowed(FeatureSpec.LOG_MEL.bins(), 1, 0, 10, 2, () -> counting);
    WakeModel model = model(new Network(List.of(windowed)));
    Detections detections = detect(model, new float[RATE * 600], 3, 1600);
    assertTrue(detections.posteriors.size() > 20_000, detections.posteriors.size() + " posteriors");
    assertTrue(steps[0] < detections.posteriors.size() / 100, steps[0] + " steps");
  }

  private static WakeModel model(Network network) {
    return new WakeModel(
        "counted",
        List.of("word"),
        FeatureSpec.LOG_MEL,
        TriggerPolicy.DEFAULT,
        network,
        Provenance.NONE);
  }

  /** The window is five seconds long and at first mostly padding. */
  @Test
  void noSilenceIsSkippedBeforeItFillsALongWindow() {
    Network network =
        TinyNetworks.reading(FeatureSpec.LOG_MEL.bins()).conv(1, 500, 3, 490).sigmoid().network();
    WakeModel model = model(network);
    float[] sound = TestModels.bursts(RATE, 40, 0.2, 20);
    Arrays.fill(sound, RATE, 20 * RATE, 0f);
    List<Float> all = detect(model, sound, 1e9, 1600).posteriors;
    List<Float> gated = detect(model, sound, 3, 1600).posteriors;
    for (int step = 0; step < all.size(); step++) {
      assertEquals(all.get(step), gated.get(step), 1e-6f, "step " + step);
    }
  }
}
