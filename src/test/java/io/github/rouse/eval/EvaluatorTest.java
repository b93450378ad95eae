// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.Detector;
import io.github.rouse.TestModels;
import io.github.rouse.VerifiedModels;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluatorTest {
  private static final int RATE = 16_000;

  @TempDir Path folder;
  private final WakeModel model = TestModels.loudness("loud");

  @Test
  void missesAndFalseAlarmsAreCounted() throws IOException {
    Recording heard = wav("heard.wav", "a", TestModels.bursts(RATE, 2, 0.5));
    Recording silent = wav("silent.wav", "b", TestModels.bursts(RATE, 2));
    Recording alarming = wav("alarming.wav", "n", TestModels.bursts(RATE, 36, 5, 20));
    Evaluation evaluation = run(List.of(heard, silent, heard, heard), List.of(alarming), 1);
    Evaluation.Point half = evaluation.at(0.5);
    assertEquals(0.25, half.missRate());
    assertEquals(2, half.falseAlarms());
    assertEquals(200, half.perHour(), 0.1);
    assertEquals(0.01, evaluation.negativeHours(), 1e-5);
    assertEquals(1, evaluation.at(1.01).missRate());
    assertEquals(0, evaluation.at(1.01).falseAlarms());
    assertEquals(0, evaluation.atFalseAlarms(99).orElseThrow().falseAlarms());
    assertEquals(2, evaluation.atFalseAlarms(200.1).orElseThrow().falseAlarms());
    assertEquals(5, evaluation.falseAlarms().get(0).second(), 0.05);
    assertEquals(20, evaluation.falseAlarms().get(1).second(), 0.05);
  }

  @Test
  void theRunUsesTheModelsThresholdIfThatIsLower() throws IOException {
    WakeModel faint = TestModels.loudness(List.of("faint"), -8);
    Recording burst = wav("burst.wav", "a", TestModels.bursts(RATE, 2, 0.5));
    for (float threshold : new float[] {0.5f, 0.001f}) {
      WakeModel own = faint.withPolicy(faint.policy().withThreshold(threshold));
      Evaluation evaluation =
          new Evaluator(own, "faint", asRecorded(burst), Noise.NONE, List.of(burst))
              .run(1, seconds -> {});
      boolean low = threshold < 0.02f;
      assertEquals(low ? 0 : 1, evaluation.at(threshold).missed());
      assertEquals(low ? 1 : 0, evaluation.at(threshold).falseAlarms());
      assertEquals(low, evaluation.points().get(0).threshold() < 0.01);
    }
  }

  /** Not that of a later and stronger candidate, which a listener never hears of. */
  @Test
  void latencyIsThatOfTheFirstDecision() throws IOException {
    WakeModel verified = VerifiedModels.loudness(1, 0.5f);
    float[] samples = TestModels.bursts(RATE, 3, 0.5, 1.6);
    for (int i = 3 * RATE / 2; i < samples.length; i++) {
      samples[i] *= 2;
    }
    Recording quiet = wav("quiet.wav", "n", TestModels.bursts(RATE, 2));
    Evaluation.Positive hit =
        new Evaluator(
                verified,
                "loud",
                asRecorded(wav("clip.wav", "a", samples)),
                Noise.NONE,
                List.of(quiet))
            .run(1, seconds -> {})
            .positives()
            .get(0);
    assertTrue(hit.score() > 0.5, "score " + hit.score());
    assertEquals(-1.4, hit.latency(), 0.1); // the second burst ends 1.5 s after the first begins
  }

  @Test
  void latencyIsMeasuredFromTheEndOfTheWord() throws IOException {
    // The word always ends at 0.9 s. The decision comes 0.1 s after the posterior's climb, inside
    // the word and 0.3 s before its end.
    Recording clip = wav("clip.wav", "a", TestModels.bursts(RATE, 2, 0.5));
    Recording quiet = wav("quiet.wav", "n", TestModels.bursts(RATE, 2));
    Evaluation evaluation = run(List.of(clip), List.of(quiet), 1);
    Evaluation.Positive hit = evaluation.positives().get(0);
    assertEquals(1.5, (double) hit.start() / RATE, 0.02); // after a gap of a second
    assertEquals(1.9, (double) hit.end() / RATE, 0.02);
    assertEquals(-0.27, evaluation.latency(0.5), 0.04);
    assertEquals(hit.latency(), evaluation.latency(0.5));
    double missRate = evaluation.atFalseAlarms(0).orElseThrow().missRate();
    assertEquals(0, missRate, "not one false alarm, not one miss");
  }

  @Test
  void slicesAreCountedSeparately() throws IOException {
    Recording heard = wav("heard.wav", "near", TestModels.bursts(RATE, 2, 0.5));
    Recording silent = wav("silent.wav", "far", TestModels.bursts(RATE, 2));
    Recording alarming = wav("alarming.wav", "party", TestModels.bursts(RATE, 18, 5, 10, 15));
    Recording quiet = wav("quiet.wav", "night", TestModels.bursts(RATE, 36));
    Evaluation all =
        run(List.of(heard, silent, silent, heard, silent), List.of(alarming, quiet), 1);
    assertEquals(List.of("near", "far"), all.positiveSlices());
    assertEquals(List.of("party", "night"), all.negativeSlices());
    assertEquals(2, all.slice("near").at(0.5).positives());
    assertEquals(0, all.slice("near").at(0.5).missed());
    assertEquals(3, all.slice("far").at(0.5).missed());
    assertEquals(600, all.slice("party").at(0.5).perHour(), 0.1);
    assertEquals(0, all.slice("night").at(0.5).falseAlarms());
    assertEquals(0.01, all.slice("night").negativeHours(), 1e-9);
  }

  @Test
  void theResultDoesNotDependOnTheNumberOfJobs() throws IOException {
    List<Recording> positives = new ArrayList<>();
    List<Recording> negatives = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      positives.add(wav("p" + i + ".wav", "p", TestModels.bursts(RATE, 2, 0.1 * i)));
      // The slice alternates, so each recording becomes a separate stream.
      negatives.add(wav("n" + i + ".wav", "n" + i % 2, TestModels.bursts(RATE, 9, i, i + 2)));
    }
    Evaluation serial = run(positives, negatives, 1);
    assertTrue(serial.falseAlarms().size() >= 12, serial.falseAlarms().toString());
    assertEquals(5, serial.falseAlarms().get(serial.falseAlarms().size() - 1).stream());
    assertEquals(serial, run(positives, negatives, 4));
  }

  @Test
  void streamsHeardElsewhereSumToTheSame() throws IOException {
    List<Recording> negatives = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      float[] talk = TestModels.bursts(RATE, 140, 3 + i, 70); // a stream of its own each
      negatives.add(wav("n" + i + ".wav", "slice " + i % 2, talk));
    }
    Recording missing = new Recording(folder.resolve("missing.wav"), "all");
    Recording word = wav("word.wav", "all", TestModels.bursts(RATE, 2, 1));
    Recording silent = wav("silent.wav", "all", new float[RATE]);
    List<PositiveClip> positives = asRecorded(missing, word, silent, word);
    List<String> problems = new ArrayList<>();
    FileProgress progress =
        new FileProgress() {
          @Override
          public void fileHeard(double seconds) {}

          @Override
          public void unreadable(IOException problem) {
            problems.add(problem.getMessage());
          }
        };
    Evaluator here = new Evaluator(model, "loud", positives, Noise.NONE, negatives);
    Evaluation expected = here.run(1, progress);
    assertEquals(8, expected.falseAlarms().size());
    List<byte[]> heard = new ArrayList<>();
    for (int stream = 0; stream < here.streams(); stream++) {
      Evaluator there = new Evaluator(model, "loud", positives, Noise.NONE, negatives);
      heard.add(there.hear(stream, progress));
    }
    assertEquals(5, heard.size());
    assertEquals(expected, here.sumOf(heard));
    assertEquals(2, problems.size());
  }

  @Test
  void aFalseAlarmIsLocatedInItsFile() throws IOException {
    Recording first = wav("first.wav", "n", TestModels.bursts(RATE, 9, 4));
    Recording second = wav("second.wav", "n", TestModels.bursts(RATE, 9, 3, 6));
    Evaluation evaluation = run(List.of(first), List.of(first, second), 1);
    assertEquals(
        List.of(first, second, second),
        evaluation.falseAlarms().stream().map(Evaluation.FalseAlarm::recording).toList());
    assertEquals(6, evaluation.falseAlarms().get(2).second(), 0.05);
    assertEquals(0, evaluation.falseAlarms().get(2).stream(), "one stream of the two files");
  }

  @Test
  void aTruncatedFileEndsTheRunUnlessTheCallerContinues() throws IOException {
    Recording heard = wav("heard.wav", "a", TestModels.bursts(RATE, 2, 0.5));
    Recording cut = wav("cut.wav", "n", TestModels.bursts(RATE, 9, 0, 6));
    byte[] all = Files.readAllBytes(cut.file());
    Files.write(cut.file(), Arrays.copyOf(all, all.length / 2));
    Recording quiet = wav("quiet.wav", "n", TestModels.bursts(RATE, 9));
    Recording broken = wav("broken.wav", "n", new float[0]);
    Files.write(broken.file(), new byte[99]);
    List<Recording> negatives = List.of(broken, quiet, broken, cut, quiet);
    assertThrows(IOException.class, () -> run(List.of(heard), negatives, 1));
    List<String> problems = new ArrayList<>();
    FileProgress goesOn =
        new FileProgress() {
          @Override
          public void fileHeard(double seconds) {
            // Ignored.
          }

          @Override
          public void unreadable(IOException problem) {
            problems.add(problem.getMessage());
          }
        };
    Evaluator evaluator =
        new Evaluator(model, "loud", asRecorded(heard, cut), Noise.NONE, negatives);
    Evaluation evaluation = evaluator.run(1, goesOn);
    assertEquals(4, problems.size(), problems.toString());
    assertEquals(List.of(heard), evaluation.positives().stream().map(p -> p.recording()).toList());
    assertEquals(22.5 / 3600, evaluation.negativeHours(), 1e-4);
    assertEquals(List.of(cut), evaluation.falseAlarms().stream().map(f -> f.recording()).toList());
    assertEquals(1, evaluator.excerptsOfFalseAlarms(evaluation.falseAlarms()).size());
  }

  @Test
  void aLongRefractoryPeriodMissesNoClip() throws IOException {
    WakeModel slow = model.withPolicy(model.policy().withRefractory(30));
    Recording heard = wav("heard.wav", "a", TestModels.bursts(RATE, 1.2, 0.5));
    Recording alarming = wav("alarming.wav", "n", TestModels.bursts(RATE, 36, 5, 20));
    List<PositiveClip> clips = asRecorded(heard, heard, heard);
    Evaluation evaluation =
        new Evaluator(slow, "loud", clips, Noise.NONE, List.of(alarming)).run(1, seconds -> {});
    assertEquals(0, evaluation.at(0.5).missed());
    assertEquals(1, evaluation.at(0.5).falseAlarms(), "which keeps the next quiet");
  }

  @Test
  void negativesWithoutSoundAreRejected() throws IOException {
    Recording heard = wav("heard.wav", "a", TestModels.bursts(RATE, 2, 0.5));
    Recording empty = wav("empty.wav", "n", new float[0]);
    assertEquals(
        empty.file() + ": holds no sound",
        assertThrows(IOException.class, () -> run(List.of(heard), List.of(empty), 1)).getMessage());
    assertEquals(
        "no sound in the negatives",
        assertThrows(IOException.class, () -> run(List.of(heard), List.of(), 1)).getMessage());
  }

  /** Checks the statements in the Javadoc of {@link Evaluator}. */
  @Test
  void theSweepMatchesSeparateRunsOnClearWordsAndUndercountsOnRandomPosteriors()
      throws IOException {
    List<int[]> standOut = sweptAndRun(model, sounds(1));
    standOut.forEach(pair -> assertEquals(pair[1], pair[0]));
    assertTrue(standOut.get(4)[1] > 20, "events at one half");
    int swept = 0;
    int run = 0;
    for (int seed = 0; seed < 6; seed++) {
      WakeModel wandering = TestModels.random("loud", FeatureSpec.LOG_MEL, seed);
      for (int[] pair : sweptAndRun(wandering, sounds(seed))) {
        assertTrue(pair[0] <= pair[1], pair[0] + " of " + pair[1]);
        swept += pair[0];
        run += pair[1];
      }
    }
    assertTrue(run > 1000, run + " events");
    assertTrue(swept > 0.85 * run, swept + " of " + run);
  }

  /** Events at thresholds from 0.1 to 0.9, [thresholds][in the sweep, in a separate run]. */
  private List<int[]> sweptAndRun(WakeModel by, float[] samples) throws IOException {
    Recording sound = wav("sound.wav", "n", samples);
    Evaluation evaluation =
        new Evaluator(by, "loud", asRecorded(sound), Noise.NONE, List.of(sound))
            .run(1, seconds -> {});
    List<int[]> pairs = new ArrayList<>();
    for (int tenths = 1; tenths < 10; tenths++) {
      int[] pair = {evaluation.at(tenths / 10f).falseAlarms(), 0};
      WakeModel own = by.withPolicy(by.policy().withThreshold(tenths / 10f));
      try (Detector detector = new Detector(own, event -> pair[1]++)) {
        NegativeStream.of(List.of(sound), RATE)
            .get(0)
            .play(detector, span -> {}, EvaluatorTest::fail);
        detector.finish();
      }
      pairs.add(pair);
    }
    return pairs;
  }

  private static float[] sounds(long seed) {
    Random random = new Random(seed);
    double[] at = random.doubles(60, 0, 120).toArray();
    return TestModels.bursts(RATE, 120, at);
  }

  @Test
  void onlyTheRequestedWordCounts() throws IOException {
    WakeModel both = TestModels.loudness(List.of("loud", "never"), 2, -99);
    Recording heard = wav("heard.wav", "a", TestModels.bursts(RATE, 2, 0.5));
    for (String word : both.words()) {
      Evaluation evaluation =
          new Evaluator(both, word, asRecorded(heard), Noise.NONE, List.of(heard))
              .run(1, seconds -> {});
      int expected = word.equals("loud") ? 1 : 0;
      assertEquals(1 - expected, evaluation.at(0.5).missed(), word);
      assertEquals(expected, evaluation.at(0.5).falseAlarms(), word);
    }
  }

  @Test
  void anExcerptHoldsSamplesAndPosteriors() throws IOException {
    Recording first = wav("first.wav", "n", TestModels.bursts(RATE, 3));
    Recording second = wav("second.wav", "n", TestModels.bursts(RATE, 3, 1));
    NegativeStream stream = new NegativeStream(List.of(first, second), RATE);
    List<Excerpt.Bounds> bounds =
        List.of(new Excerpt.Bounds(3 * RATE + 7, 6 * RATE), new Excerpt.Bounds(-RATE, 2 * RATE));
    List<Excerpt> excerpts = Excerpt.of(stream, EvaluatorTest::fail, model, 0, bounds);
    float[] all = played(stream);
    Excerpt late = excerpts.get(0);
    assertArrayEquals(Arrays.copyOfRange(all, 3 * RATE + 7, 6 * RATE), late.samples());
    for (Excerpt.Posterior step : late.posteriors()) {
      // The sound is at 5 to 5.4 s of the stream, 2 to 2.4 s of the excerpt; a frame is 25 ms long.
      if (step.second() > 2.03 && step.second() < 2.39) {
        assertTrue(step.posterior() > 0.5, step.toString());
      } else if (step.second() < 1.99 || step.second() > 2.43) {
        assertTrue(step.posterior() < 0.5, step.toString());
      }
    }
    assertEquals(300, late.posteriors().size(), 2);
    assertEquals(2, excerpts.get(1).seconds(), "from the stream's start");
  }

  @Test
  void noiseAndBabbleAlternate() throws IOException {
    float[] square = new float[RATE];
    Arrays.fill(square, 0.5f); // scaled to power 1, every sample is 1
    Recording noise = wav("flat.wav", "", square);
    Recording voice = wav("voice.wav", "", white(9, 0.3));
    Noise both = new Noise(List.of(noise), List.of(voice));
    for (int clip = 0; clip < 4; clip++) {
      boolean flat = max(both.under(clip, RATE, new Noise.Decoded(RATE))) < 1.01;
      assertEquals(clip % 2 == 0, flat, "clip " + clip);
    }
  }

  @Test
  void noiseHasTheRequestedRatio() throws IOException {
    float[] tone = new float[2 * RATE];
    for (int i = RATE / 2; i < RATE; i++) {
      tone[i] = (float) (0.2 * Math.sin(0.3 * i));
    }
    Recording clip = wav("tone.wav", "a", tone);
    Recording noise = wav("noise.wav", "", white(5, 0.01));
    Recording voice = wav("voice.wav", "", white(9, 0.3));
    for (double snr : new double[] {-5, 0, 10, 20}) {
      Noise mixed = new Noise(List.of(noise), List.of(voice)); // one clip of each
      List<PositiveClip> clips =
          List.of(new PositiveClip(clip, -6, snr, 0), new PositiveClip(clip, -6, snr, 1));
      float[] clean = played(new PositiveStream(clips, RATE, Noise.NONE));
      float[] noisy = played(new PositiveStream(clips, RATE, mixed));
      assertEquals(clean.length, noisy.length);
      // Gap, clip, gap, clip, gap: 1, 2, 1, 2, 1 s. The tone sounds from 1.5 to 2 s.
      double speech = power(clean, null, 1.5, 2);
      assertEquals(0.2 * 0.2 / 2 * Math.pow(10, -0.6), speech, 1e-4);
      assertEquals(snr, 10 * Math.log10(speech / power(noisy, clean, 1, 3)), 0.3);
      assertEquals(snr, 10 * Math.log10(speech / power(noisy, clean, 3.2, 3.8)), 0.5); // in the gap
      assertEquals(snr, 10 * Math.log10(speech / power(noisy, clean, 4, 6)), 0.3); // babble
    }
  }

  @Test
  void paddingDoesNotMakeNoiseLouder() throws IOException {
    float[] white = white(1, 0.1);
    Recording plain = wav("plain.wav", "", white);
    Recording padded = wav("padded.wav", "", Arrays.copyOf(white, 5 * white.length));
    Noise.Decoded decoded = new Noise.Decoded(RATE);
    double loudest = max(new Noise(List.of(plain), List.of()).under(0, 5 * RATE, decoded));
    double paddedLoudest = max(new Noise(List.of(padded), List.of()).under(0, 5 * RATE, decoded));
    assertEquals(loudest, paddedLoudest, 1e-3);
  }

  @Test
  void noiseThatIsLoudInOneHalfHasTheRatioInBoth() throws IOException {
    float[] halves = white(20, 0.3);
    for (int i = 0; i < halves.length / 2; i++) {
      halves[i] *= 0.01f;
    }
    Noise noise = new Noise(List.of(wav("halves.wav", "", halves)), List.of());
    Noise.Decoded decoded = new Noise.Decoded(RATE);
    for (int clip = 0; clip < 8; clip++) {
      float[] bed = noise.under(clip, 3 * RATE, decoded);
      assertEquals(1, power(bed, null, 0, 3), 1e-3, "clip " + clip);
    }
  }

  @Test
  void noiseComesFromAllPartsOfItsFile() throws IOException {
    float[] ramp = new float[1 << 17]; // for a power of two, Random uses only the first bits
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = 0.1f + 0.8f * i / ramp.length;
    }
    Noise noise = new Noise(List.of(wav("ramp.wav", "", ramp)), List.of());
    Noise.Decoded decoded = new Noise.Decoded(RATE);
    Set<Integer> tenths = new HashSet<>();
    for (int clip = 0; clip < 40; clip++) {
      float[] bed = noise.under(clip, RATE, decoded);
      double rise = 0.8 * RATE / ramp.length; // of the ramp in one second
      tenths.add((int) (10 * (rise / (bed[RATE - 1] / bed[0] - 1) - 0.1) / 0.8));
    }
    assertTrue(tenths.size() >= 8, tenths.toString());
  }

  @Test
  void noiseIsDecodedOnce() throws IOException {
    Recording file = wav("gone.wav", "", white(1, 0.1));
    Noise noise = new Noise(List.of(file), List.of());
    Noise.Decoded decoded = new Noise.Decoded(RATE);
    float[] first = noise.under(0, RATE, decoded);
    Files.delete(file.file());
    assertArrayEquals(first, noise.under(0, RATE, decoded));
  }

  private static double max(float[] samples) {
    return IntStream.range(0, samples.length).mapToDouble(i -> samples[i]).max().orElseThrow();
  }

  @Test
  void silenceIsRejectedAsNoise() throws IOException {
    Recording silent = wav("silent.wav", "", new float[RATE]);
    Noise noise = new Noise(List.of(silent), List.of());
    String message =
        assertThrows(IOException.class, () -> noise.under(0, RATE, new Noise.Decoded(RATE)))
            .getMessage();
    assertTrue(message.contains("silent.wav"), message);
  }

  @Test
  void amplifiedClipsAreClippedAtFullScale() throws IOException {
    float[] loud = new float[RATE];
    Arrays.fill(loud, 0.4f);
    Recording clip = wav("loud.wav", "a", loud);
    float[] played = played(new PositiveStream(List.of(louder(clip, 6.0206)), RATE, Noise.NONE));
    assertEquals(0.8f, played[RATE + RATE / 2], 1e-4);
    float[] clipped = played(new PositiveStream(List.of(louder(clip, 20)), RATE, Noise.NONE));
    assertEquals(1f, clipped[RATE + RATE / 2]);
  }

  @Test
  void theWordsBoundsDoNotDependOnTheGain() throws IOException {
    float[] samples = white(2, 1e-3);
    for (int i = RATE / 2; i < RATE; i++) {
      samples[i] += (float) (0.2 * Math.sin(0.3 * i));
    }
    Recording clip = wav("clip.wav", "a", samples);
    List<EvaluationStream.Span> spans = new ArrayList<>();
    List<PositiveClip> clips = List.of(louder(clip, 0), louder(clip, -60));
    new PositiveStream(clips, RATE, Noise.NONE)
        .play((heard, from, length) -> {}, spans::add, EvaluatorTest::fail);
    long between = spans.get(1).start() - spans.get(0).start();
    assertEquals(spans.get(0).speechStart(), spans.get(1).speechStart() - between);
    assertEquals(spans.get(0).speechEnd(), spans.get(1).speechEnd() - between);
  }

  @Test
  void aStreamIsIdenticalEachTime() throws IOException {
    Recording clip = wav("clip.wav", "a", TestModels.bursts(RATE, 1, 0.3));
    Noise noise = new Noise(List.of(wav("n.wav", "", white(3, 0.1))), List.of());
    PositiveStream stream =
        new PositiveStream(
            List.of(new PositiveClip(clip, 0, 3, 0), new PositiveClip(clip, 0, 3, 1)), RATE, noise);
    assertArrayEquals(played(stream), played(stream));
  }

  @Test
  void anUnknownWordIsRejected() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new Evaluator(model, "soft", List.of(), Noise.NONE, List.of()))
            .getMessage();
    assertEquals("word=soft, expected one of [loud]", message);
  }

  private Evaluation run(List<Recording> positives, List<Recording> negatives, int jobs)
      throws IOException {
    return new Evaluator(
            model, "loud", asRecorded(positives.toArray(Recording[]::new)), Noise.NONE, negatives)
        .run(jobs, seconds -> {});
  }

  private static List<PositiveClip> asRecorded(Recording... recordings) {
    return Arrays.stream(recordings).map(PositiveClip::asRecorded).toList();
  }

  private static PositiveClip louder(Recording recording, double gain) {
    return new PositiveClip(recording, gain, Double.POSITIVE_INFINITY, 0);
  }

  private static void fail(IOException problem) throws IOException {
    throw problem;
  }

  private static float[] played(EvaluationStream stream) throws IOException {
    List<Float> all = new ArrayList<>();
    stream.play(
        (samples, from, length) -> {
          for (int i = from; i < from + length; i++) {
            all.add(samples[i]);
          }
        },
        span -> {},
        EvaluatorTest::fail);
    float[] samples = new float[all.size()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = all.get(i);
    }
    return samples;
  }

  /**
   * Mean square of the difference between two signals, or of the first alone, over [from, to]
   * seconds.
   */
  private static double power(float[] a, float[] b, double from, double to) {
    return IntStream.range((int) (from * RATE), (int) (to * RATE))
        .mapToDouble(i -> a[i] - (b == null ? 0 : b[i]))
        .map(d -> d * d)
        .average()
        .orElseThrow();
  }

  private static float[] white(int seconds, double level) {
    Random random = new Random(3);
    float[] samples = new float[seconds * RATE];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (level * (2 * random.nextDouble() - 1));
    }
    return samples;
  }

  private Recording wav(String name, String slice, float[] samples) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (WavWriter wav = new WavWriter(file, RATE, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
    return new Recording(file, slice);
  }
}
