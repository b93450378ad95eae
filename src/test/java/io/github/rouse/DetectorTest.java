// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.SecondChance;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectorTest {
  /** Records a detector's posteriors and events. */
  record Recorded(Map<String, List<Float>> byModel, List<TriggerEvent> events)
      implements DetectionHandler {
    Recorded() {
      this(new TreeMap<>(), new ArrayList<>());
    }

    List<Float> posteriors() {
      return byModel.values().iterator().next();
    }

    @Override
    public void event(TriggerEvent event) {
      events.add(event);
    }

    @Override
    public void posteriors(WakeModel model, long at, float[] values) {
      for (float value : values) {
        byModel.computeIfAbsent(model.name(), name -> new ArrayList<>()).add(value);
      }
    }

    /**
     * Sorts the events: between models with different features, their order depends on chunking.
     */
    Recorded sorted() {
      events.sort(Comparator.comparing(TriggerEvent::model).thenComparing(TriggerEvent::at));
      return this;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {44_100, 16_000, 48_000})
  void posteriorsAndEventsDoNotDependOnChunking(int rate) {
    WakeModel classic = TestModels.random("a", FeatureSpec.CLASSIC, 1);
    WakeModel pcen = TestModels.random("b", FeatureSpec.PCEN, 2);
    List<WakeModel> models = List.of(classic, pcen, TestModels.loudness("loud"));
    float[] samples = TestModels.bursts(rate, 6, 1, 2.5, 4.2);
    Recorded whole = detect(models, rate, samples, () -> samples.length);
    assertTrue(whole.events.size() >= 3, whole.events.toString());
    Random random = new Random(3);
    for (int chunk : new int[] {1, 7, 80, 160, 4096, 44_100}) {
      assertEquals(whole, detect(models, rate, samples, () -> chunk), "chunks of " + chunk);
    }
    assertEquals(whole, detect(models, rate, samples, () -> 1 + random.nextInt(5000)), "random");
  }

  /** As on a machine that first asks the network for the time. */
  @Test
  void aJumpOfTheClockChangesOnlyTheTimeOfEvents() {
    int rate = 16_000;
    float[] samples = TestModels.bursts(rate, 8, 1.5, 4, 6.7);
    List<WakeModel> models = List.of(TestModels.loudness("loud"));
    List<Instant> clocks =
        Stream.of("2026-01-01", "2026-01-02", "1970-01-01")
            .map(day -> Instant.parse(day + "T00:00:00Z"))
            .toList();
    Recorded heard = new Recorded();
    try (Detector detector = new Detector(models, rate, Engine.NATIVE, heard)) {
      for (int at = 0; at < samples.length; at += 800) {
        Instant clock = clocks.get(at / (3 * rate)).plusMillis(1000L * (at + 800) / rate);
        detector.accept(samples, at, 800, clock);
      }
      detector.finish();
    }
    Recorded scanned = detect(models, rate, samples, () -> 800);
    assertEquals(3, scanned.events.size());
    assertEquals(scanned.byModel, heard.byModel);
    for (int i = 0; i < 3; i++) {
      TriggerEvent event = scanned.events.get(i);
      Instant time = clocks.get(i).plusNanos(Math.round(event.atSeconds() * 1e9));
      assertEquals(event.withTime(time), heard.events.get(i));
    }
  }

  @Test
  void eventsAreLocatedAtTheSounds() {
    float[] samples = TestModels.bursts(44_100, 8, 1.5, 4, 6.7);
    WakeModel model = TestModels.loudness("loud");
    List<TriggerEvent> events = detect(List.of(model), 44_100, samples, () -> 1000).events;
    double[] starts = {1.5, 4, 6.7};
    assertEquals(3, events.size());
    for (int i = 0; i < 3; i++) {
      TriggerEvent e = events.get(i);
      assertEquals("loud", e.word());
      assertEquals(starts[i], e.startSeconds(), 0.05);
      assertTrue(e.atSeconds() > starts[i] && e.atSeconds() < starts[i] + 0.5);
      assertTrue(e.endSeconds() <= e.atSeconds());
      assertTrue(e.score() > 0.5);
    }
  }

  @Test
  void modelsTogetherGiveTheSamePosteriorsAsAlone() {
    float[] samples = TestModels.bursts(44_100, 4, 1, 2.5);
    WakeModel a = TestModels.random("a", FeatureSpec.PCEN, 1);
    WakeModel b = TestModels.random("b", FeatureSpec.PCEN, 2);
    Recorded together = detect(List.of(a, b), 44_100, samples, () -> 512);
    assertEquals(
        detect(List.of(a), 44_100, samples, () -> 512).posteriors(), together.byModel.get("a"));
    assertEquals(
        detect(List.of(b), 44_100, samples, () -> 512).posteriors(), together.byModel.get("b"));
  }

  @Test
  void bothEnginesGiveTheSamePosteriors() {
    float[] samples = TestModels.bursts(44_100, 4, 1, 2.5);
    for (FeatureSpec spec : List.of(FeatureSpec.CLASSIC, FeatureSpec.PCEN)) {
      WakeModel model = TestModels.random("a", spec, 4);
      Recorded ours = detect(List.of(model), 44_100, samples, () -> 512);
      Recorded theirs = new Recorded();
      try (Detector detector = new Detector(List.of(model), 44_100, Engine.ONNXRUNTIME, theirs)) {
        detector.accept(samples, 0, samples.length);
        detector.finish();
      }
      assertArrayEquals(array(ours.posteriors()), array(theirs.posteriors()), 1e-4f);
    }
  }

  @Test
  void aGapAdvancesTimeAndRestartsDetection() {
    WakeModel model = TestModels.loudness("loud");
    float[] samples = TestModels.bursts(44_100, 3, 1);
    Recorded recorded = new Recorded();
    try (Detector detector = new Detector(List.of(model), 44_100, Engine.NATIVE, recorded)) {
      detector.accept(samples, 0, samples.length);
      detector.skip(441_000); // ten seconds
      detector.accept(samples, 0, samples.length);
      detector.finish();
    }
    assertEquals(2, recorded.events.size());
    TriggerEvent first = recorded.events.get(0);
    TriggerEvent second = recorded.events.get(1);
    assertEquals(first.atSeconds() + 13, second.atSeconds(), 0.001);
    assertEquals(first.startSeconds() + 13, second.startSeconds(), 0.011);
    assertEquals(0, first.lostSamples());
    assertEquals(441_000, second.lostSamples());
  }

  @Test
  void aWordFoundJustBeforeAGapIsRaised() {
    float[] samples = TestModels.bursts(16_000, 3, 1);
    for (int millis : new int[] {1060, 1090, 1120}) { // the posterior is high, the decision pending
      Recorded recorded = new Recorded();
      try (Detector detector =
          new Detector(List.of(TestModels.loudness("loud")), 16_000, Engine.NATIVE, recorded)) {
        detector.accept(samples, 0, 16 * millis);
        detector.skip(1600);
      }
      assertEquals(1, recorded.events.size(), millis + " ms");
    }
  }

  @Test
  void aClosedDetectorTakesNoSamplesAndNoGapIsNegative() {
    Detector detector = new Detector(TestModels.loudness("loud"), event -> {});
    assertThrows(IllegalArgumentException.class, () -> detector.skip(-1));
    detector.close();
    detector.close();
    assertThrows(IllegalStateException.class, () -> detector.accept(new float[10], 0, 10));
  }

  @Test
  void samplesThatAreNoSoundAreRejected() {
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 12345}) {
      try (Detector detector = new Detector(TestModels.loudness("loud"), event -> {})) {
        float[] samples = new float[100];
        samples[7] = bad;
        String message =
            assertThrows(IllegalArgumentException.class, () -> detector.accept(samples, 0, 100))
                .getMessage();
        assertEquals("samples[7]=" + bad + ", expected -100 to 100", message);
      }
    }
  }

  @Test
  void aYearIntoAStreamDetectionIsUnchanged() {
    float[] samples = TestModels.bursts(44_100, 4, 1, 2.5);
    WakeModel model = TestModels.loudness("loud");
    List<TriggerEvent> fresh = detect(List.of(model), 44_100, samples, () -> 512).events;
    Recorded late = new Recorded();
    long skipped = 44_100L * 3600 * 24 * 365; // a year, beyond any int
    try (Detector detector = new Detector(List.of(model), 44_100, Engine.NATIVE, late)) {
      detector.skip(skipped);
      detector.accept(samples, 0, samples.length);
      detector.finish();
    }
    assertEquals(fresh.size(), late.events.size());
    for (int i = 0; i < fresh.size(); i++) {
      assertEquals(
          fresh.get(i).atSeconds() + 3600 * 24 * 365, late.events.get(i).atSeconds(), 1e-4);
      assertEquals(fresh.get(i).score(), late.events.get(i).score());
    }
  }

  @Test
  void resetForgetsEverything() {
    WakeModel model = TestModels.random("a", FeatureSpec.PCEN, 9);
    float[] samples = TestModels.bursts(16_000, 2, 1);
    Recorded recorded = new Recorded();
    try (Detector detector = new Detector(List.of(model), 16_000, Engine.NATIVE, recorded)) {
      detector.accept(samples, 3000, 20_000);
      detector.skip(5);
      detector.reset();
      recorded.byModel.clear();
      recorded.events.clear();
      detector.accept(samples, 0, samples.length);
      detector.finish();
    }
    assertEquals(detect(List.of(model), 16_000, samples, () -> 100), recorded);
  }

  @Test
  void posteriorsArriveWithTheLastSampleOfTheirLastFrame() {
    WakeModel model = TestModels.random("a", FeatureSpec.LOG_MEL, 9);
    List<Long> known = new ArrayList<>();
    DetectionHandler sink =
        new DetectionHandler() {
          @Override
          public void event(TriggerEvent event) {}

          @Override
          public void posteriors(WakeModel of, long at, float[] posteriors) {
            known.add(at);
          }
        };
    try (Detector detector = new Detector(List.of(model), 16_000, Engine.NATIVE, sink)) {
      detector.accept(new float[32_000], 0, 32_000);
    }
    int hop = FeatureSpec.LOG_MEL.hop();
    long first = (model.network().firstStepFrames() - 1L) * hop + FeatureSpec.LOG_MEL.frameLength();
    assertTrue(known.size() > 10, known.size() + " steps");
    for (int step = 0; step < known.size(); step++) {
      assertEquals(first + (long) step * model.network().stride() * hop, known.get(step));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8000, 16_000, 44_100, 48_000})
  void shortsAndBytesGiveTheBitsOfFloats(int rate) {
    WakeModel model = TestModels.random("a", FeatureSpec.PCEN, 1);
    float[] samples = TestModels.bursts(rate, 3, 1);
    Recorded floats = detect(List.of(model), rate, samples, () -> 512);
    short[] shorts = new short[samples.length];
    byte[] bytes = new byte[2 * samples.length];
    for (int i = 0; i < samples.length; i++) {
      shorts[i] = (short) (samples[i] * 32768);
      bytes[2 * i] = (byte) shorts[i];
      bytes[2 * i + 1] = (byte) (shorts[i] >> 8);
    }
    Recorded ofShorts = new Recorded();
    Recorded ofBytes = new Recorded();
    Random random = new Random(5);
    try (Detector one = new Detector(List.of(model), rate, Engine.NATIVE, ofShorts);
        Detector other = new Detector(List.of(model), rate, Engine.NATIVE, ofBytes)) {
      for (int at = 0, n; at < shorts.length; at += n) {
        n = Math.min(1 + random.nextInt(5000), shorts.length - at);
        one.accept(shorts, at, n);
      }
      for (int at = 0, n; at < bytes.length; at += n) { // n may be odd
        n = Math.min(1 + random.nextInt(5000), bytes.length - at);
        other.acceptBytes(bytes, at, n);
      }
      one.finish();
      other.finish();
    }
    assertTrue(floats.posteriors().size() > 50);
    assertEquals(floats, ofShorts);
    assertEquals(floats, ofBytes);
  }

  @Test
  void aSoundThatNearlySufficesIsANearMiss() {
    WakeModel model = TestModels.loudness("loud");
    float[] samples = TestModels.bursts(16_000, 9, 1, 4, 6.5);
    float score = detect(List.of(model), 16_000, samples, () -> 160).events.get(0).score();
    List<TriggerEvent> events = new ArrayList<>();
    List<TriggerEvent> misses = new ArrayList<>();
    DetectionHandler handler =
        new DetectionHandler() {
          @Override
          public void event(TriggerEvent event) {
            events.add(event);
          }

          @Override
          public void nearMiss(TriggerEvent miss) {
            misses.add(miss);
          }
        };
    for (int i = 0; i < samples.length; i++) {
      samples[i] *= i > 5 * 16_000 ? 1 : 0.2f; // the first two are too quiet
    }
    WakeModel strict = model.withThreshold(0.99f * score);
    try (Detector detector = new Detector(List.of(strict), 16_000, Engine.NATIVE, handler)) {
      detector.accept(samples, 0, samples.length);
      detector.finish();
    }
    assertEquals(1, events.size(), events.toString());
    assertEquals(6.5, events.get(0).startSeconds(), 0.05);
    assertEquals(2, misses.size(), misses.toString());
    assertEquals(1, misses.get(0).startSeconds(), 0.05);
    assertEquals(4, misses.get(1).startSeconds(), 0.05);
    assertTrue(misses.get(0).score() < 0.99f * score, misses.toString());
    assertEquals("loud", misses.get(0).word());
  }

  @Test
  void aSecondChanceLowersTheThresholdAfterANearMiss() {
    WakeModel model = TestModels.loudness("loud");
    float[] samples = TestModels.bursts(16_000, 12, 1, 3.5, 10);
    float score = detect(List.of(model), 16_000, samples, () -> 160).events.get(0).score();
    for (int i = 0; i < samples.length; i++) {
      samples[i] *= 0.2f; // too quiet
    }
    WakeModel strict = model.withThreshold(0.99f * score);
    assertEquals(0, detect(List.of(strict), 16_000, samples, () -> 160).events.size());
    WakeModel patient = strict.withSecondChance(new SecondChance(4, 0.7f));
    List<TriggerEvent> events = detect(List.of(patient), 16_000, samples, () -> 160).events;
    assertEquals(1, events.size(), events.toString());
    assertEquals(3.5, events.get(0).startSeconds(), 0.05);
    assertTrue(events.get(0).score() < 0.99f * score, events.toString());
  }

  @Test
  void aSecondChanceCountsOnceWithAVerifierToo() {
    WakeModel model = VerifiedModels.loudness(0, 0.5f);
    float[] samples = TestModels.bursts(16_000, 12, 1, 3.5, 10);
    float score = detect(List.of(model), 16_000, samples, () -> 160).events.get(0).score();
    WakeModel strict = model.withThreshold(Math.min(1, 1.05f * score));
    assertEquals(0, detect(List.of(strict), 16_000, samples, () -> 160).events.size());
    WakeModel patient = strict.withSecondChance(new SecondChance(4, 0.7f));
    List<TriggerEvent> events = detect(List.of(patient), 16_000, samples, () -> 160).events;
    assertEquals(1, events.size(), events.toString());
    assertEquals(3.5, events.get(0).startSeconds(), 0.05);
  }

  @Test
  void aWordMayHaveAThresholdOfItsOwn() {
    WakeModel model = TestModels.loudness(List.of("one", "two"), 2, 2);
    float[] samples = TestModels.bursts(16_000, 4, 1);
    List<TriggerEvent> both = detect(List.of(model), 16_000, samples, () -> 160).events;
    assertEquals(2, both.size(), both.toString());
    WakeModel strict = model.withThreshold("two", 1).withSecondChance(new SecondChance(1, 1));
    List<TriggerEvent> one = detect(List.of(strict), 16_000, samples, () -> 160).events;
    assertEquals(List.of("one"), one.stream().map(TriggerEvent::word).toList());
    assertEquals(0.5f, strict.policy(0).threshold());
    assertEquals(1f, strict.policy(1).threshold());
    assertEquals(0.3f, strict.withThreshold(0.3f).policy(1).threshold()); // of all words
    assertThrows(IllegalArgumentException.class, () -> model.withThreshold("three", 0.5f));
    assertThrows(IllegalArgumentException.class, () -> model.withThreshold("two", 1.5f));
  }

  @Test
  void aHandlerMayCloseTheDetector() {
    WakeModel model = TestModels.loudness("loud");
    float[] samples = TestModels.bursts(16_000, 8, 1, 3, 5);
    List<TriggerEvent> events = new ArrayList<>();
    Detector[] detector = new Detector[1];
    detector[0] =
        new Detector(
            model,
            event -> {
              events.add(event);
              detector[0].close();
              detector[0].close();
            });
    detector[0].accept(samples, 0, samples.length);
    detector[0].finish();
    detector[0].close();
    assertEquals(1, events.size());
    assertThrows(IllegalStateException.class, () -> detector[0].accept(samples, 0, 1));
    assertThrows(IllegalStateException.class, () -> detector[0].accept(new short[1], 0, 1));
    assertThrows(IllegalStateException.class, () -> detector[0].acceptBytes(new byte[2], 0, 2));
  }

  @Test
  void aHandlerMayCloseTheDetectorAmid16BitSamples() {
    WakeModel model = TestModels.loudness("loud");
    float[] samples = TestModels.bursts(16_000, 8, 1, 3, 5);
    short[] shorts = new short[samples.length];
    byte[] bytes = new byte[2 * samples.length];
    for (int i = 0; i < samples.length; i++) {
      shorts[i] = (short) (samples[i] * 32768);
      bytes[2 * i] = (byte) shorts[i];
      bytes[2 * i + 1] = (byte) (shorts[i] >> 8);
    }
    List<TriggerEvent> events = new ArrayList<>();
    for (int kind = 0; kind < 2; kind++) {
      Detector[] detector = new Detector[1];
      detector[0] =
          new Detector(
              model,
              event -> {
                events.add(event);
                detector[0].close();
              });
      if (kind == 0) {
        detector[0].accept(shorts, 0, shorts.length);
      } else {
        detector[0].acceptBytes(bytes, 0, bytes.length);
      }
      detector[0].finish();
      assertEquals(kind + 1, events.size());
      assertThrows(IllegalStateException.class, () -> detector[0].reset());
    }
  }

  @Test
  void aBidirectionalModelIsRejectedForStreamsWithTheReason() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new Detector(TestModels.bidirectional(), event -> {}))
            .getMessage();
    assertTrue(message.contains("bidirectional") && message.contains("live stream"), message);
  }

  @Test
  void nothingIsAllocatedOnceWarm() {
    WakeModel model =
        TestModels.random("a", FeatureSpec.PCEN, 1)
            .withPolicy(TestModels.loudness("x").policy().withThreshold(1));
    float[] samples = TestModels.bursts(16_000, 1, 0.2);
    try (Detector detector = new Detector(model, event -> {})) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long allocated = Long.MAX_VALUE; // the measurement allocates, too
      for (int i = 0; i < 1000 && allocated >= 1000; i++) { // until everything is compiled
        long before = threads.getCurrentThreadAllocatedBytes();
        detector.accept(samples, 0, samples.length);
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertTrue(allocated < 1000, allocated + " bytes in 100 frames");
    }
  }

  @Test
  void scanningAFileGivesTheEventsOfItsSamples(@TempDir Path folder) throws IOException {
    float[] samples = TestModels.bursts(44_100, 5, 1, 3);
    Path file = folder.resolve("a.wav");
    try (WavWriter wav = new WavWriter(file, 44_100, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
    WakeModel model = TestModels.loudness("loud");
    List<TriggerEvent> scanned = Rouse.scan(model, file);
    assertEquals(detect(List.of(model), 44_100, samples, () -> 441).events, scanned);
    assertEquals(2, scanned.size());
  }

  static Recorded detect(List<WakeModel> models, int rate, float[] samples, IntSupplier chunks) {
    Recorded recorded = new Recorded();
    try (Detector detector = new Detector(models, rate, Engine.NATIVE, recorded)) {
      for (int at = 0; at < samples.length; ) {
        int length = Math.min(chunks.getAsInt(), samples.length - at);
        detector.accept(samples, at, length);
        at += length;
      }
      detector.finish();
    }
    return recorded.sorted();
  }

  private static float[] array(List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return array;
  }
}
