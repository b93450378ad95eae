// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.ChannelSelector;
import io.github.rouse.audio.SampleCollector;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.phones.Phrase;
import io.github.rouse.phones.PhraseModel;
import io.github.rouse.state.Snapshot;
import io.github.rouse.trigger.SecondChance;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SavedDetectorTest {
  private static final int RATE = 16_000;

  /** Everything that a detector raises, in order. */
  private record Heard(List<String> lines) implements DetectionHandler {
    @Override
    public void event(TriggerEvent event) {
      lines.add("event " + event);
    }

    @Override
    public void nearMiss(TriggerEvent miss) {
      lines.add("near " + miss);
    }

    @Override
    public void posteriors(WakeModel model, long at, float[] values) {
      lines.add(model.name() + " " + at + " " + Arrays.toString(values));
    }
  }

  private static List<String> whole(List<WakeModel> models, int rate, float[] samples) {
    List<String> lines = new ArrayList<>();
    try (Detector detector = new Detector(models, rate, Engine.NATIVE, new Heard(lines))) {
      detector.accept(samples, 0, samples.length);
      detector.finish();
    }
    return lines;
  }

  /** A new detector for each stretch continues from the bytes of the last one. */
  private static List<String> inStretches(
      List<WakeModel> models, int rate, float[] samples, Random random) {
    List<String> lines = new ArrayList<>();
    byte[] saved = null;
    int at = 0;
    while (at < samples.length) {
      int length = Math.min(1 + random.nextInt(rate), samples.length - at);
      try (Detector detector = new Detector(models, rate, Engine.NATIVE, new Heard(lines))) {
        if (saved != null) {
          detector.restore(saved);
        }
        detector.accept(samples, at, length);
        at += length;
        saved = detector.save();
        if (at == samples.length) {
          detector.finish();
        }
      }
    }
    return lines;
  }

  private static void assertContinues(List<WakeModel> models, int rate, float[] samples) {
    List<String> expected = whole(models, rate, samples);
    assertTrue(expected.stream().anyMatch(line -> line.startsWith("event")), "no event to compare");
    for (int seed = 0; seed < 3; seed++) {
      assertEquals(expected, inStretches(models, rate, samples, new Random(seed)));
    }
  }

  @Test
  void anotherDetectorContinuesToTheBit() throws IOException {
    SampleCollector collector = new SampleCollector();
    try (AudioFile file = AudioFile.open(Path.of("audio-samples/three-words.ogg"))) {
      file.play(Channel.FIRST, collector);
    }
    float[] samples = collector.samples();
    List<WakeModel> models = new ArrayList<>();
    for (String name : List.of("jarvis", "computer", "alexa")) {
      models.add(
          WakeModel.read(Path.of("models", name + ".onnx")).withSecondChance(SecondChance.DEFAULT));
    }
    assertContinues(models, 48_000, samples);
    assertContinues(List.of(models.get(0).withThreshold(0.02f)), 44_100, samples);
  }

  @Test
  void aVerifierAndSilenceContinue() {
    float[] samples = TestModels.bursts(RATE, 12, 1, 2.5, 9, 10.2); // with true silence between
    assertContinues(List.of(VerifiedModels.loudness(3, 0.5f)), RATE, samples);
    assertContinues(List.of(TestModels.loudness("loud")), 2 * RATE, samples);
  }

  @Test
  void phrasesContinue() {
    List<Phrase> phrases =
        List.of(new Phrase("nova", List.of(List.of("N", "OW", "V", "AH")), null));
    WakeModel model = PhraseModel.of(TestPhones.recogniser(), phrases, null);
    assertContinues(
        List.of(model), RATE, TestPhones.say("HH EY", "N OW V AH", "L AY T", "N OW V AH"));
  }

  @Test
  void halfASampleContinues() {
    byte[] pcm = new byte[4 * RATE];
    new Random(1).nextBytes(pcm);
    List<WakeModel> models = List.of(TestModels.loudness("loud"));
    List<String> expected = new ArrayList<>();
    List<String> found = new ArrayList<>();
    try (Detector detector = new Detector(models, RATE, Engine.NATIVE, new Heard(expected));
        Detector first = new Detector(models, RATE, Engine.NATIVE, new Heard(found));
        Detector second = new Detector(models, RATE, Engine.NATIVE, new Heard(found))) {
      detector.acceptBytes(pcm, 0, pcm.length);
      first.acceptBytes(pcm, 0, 30_001);
      second.restore(first.save());
      second.acceptBytes(pcm, 30_001, pcm.length - 30_001);
    }
    assertFalse(expected.isEmpty());
    assertEquals(expected, found);
  }

  @Test
  void aChannelSelectorContinues() throws IOException {
    Random random = new Random(3);
    float[] frames = new float[2 * 40_000];
    for (int i = 0; i < frames.length; i++) {
      boolean loud = i / 20_000 % 2 == i % 2;
      frames[i] = (float) ((loud ? 0.1 : 0.001) * random.nextGaussian());
    }
    for (Channel channel : List.of(Channel.BEST, Channel.AUTO)) {
      float[] expected = new float[40_000];
      new ChannelSelector(channel, 2, 8000).reduce(frames, 40_000, expected);
      float[] found = new float[20_000];
      ChannelSelector first = new ChannelSelector(channel, 2, 8000);
      first.reduce(frames.clone(), 20_000, found);
      ChannelSelector second = new ChannelSelector(channel, 2, 8000);
      second.state(Snapshot.from(Snapshot.save(first::state)));
      second.reduce(Arrays.copyOfRange(frames, 40_000, 80_000), 20_000, found);
      assertEquals(
          Arrays.toString(Arrays.copyOfRange(expected, 20_000, 40_000)), Arrays.toString(found));
    }
  }

  @Test
  void anotherModelOrRateOrHalfTheBytesAreRefused() {
    Detector detector = new Detector(TestModels.loudness("loud"), e -> {});
    detector.accept(new float[5000], 0, 5000);
    byte[] saved = detector.save();
    Detector other = new Detector(TestModels.loudness("soft"), e -> {});
    assertThrows(IllegalArgumentException.class, () -> other.restore(saved));
    Detector faster =
        new Detector(List.of(TestModels.loudness("loud")), 48_000, Engine.NATIVE, e -> {});
    assertThrows(IllegalArgumentException.class, () -> faster.restore(saved));
    byte[] half = Arrays.copyOf(saved, saved.length / 2);
    assertThrows(IllegalArgumentException.class, () -> detector.restore(half));
    detector.close();
    assertThrows(IllegalStateException.class, detector::save);
  }
}
