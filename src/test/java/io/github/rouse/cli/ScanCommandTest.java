// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rouse.TestModels;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.ResultStream;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.trigger.Calibration;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScanCommandTest {
  @TempDir Path folder;
  private Path model;
  private Path good; // two bursts, at 1 and 3 s
  private final Terminal terminal = new Terminal();

  @BeforeEach
  void prepare() throws IOException {
    model = folder.resolve("loud.onnx");
    TestModels.loudness("loud").write(model);
    good = wav("good.wav", 5, 1, 3);
  }

  private Path wav(String name, double seconds, double... bursts) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    float[] samples = TestModels.bursts(44_100, seconds, bursts);
    try (WavWriter writer = new WavWriter(file, 44_100, 1)) {
      writer.write(samples, 0, samples.length);
      writer.commit();
    }
    return file;
  }

  @Test
  void eachChannelIsSearchedByItself() throws IOException {
    float[] left = TestModels.bursts(44_100, 8, 2);
    float[] right = TestModels.bursts(44_100, 8, 5);
    float[] frames = new float[2 * left.length];
    for (int i = 0; i < left.length; i++) {
      frames[2 * i] = left[i];
      frames[2 * i + 1] = right[i];
    }
    Path call = folder.resolve("call.wav");
    try (WavWriter writer = new WavWriter(call, 44_100, 2)) {
      writer.write(frames, 0, frames.length);
      writer.commit();
    }
    assertEquals(0, terminal.run("scan", "--model", model, "--channel", "each", call));
    assertEquals(List.of(), terminal.err());
    assertEquals(2, terminal.out().size(), terminal.out()::toString);
    assertTrue(terminal.out().get(0).endsWith(",\"channel\":1}"), terminal.out()::toString);
    assertTrue(terminal.out().get(1).contains("\"start\":5."), terminal.out()::toString);
    assertTrue(terminal.out().get(1).endsWith(",\"channel\":2}"), terminal.out()::toString);
    Terminal auto = new Terminal();
    assertEquals(0, auto.run("scan", "--model", model, call, "--format", "csv"));
    assertEquals(1 + 1, auto.out().size());
    assertTrue(auto.err().get(0).contains("call.wav: the channels differ"), auto.err()::toString);
    Terminal csv = new Terminal();
    csv.run("scan", "--model", model, "--channel", "each", call, "--format", "csv");
    assertTrue(csv.out().get(2).startsWith(call + "#channel=2,"), csv.out()::toString);
  }

  private Path silence(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (WavWriter writer = new WavWriter(file, 44_100, 1)) {
      writer.write(new float[44_100], 0, 44_100);
      writer.commit();
    }
    return file;
  }

  @Test
  void pipedEventsAreJsonLines() {
    assertEquals(0, terminal.run("scan", "--model", model, good));
    assertEquals(2, terminal.out().size());
    JsonObject event = JsonParser.parseString(terminal.out().get(0)).getAsJsonObject();
    assertEquals(
        List.of("source", "model", "word", "start", "end", "at", "score", "lost_samples"),
        List.copyOf(event.keySet()));
    assertEquals(good.toString(), event.get("source").getAsString());
    assertEquals("loud", event.get("word").getAsString());
    assertEquals(1, event.get("start").getAsDouble(), 0.05);
    assertEquals(0, event.get("lost_samples").getAsInt());
    assertTrue(terminal.err().isEmpty(), terminal.err().toString());
  }

  @Test
  void rateAndSensitivitySetTheThresholdOfACalibratedModel() throws IOException {
    assertEquals(0, terminal.run("scan", "--model", model, good));
    float score =
        JsonParser.parseString(terminal.out().get(0)).getAsJsonObject().get("score").getAsFloat();
    List<Float> scores = new ArrayList<>(); // below the score of the burst
    for (int i = 0; i < 20; i++) {
      scores.add(score * (0.5f + 0.02f * i));
    }
    Calibration calibration = new Calibration(1, 1, scores);
    assertTrue(calibration.threshold(0.02) > score, "otherwise both rates give the same events");
    TestModels.loudness("loud").withCalibration(calibration).write(model);
    assertEquals(2, events("--sensitivity", 1));
    assertEquals(0, events("--sensitivity", 0));
    assertEquals(2, events("--false-alarms-per-hour", 10));
    assertEquals(0, events("--false-alarms-per-hour", 0.02));
    for (String beyond : List.of("0.019", "10.1", "NaN")) {
      Object[] words = {"scan", "--model", model, good, "--false-alarms-per-hour", beyond};
      assertEquals(ExitCode.WRONG_USAGE, terminal.run(words), beyond);
    }
  }

  private int events(Object... more) {
    Terminal other = new Terminal();
    Object[] words = {"scan", "--model", model, good, more[0], more[1]};
    assertEquals(0, other.run(words), other.err().toString());
    return other.out().size();
  }

  @Test
  void sensitivityNeedsACalibrationAndExcludesThresholdAndRate() {
    assertEquals(
        ExitCode.WRONG_USAGE, terminal.run("scan", "--model", model, "--sensitivity", 0.5, good));
    assertTrue(terminal.err().get(0).contains("has no calibration; add one with `rouse tune"));
    List<List<Object>> wrong =
        List.of(
            List.of("--sensitivity", 1.1),
            List.of("--sensitivity", "NaN"),
            List.of("--false-alarms-per-hour", 0),
            List.of("--sensitivity", 0.5, "--threshold", 0.5),
            List.of("--sensitivity", 0.5, "--false-alarms-per-hour", 1));
    for (List<Object> more : wrong) {
      List<Object> words = new ArrayList<>(List.of("scan", "--model", model, good));
      words.addAll(more);
      assertEquals(ExitCode.WRONG_USAGE, new Terminal().run(words.toArray()), more.toString());
    }
  }

  @Test
  void csvHasAHeaderAndTextIsForPeople() {
    assertEquals(0, terminal.run("scan", "--format", "csv", "--model", model, good));
    assertEquals("source,model,word,start,end,at,score,lost_samples", terminal.out().get(0));
    assertEquals(8, terminal.out().get(1).split(",", -1).length);
    Terminal second = new Terminal();
    assertEquals(0, second.run("scan", "--format", "text", "--model", model, good));
    assertTrue(
        second.out().get(0).matches(".*good\\.wav  [01]\\.\\d\\d-1\\.\\d\\d s  loud  0\\.\\d{3}"));
  }

  @Test
  void nearMissesAreMarked() {
    Object[] near = {"scan", "--model", model, "--threshold", 1, good, "--near-misses"};
    assertEquals(0, terminal.run(near));
    assertEquals(2, terminal.out().size(), terminal.out().toString());
    assertTrue(terminal.out().get(1).endsWith("\"lost_samples\":0,\"near_miss\":true}"));
    Terminal csv = new Terminal();
    csv.run("scan", "--model", model, good, "--threshold", 1, "--near-misses", "--format", "csv");
    assertTrue(csv.out().get(0).endsWith(",lost_samples,near_miss"), csv.out().toString());
    assertTrue(csv.out().get(1).endsWith(",0,true"), csv.out().toString());
    Terminal event = new Terminal();
    event.run("scan", "--model", model, good, "--near-misses", "--format", "csv");
    assertTrue(event.out().get(1).endsWith(",0,"), event.out().toString());
    Terminal text = new Terminal();
    text.run("scan", "--model", model, good, "--threshold", 1, "--near-misses", "--format", "text");
    assertTrue(text.out().get(0).endsWith("  near miss"), text.out().toString());
  }

  @Test
  void foldersAreSearchedInOrder() throws IOException {
    wav("many/b.wav", 2, 1);
    wav("many/a/z.wav", 20, 1, 5, 9);
    Files.writeString(folder.resolve("many/notes.txt"), "not audio");
    int code = terminal.run("scan", "--jobs", 3, "--model", model, folder.resolve("many"), good);
    assertEquals(0, code);
    List<String> sources =
        terminal.out().stream()
            .map(l -> JsonParser.parseString(l).getAsJsonObject().get("source").getAsString())
            .map(s -> Path.of(s).getFileName().toString())
            .toList();
    assertEquals(List.of("z.wav", "z.wav", "z.wav", "b.wav", "good.wav", "good.wav"), sources);
  }

  @Test
  void stdinIsScanned() throws IOException {
    assertEquals(
        0, terminal.withInput(Files.readAllBytes(good)).run("scan", "--model", model, "-"));
    assertEquals(2, terminal.out().size());
    assertTrue(terminal.out().get(0).startsWith("{\"source\":\"-\""));
  }

  @Test
  void everyRequestedFileIsWritten() throws IOException {
    Path second = folder.resolve("noise.onnx");
    TestModels.random("noise", FeatureSpec.CLASSIC, 1).write(second);
    Path out = folder.resolve("out");
    int code =
        terminal.run(
            "scan",
            "--model",
            model,
            "--model",
            second,
            "--labels",
            out,
            "--posteriors",
            out,
            "--plot",
            out,
            "--chime",
            out,
            good);
    assertEquals(0, code, terminal.err().toString());
    List<String> labels = Files.readAllLines(out.resolve("good.txt"));
    assertTrue(labels.get(0).matches("\\d+\\.\\d{6}\t\\d+\\.\\d{6}\t\\w+"), labels.toString());
    long steps = Files.size(out.resolve("good.noise.f32")) / 4;
    assertEquals(917L, steps); // 2754 frames, kernel 5, stride 3
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(out.resolve("good.loud.f32")));
    float[] posteriors = new float[bytes.remaining() / 4];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(posteriors);
    assertEquals(498, posteriors.length);
    assertTrue(posteriors[120] > 0.5 && posteriors[20] < 0.1, posteriors[120] + "");
    BufferedImage picture = ImageIO.read(out.resolve("good.png").toFile());
    assertTrue(picture.getWidth() > 1000 && picture.getHeight() > 500);
    try (AudioFile chimed = AudioFile.open(out.resolve("good.wav"))) {
      assertEquals(5 * 44_100, chimed.frames());
      float[] copy = new float[6 * 44_100];
      int at = 0;
      float[] part = new float[4096];
      for (int n; (n = chimed.read(part, 4096)) >= 0; at += n) {
        System.arraycopy(part, 0, copy, at, n);
      }
      float[] original = TestModels.bursts(44_100, 5, 1, 3);
      assertArrayEquals(Arrays.copyOf(original, 44_100), Arrays.copyOf(copy, 44_100), 1f / 32_768);
      assertFalse(Arrays.equals(original, 60_000, 120_000, copy, 60_000, 120_000));
    }
    assertEquals(List.of(), leftovers(out));
  }

  /** Stdin can be read only once. */
  @Test
  void everyRequestedFileIsWrittenInOnePass() throws IOException {
    Path out = folder.resolve("out");
    Object[] common = {"--labels", out, "--posteriors", out, "--plot", out, "--chime", out};
    assertEquals(0, terminal.run(scan(common, good)), terminal.err().toString());
    byte[] input = Files.readAllBytes(good);
    Terminal second = new Terminal();
    assertEquals(0, second.withInput(input).run(scan(common, "-")), second.err().toString());
    for (String end : List.of(".txt", ".loud.f32", ".wav")) {
      assertArrayEquals(
          Files.readAllBytes(out.resolve("good" + end)),
          Files.readAllBytes(out.resolve("stdin" + end)),
          end);
    }
    assertTrue(Files.size(out.resolve("stdin.png")) > 1000);
  }

  private Object[] scan(Object[] options, Object path) {
    List<Object> all = new ArrayList<>(List.of("scan", "--model", model));
    all.addAll(List.of(options));
    all.add(path);
    return all.toArray();
  }

  @Test
  void outputsOfFilesWithTheSameNameStaySeparate() throws IOException {
    Path a = wav("x/1.wav", 2, 1);
    Path b = wav("y/1.wav", 2, 1);
    Path out = folder.resolve("out");
    Path c = wav("x-1.wav", 2, 1); // the name that the first would get otherwise
    assertEquals(0, terminal.run("scan", "--model", model, "--labels", out, a, b, c));
    try (Stream<Path> files = Files.list(out)) {
      List<String> names = files.map(f -> f.getFileName().toString()).sorted().toList();
      assertEquals(3, names.size(), names.toString());
      assertTrue(names.containsAll(List.of("x-1.txt", "y-1.txt")), names.toString());
    }
  }

  @Test
  void badFileIsReportedAndOthersAreScanned() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.wav"));
    Path text = Files.writeString(folder.resolve("text.wav"), "hello, this is not audio\n");
    byte[] whole = Files.readAllBytes(good);
    Path truncated = folder.resolve("truncated.wav");
    Files.write(truncated, Arrays.copyOf(whole, whole.length / 2));
    byte[] silent = whole.clone();
    silent[22] = 0; // channels
    Path channels = Files.write(folder.resolve("channels.wav"), silent);
    Path nan = Files.write(folder.resolve("nan.wav"), nanWav());
    Path missing = folder.resolve("missing.wav");
    for (Path bad : List.of(empty, text, truncated, channels, nan, missing)) {
      Terminal one = new Terminal();
      assertEquals(1, one.run("scan", "--model", model, bad, good), bad.toString());
      assertEquals(1, one.err().size(), one.err().toString());
      assertTrue(one.err().get(0).startsWith("rouse: " + bad + ": "), one.err().toString());
      long found = one.out().stream().filter(l -> l.contains("good.wav")).count();
      assertEquals(2, found, bad.toString());
    }
  }

  @Test
  void faultsOfTheSoundAreReportedOnceEach() throws IOException {
    Path first = silence("zero/a.wav");
    silence("zero/b.wav");
    assertEquals(0, terminal.run("scan", "--model", model, folder.resolve("zero")));
    assertEquals(
        List.of(
            "rouse: "
                + first
                + " and 1 more: silent: check the microphone, its connection and its mute"
                + " switch"),
        terminal.err());
    Terminal quiet = new Terminal();
    assertEquals(0, quiet.run("scan", "--model", model, folder.resolve("zero"), "--quiet"));
    assertEquals(List.of(), quiet.err());
  }

  @Test
  void unreadableFolderIsReportedAndOthersAreScanned() throws IOException {
    Path closed = folder.resolve("many/closed");
    Files.createDirectories(closed);
    wav("many/open.wav", 2, 1);
    Files.setPosixFilePermissions(closed, Set.of());
    try {
      assumeFalse(Files.isReadable(closed), "root may read everything");
      assertEquals(1, terminal.run("scan", "--model", model, folder.resolve("many")));
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
    assertEquals(List.of("rouse: " + closed + ": permission denied"), terminal.err());
    assertEquals(1, terminal.out().size());
  }

  @Test
  void truncatedFileGivesEventsUpToTheBreak() throws IOException {
    byte[] whole = Files.readAllBytes(good);
    Path truncated = folder.resolve("truncated.wav");
    Files.write(truncated, Arrays.copyOf(whole, whole.length / 2)); // 2.5 of 5 s
    assertEquals(1, terminal.run("scan", "--model", model, truncated));
    assertEquals(1, terminal.out().size());
    assertTrue(terminal.err().get(0).contains("2.5"), terminal.err().toString());
  }

  @Test
  void failedScanKeepsOldOutput() throws IOException {
    Path out = Files.createDirectories(folder.resolve("out"));
    Files.writeString(out.resolve("nan.loud.f32"), "old");
    Path nan = Files.write(folder.resolve("nan.wav"), nanWav());
    assertEquals(1, terminal.run("scan", "--model", model, "--posteriors", out, nan));
    assertEquals("old", Files.readString(out.resolve("nan.loud.f32")));
    assertEquals(List.of(), leftovers(out));
  }

  @Test
  void inputIsNeverOverwritten() throws IOException {
    byte[] before = Files.readAllBytes(good);
    assertEquals(1, terminal.run("scan", "--model", model, "--chime", folder, good));
    assertArrayEquals(before, Files.readAllBytes(good));
    assertTrue(terminal.err().get(0).contains("good.wav"), terminal.err().toString());
  }

  @Test
  void linkedFoldersAreFollowed() throws IOException {
    wav("real/a.wav", 2, 1);
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
    assertEquals(0, terminal.run("scan", "--model", model, link), terminal.err().toString());
    assertEquals(1, terminal.out().size());
  }

  @Test
  void closedStandardOutputFails() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "needs /dev/full");
    try (PrintStream out = new PrintStream(Files.newOutputStream(full), true, US_ASCII)) {
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      Console console =
          new Console(System.in, out, new PrintStream(err, true, US_ASCII), false, false);
      wav("also.wav", 2, 1);
      String[] words = {
        "scan", "--quiet", "--jobs", "1", "--model", model.toString(), folder.toString()
      };
      assertEquals(1, Main.run(console, words));
      assertEquals("rouse: stdout: cannot write", err.toString(US_ASCII).strip());
    }
  }

  @Test
  void aClosedPipeEndsTheCommandSilently() throws IOException {
    OutputStream head =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            System.in, new ResultStream(head), new PrintStream(err, true, US_ASCII), false, false);
    wav("also.wav", 2, 1);
    String[] words = {
      "scan", "--jobs", "1", "--model", model.toString(), folder.resolve("also.wav").toString()
    };
    assertEquals(1, Main.run(console, words));
    assertEquals("", err.toString(US_ASCII));
  }

  @Test
  void whatWasMeantIsSuggested() {
    Object[][] wrong = {
      {"scna"},
      {"scan", "--treshold=0.5", "a.wav"},
      {"help", "scna"},
      {"frobnicate"},
      {"-x"},
      {"scan", "a.wav", "--threads", "abc"}
    };
    String[] expected = {
      "rouse: scna: no such command; did you mean scan? (see `rouse --help`)",
      "rouse: Unknown option: '--treshold=0.5'; did you mean --threshold? (see `rouse scan --help`)",
      "rouse: scna: no such command; did you mean scan? (see `rouse --help`)",
      "rouse: frobnicate: no such command (see `rouse --help`)",
      "rouse: Unknown option: '-x' (see `rouse --help`)",
      "rouse: Invalid value for option '--jobs' or '--threads': 'abc' is not an int"
          + " (see `rouse scan --help`)"
    };
    for (int i = 0; i < wrong.length; i++) {
      Terminal one = new Terminal();
      assertEquals(2, one.run(wrong[i]));
      assertEquals(List.of(expected[i]), one.err());
    }
  }

  @Test
  void theShippedModelThatWasMeantIsSuggested() {
    assertEquals(1, terminal.run("scan", "--model", "javis", "a.wav"));
    assertEquals(
        List.of("rouse: javis: no such file or folder; did you mean jarvis?"), terminal.err());
  }

  @Test
  void helpIsACommandToo() {
    assertEquals(0, terminal.run("help", "scan"));
    assertTrue(terminal.out().get(0).startsWith("Usage: rouse scan"), terminal.out() + "");
  }

  @Test
  void wrongUsagePrintsOneLine() {
    Object[][] wrong = {
      {"scan"},
      {"scan", "--nonsense", good},
      {"scan", "--model", model, "--threshold", "1.5", good},
      {"scan", "--model", model, "--patience", "0", good},
      {"scan", "--model", model, "--jobs", "0", good},
      {"scan", "--model", model, "--channel", "left", good},
      {"scan", "--model", model, "--format", "xml", good},
      {"scan", "--model", model, "--model", model, good},
      {"scan", "--model", model, "-", "-"},
      {"verify", "--tolerance", "-1", model, good},
      {"nonsense"},
    };
    for (Object[] args : wrong) {
      Terminal one = new Terminal();
      assertEquals(2, one.run(args), Arrays.toString(args));
      assertEquals(1, one.err().size(), one.err().toString());
      assertTrue(one.err().get(0).startsWith("rouse: "));
      assertTrue(one.out().isEmpty());
    }
  }

  @Test
  void withoutAModelItPrintsHowToGetOne() {
    String home = System.getProperty("rouse.home");
    System.setProperty("rouse.home", folder.toString());
    try {
      assertEquals(1, terminal.run("scan", good));
    } finally {
      if (home == null) {
        System.clearProperty("rouse.home");
      } else {
        System.setProperty("rouse.home", home);
      }
    }
    assertEquals(1, terminal.err().size());
    assertTrue(terminal.err().get(0).contains("--model FILE"), terminal.err().toString());
  }

  @Test
  void brokenModelPrintsOneLine() throws IOException {
    Path garbage = Files.writeString(folder.resolve("garbage.onnx"), "not protobuf");
    for (Path bad : List.of(garbage, folder.resolve("none.onnx"), folder)) {
      Terminal one = new Terminal();
      assertEquals(1, one.run("scan", "--model", bad, good));
      assertEquals(1, one.err().size(), one.err().toString());
      assertTrue(one.err().get(0).startsWith("rouse: " + bad), one.err().toString());
    }
  }

  @Test
  void thresholdAndRefractoryPeriodTakeEffect() {
    assertEquals(0, terminal.run("scan", "--model", model, "--threshold", "1", good));
    assertTrue(terminal.out().isEmpty());
    Terminal longer = new Terminal();
    assertEquals(0, longer.run("scan", "--model", model, "--refractory", "10", good));
    assertEquals(1, longer.out().size());
  }

  @Test
  void everyCommandHasHelp() {
    for (String command : List.of("scan", "listen", "devices", "import", "info", "verify")) {
      Terminal one = new Terminal();
      assertEquals(0, one.run(command, "--help"));
      assertTrue(one.out().get(0).startsWith("Usage: rouse " + command), one.out().toString());
    }
  }

  @Test
  void verifyPassesAndInfoShowsTheModel() {
    assertEquals(0, terminal.run("verify", model, good), terminal.err().toString());
    assertTrue(terminal.out().get(1).startsWith("largest difference "));
    Terminal info = new Terminal();
    assertEquals(0, info.run("info", model));
    assertTrue(info.out().stream().anyMatch(l -> l.matches("words +loud")), info.out() + "");
    assertTrue(info.out().stream().anyMatch(l -> l.contains("Dense")), info.out() + "");
  }

  private static List<Path> leftovers(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().endsWith(".partial")).toList();
    }
  }

  /** A 1 s WAV of 32-bit floats whose sample 1000 is NaN. */
  private static byte[] nanWav() {
    ByteBuffer wav = ByteBuffer.allocate(44 + 4 * 16_000).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(US_ASCII))
        .putInt(36 + 4 * 16_000)
        .put("WAVEfmt ".getBytes(US_ASCII))
        .putInt(16);
    wav.putShort((short) 3).putShort((short) 1).putInt(16_000).putInt(64_000);
    wav.putShort((short) 4).putShort((short) 32).put("data".getBytes(US_ASCII)).putInt(4 * 16_000);
    wav.putFloat(44 + 4 * 1000, Float.NaN);
    return wav.array();
  }
}
