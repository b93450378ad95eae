// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rouse.TestModels;
import io.github.rouse.VerifiedModels;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.cli.Terminal;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalCommandTest {
  private static final int RATE = 16_000;

  @TempDir Path folder;
  private Path model;
  private final Terminal terminal = new Terminal();

  @BeforeEach
  void record() throws IOException {
    model = folder.resolve("loud.onnx");
    TestModels.loudness("loud").write(model);
    wav("p/near/a.wav", TestModels.bursts(RATE, 2, 0.5));
    wav("p/far/b.wav", TestModels.bursts(RATE, 2));
    wav("n/party/c<b>&'d'.wav", TestModels.bursts(RATE, 18, 5, 10));
    wav("n/night/e.wav", TestModels.bursts(RATE, 18));
  }

  private void wav(String name, float[] samples) throws IOException {
    wav(name, RATE, samples);
  }

  private void wav(String name, int rate, float[] samples) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (WavWriter writer = new WavWriter(file, rate, 1)) {
      writer.write(samples, 0, samples.length);
      writer.commit();
    }
  }

  private int eval(Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "eval",
                model,
                "--positives",
                folder.resolve("p"),
                "--negatives",
                folder.resolve("n")));
    words.addAll(List.of(more));
    return terminal.run(words.toArray());
  }

  @Test
  void jsonIsOneObject() {
    assertEquals(0, eval("--format", "json"), terminal.err().toString());
    JsonObject all = JsonParser.parseString(terminal.out().get(0)).getAsJsonObject();
    assertEquals(1, terminal.out().size());
    assertEquals(2, all.get("positives").getAsInt());
    assertEquals(0.01, all.get("negative_hours").getAsDouble(), 1e-9);
    JsonObject point = all.getAsJsonArray("points").get(0).getAsJsonObject();
    assertEquals(
        List.of(
            "threshold",
            "miss_rate",
            "miss_rate_95",
            "false_alarms",
            "false_alarms_per_hour",
            "false_alarms_per_hour_95"),
        List.copyOf(point.keySet()));
    assertEquals(List.of("0.1", "0.5", "1"), List.copyOf(all.getAsJsonObject("at").keySet()));
    JsonObject latency = all.getAsJsonObject("latency_ms");
    assertEquals(-270, latency.get("median").getAsDouble(), 40);
    assertEquals(latency.get("median"), latency.get("p95"));
    JsonObject asItIs = all.getAsJsonObject("as_it_is");
    assertEquals(0.5, asItIs.get("threshold").getAsDouble());
    assertEquals(0.5, asItIs.get("miss_rate").getAsDouble());
    assertEquals(2, asItIs.get("false_alarms").getAsInt());
    JsonObject slices = all.getAsJsonObject("slices");
    JsonObject positives = slices.getAsJsonObject("positives");
    assertEquals(0, positives.getAsJsonObject("near").get("miss_rate").getAsDouble());
    assertEquals(1, positives.getAsJsonObject("far").get("miss_rate").getAsDouble());
    for (String rate : List.of("0.1", "0.5", "1")) {
      double near = missRate(positives, "near", rate);
      double far = missRate(positives, "far", rate);
      assertEquals(all.getAsJsonObject("at").get(rate).getAsDouble(), (near + far) / 2, rate);
    }
    JsonObject negatives = slices.getAsJsonObject("negatives");
    assertEquals(2, negatives.getAsJsonObject("party").get("false_alarms").getAsInt());
    assertEquals(0, negatives.getAsJsonObject("night").get("false_alarms").getAsInt());
  }

  @Test
  void reportsResultsAtCalibratedThresholds() throws IOException {
    float score = 0; // of the clip it detects
    for (JsonElement point : jsonOf().getAsJsonArray("points")) {
      if (point.getAsJsonObject().get("miss_rate").getAsDouble() < 1) {
        score = point.getAsJsonObject().get("threshold").getAsFloat();
      }
    }
    assertEquals(List.of(1.0, 1.0, 1.0), missRates(calibratedJust(score, 0.001f)), "above it");
    JsonObject below = calibratedJust(score, -0.001f);
    assertEquals(List.of(0.5, 0.5, 0.5), missRates(below), "below it");
    assertEquals(2, below.getAsJsonObject("1").get("false_alarms").getAsInt());
    assertEquals(0, eval());
    String line = calibrationLines().get(1);
    assertTrue(line.startsWith("calibrated for 0.5/h: missed 50.0 % "), line);
    float threshold = below.getAsJsonObject("0.5").get("threshold").getAsFloat();
    assertTrue(line.endsWith(", threshold " + threshold), line);
  }

  @Test
  void uncalibratedModelHasNoCalibratedResults() {
    assertTrue(jsonOf().get("calibrated").isJsonNull());
    assertEquals(0, eval());
    assertEquals(List.of(), calibrationLines());
  }

  @Test
  void reportsRatesThatNoThresholdReaches() throws IOException {
    Calibration saturated = new Calibration(1, 1, Collections.nCopies(5, 1f));
    TestModels.loudness("loud").withCalibration(saturated).write(model);
    JsonObject calibrated = jsonOf().getAsJsonObject("calibrated");
    assertTrue(calibrated.get("0.1").isJsonNull() && calibrated.get("1").isJsonNull());
    assertEquals(0, eval());
    assertEquals(3, calibrationLines().size());
    assertTrue(calibrationLines().get(0).startsWith("calibrated for 0.1/h: no threshold"));
  }

  @Test
  void calibrationOfSeveralWordsCoversThemAll() throws IOException {
    Calibration calibration = new Calibration(1, 1, Collections.nCopies(5, 0.9f));
    TestModels.loudness(List.of("loud", "never"), 2, -99).withCalibration(calibration).write(model);
    assertEquals(0, eval("--word", "loud"));
    String line = calibrationLines().get(0);
    assertTrue(line.startsWith("calibrated for 0.1/h of all words: missed "), line);
  }

  private JsonObject jsonOf(Object... more) {
    List<Object> words = new ArrayList<>(List.of("--format", "json"));
    words.addAll(List.of(more));
    assertEquals(0, eval(words.toArray()), terminal.err().toString());
    String last = terminal.out().get(terminal.out().size() - 1);
    return JsonParser.parseString(last).getAsJsonObject();
  }

  /** Results for a calibration whose thresholds all lie {@code above} a score. */
  private JsonObject calibratedJust(float score, float above) throws IOException {
    Calibration calibration = new Calibration(1, 1, Collections.nCopies(20, score + above));
    TestModels.loudness("loud").withCalibration(calibration).write(model);
    return jsonOf().getAsJsonObject("calibrated");
  }

  private static List<Double> missRates(JsonObject points) {
    assertEquals(List.of("0.1", "0.5", "1"), List.copyOf(points.keySet()));
    return points.asMap().values().stream()
        .map(point -> point.getAsJsonObject().get("miss_rate").getAsDouble())
        .toList();
  }

  private List<String> calibrationLines() {
    return terminal.out().stream().filter(l -> l.startsWith("calibrated for ")).toList();
  }

  @Test
  void latencyWithoutDetectionsIsNull() throws IOException {
    wav("p/near/a.wav", TestModels.bursts(RATE, 2));
    assertEquals(0, eval("--format", "json"));
    JsonObject all = JsonParser.parseString(terminal.out().get(0)).getAsJsonObject();
    assertTrue(all.getAsJsonObject("latency_ms").get("median").isJsonNull());
  }

  @Test
  void repeatedStreamIsSplitIntoTenths() {
    assertEquals(0, eval("--format", "json", "--slice", "time", "--repeat", "10"));
    JsonObject all = JsonParser.parseString(terminal.out().get(0)).getAsJsonObject();
    assertEquals(20, all.get("positives").getAsInt());
    JsonObject tenths = all.getAsJsonObject("slices").getAsJsonObject("positives");
    assertEquals(10, tenths.size());
    assertTrue(tenths.has("tenth 10"), "" + tenths.keySet());
    assertEquals(2, eval("--repeat", "0"));
    assertTrue(terminal.err().toString().contains("repeat=0, expected 1 to 1000"));
  }

  @Test
  void conditionsDoNotInfluenceEachOther() throws IOException {
    // An odd number of clips, so that conditions start with noise and with babble.
    wav("p/far/third.wav", TestModels.bursts(RATE, 2));
    wav("steady.wav", TestModels.bursts(RATE, 3));
    wav("bursts.wav", TestModels.bursts(RATE, 3, 0.2, 1.1, 1.9));
    List<Object> noise =
        List.of(
            "--noise",
            folder.resolve("steady.wav"),
            "--babble",
            folder.resolve("bursts.wav"),
            "--snr");
    JsonObject all = slices(noise, "20,-40,20", "--gain", "-60,0");
    List<String> names = new ArrayList<>();
    for (String gain : List.of("-60", "0")) {
      for (String snr : List.of("20", "-40")) {
        JsonObject alone = slices(noise, snr, "--gain", gain, "--slice", "condition");
        String name = "SNR " + snr + " dB, gain " + gain + " dB";
        assertEquals(alone.get(name), all.get(name));
        names.add(name);
      }
    }
    assertEquals(names, List.copyOf(all.keySet()));
    assertEquals(1, missRate(all, "SNR 20 dB, gain -60 dB"));
    assertTrue(missRate(all, "SNR 20 dB, gain 0 dB") < missRate(all, "SNR -40 dB, gain 0 dB"));
    assertEquals(
        List.of("gain -60 dB", "gain 0 dB"),
        List.copyOf(slices(List.of(), "--gain", "-60", "--gain", "0").keySet()));
  }

  private JsonObject slices(List<Object> first, Object... more) {
    List<Object> words = new ArrayList<>(List.of("--format", "json"));
    words.addAll(first);
    words.addAll(List.of(more));
    assertEquals(0, eval(words.toArray()), terminal.err().toString());
    String json = terminal.out().get(terminal.out().size() - 1);
    JsonObject all = JsonParser.parseString(json).getAsJsonObject().getAsJsonObject("slices");
    assertEquals(2, all.getAsJsonObject("negatives").size(), "negatives are still split by folder");
    return all.getAsJsonObject("positives");
  }

  private static double missRate(JsonObject slices, String name, String rate) {
    return slices.getAsJsonObject(name).getAsJsonObject("at").get(rate).getAsDouble();
  }

  private static double missRate(JsonObject slices, String name) {
    return slices.getAsJsonObject(name).get("miss_rate").getAsDouble();
  }

  @Test
  void theStreamingNetworkIsMeasuredAloneIfAsked() throws IOException {
    float alone = jsonOf().getAsJsonObject("as_it_is").get("miss_rate").getAsFloat();
    VerifiedModels.loudness(-40, 0.5f).write(model);
    assertEquals(1, jsonOf().getAsJsonObject("as_it_is").get("miss_rate").getAsFloat());
    JsonObject first = jsonOf("--no-verifier");
    assertEquals(alone, first.getAsJsonObject("as_it_is").get("miss_rate").getAsFloat());
  }

  @Test
  void slicesArePrintedAsATableUnlessTurnedOff() {
    assertEquals(0, eval());
    assertTrue(terminal.out().stream().anyMatch(l -> l.matches("near +1 +0\\.0 % .*")));
    assertTrue(terminal.out().stream().anyMatch(l -> l.matches("party +0\\.01 +2 +400\\.00 .*")));
    Terminal second = new Terminal();
    assertEquals(
        0,
        second.run(
            "eval",
            model,
            "--slice",
            "none",
            "--positives",
            folder.resolve("p"),
            "--negatives",
            folder.resolve("n")));
    assertEquals(6, second.out().size(), second.out().toString());
    assertEquals(terminal.out().subList(0, 6), second.out());
  }

  @Test
  void reportShowsEveryCaseWithItsAudio() throws IOException {
    Path report = folder.resolve("report");
    assertEquals(0, eval("--report", report, "--gain", -3), terminal.err().toString());
    String html = Files.readString(report.resolve("report.html"));
    assertTrue(html.contains("c&lt;b&gt;&amp;&#39;d&#39;.wav at 5."), html);
    assertTrue(html.contains("without added noise, gain -3 dB."), html);
    assertFalse(html.contains("c<b>"), "a file's name became markup");
    assertFalse(html.contains("http://") || html.contains("https://"), "the page needs a network");
    Matcher sounds = Pattern.compile("<audio [^>]*src='([^']+)'").matcher(html);
    List<String> names = new ArrayList<>();
    while (sounds.find()) {
      names.add(sounds.group(1));
      try (AudioFile audio = AudioFile.open(report.resolve(sounds.group(1)))) {
        assertEquals(RATE, audio.sampleRate());
      }
    }
    assertEquals(4, names.size()); // two clips, two false alarms
    try (Stream<Path> files = Files.list(report)) {
      assertEquals(5, files.count()); // and the page
    }
    assertTrue(Files.size(report.resolve(names.get(3))) > 4 * RATE * 2, "2 s before and after");
    assertEquals(4, html.split("class='posterior'", -1).length - 1);
  }

  @Test
  void slicesOfSeveralPathsAreSeparate() throws IOException {
    wav("more/party/f.wav", TestModels.bursts(RATE, 9, 5));
    assertEquals(0, eval("--negatives", folder.resolve("more")));
    for (String slice : List.of("n/night", "n/party", "more/party")) {
      String path = folder.resolve(slice).toString();
      assertTrue(terminal.out().stream().anyMatch(l -> l.startsWith(path + " ")), path);
    }
  }

  @Test
  void modelOfSeveralWordsNeedsWordOption() throws IOException {
    TestModels.loudness(List.of("loud", "never"), 2, -99).write(model);
    assertEquals(ExitCode.WRONG_USAGE, eval());
    assertTrue(
        terminal.err().get(0).endsWith("choose one with --word: [loud, never]"),
        terminal.err().toString());
    assertEquals(0, eval("--word", "never", "--slice", "none"));
    assertTrue(terminal.out().get(4).startsWith("as it is: missed 100.0 %"), terminal.out().get(4));
  }

  @Test
  void wrongUsageIsRejected() {
    List<List<Object>> wrong =
        List.of(
            List.of("--snr", 3),
            List.of("--noise", folder.resolve("n")),
            List.of("--jobs", 0),
            List.of("--word", "soft"),
            List.of("--gain", "0,NaN"),
            List.of("--gain", ","),
            List.of("--gain", "800"));
    for (List<Object> words : wrong) {
      assertEquals(ExitCode.WRONG_USAGE, eval(words.toArray()), words.toString());
    }
    assertTrue(terminal.out().isEmpty());
    assertEquals(wrong.size(), terminal.err().size(), terminal.err().toString());
    assertTrue(terminal.err().get(0).contains("--snr needs --noise"), terminal.err().toString());
  }

  @Test
  void unreadableFileIsReportedOnceAndTheRestMeasured() throws IOException {
    assertEquals(0, eval("--repeat", 2));
    List<String> whole = List.copyOf(terminal.out());
    for (String broken : List.of("n/broken.wav", "p/broken.wav")) {
      Files.writeString(folder.resolve(broken), "not audio, only text");
    }
    for (String empty : List.of("n/empty.wav", "p/empty.wav")) {
      wav(empty, 44_100, new float[0]); // the resampler would add a few samples
    }
    Path report = folder.resolve("report");
    assertEquals(ExitCode.FAILED, eval("--repeat", 2, "--report", report));
    assertEquals(whole, terminal.out().subList(whole.size(), terminal.out().size()));
    assertEquals(4, terminal.err().size(), terminal.err().toString());
    assertTrue(terminal.err().get(0).contains("broken.wav: "), terminal.err().toString());
    assertEquals(2, terminal.err().stream().filter(l -> l.endsWith("holds no sound")).count());
    String html = Files.readString(report.resolve("report.html"));
    assertTrue(html.contains("Not read to the end: "), html);
    assertEquals(2 * 2 + 2, html.split("<audio ", -1).length - 1, "only readable files");
  }

  @Test
  void fileReachedBySeveralPathsCountsOnce() throws IOException {
    assertEquals(0, eval("--slice", "none"));
    Path night = Files.createSymbolicLink(folder.resolve("dark"), folder.resolve("n/night"));
    assertEquals(
        0, eval("--slice", "none", "--negatives", night, "--positives", folder.resolve("p/far")));
    int half = terminal.out().size() / 2;
    assertEquals(terminal.out().subList(0, half), terminal.out().subList(half, 2 * half));
  }

  @Test
  void failsIfNoNegativeIsReadable() throws IOException {
    wav("n/party/c<b>&'d'.wav", new float[0]);
    wav("n/night/e.wav", new float[0]);
    assertEquals(ExitCode.FAILED, eval());
    assertEquals(3, terminal.err().size(), terminal.err().toString());
    assertTrue(terminal.err().contains("rouse: no sound in the negatives"));
    assertTrue(terminal.out().isEmpty());
  }

  @Test
  void failsIfNoPositiveIsReadable() throws IOException {
    for (String broken : List.of("p/near/a.wav", "p/far/b.wav")) {
      Files.writeString(folder.resolve(broken), "not audio, only text");
    }
    assertEquals(ExitCode.FAILED, eval());
    assertEquals(3, terminal.err().size(), terminal.err().toString());
    assertTrue(terminal.err().contains("rouse: no sound in the positives"));
    assertTrue(terminal.out().isEmpty());
  }
}
