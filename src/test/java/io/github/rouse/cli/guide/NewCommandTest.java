// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.NeedsMicrophone;
import io.github.rouse.NeedsShared;
import io.github.rouse.Rouse;
import io.github.rouse.Shared;
import io.github.rouse.Slow;
import io.github.rouse.TestModels;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.cli.Terminal;
import io.github.rouse.model.WakeModel;
import io.github.rouse.train.data.RecordingCheck;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewCommandTest {
  private static final int RATE = 16_000;
  private static final String WORD = "view glass";

  @TempDir Path data;
  private final Terminal terminal = new Terminal();

  private Terminal answered(String answers, Object... options) {
    Terminal one = new Terminal().withPerson().withInput(answers.getBytes(StandardCharsets.UTF_8));
    one.run(
        Stream.concat(Stream.of("new", WORD, "--data", data), Arrays.stream(options)).toArray());
    return one;
  }

  private static void assertSays(String part, Terminal one) {
    assertTrue(one.err().stream().anyMatch(line -> line.contains(part)), one.err().toString());
  }

  @Test
  void withoutATerminalItAsksForYes() {
    assertEquals(2, terminal.run("new", WORD, "--data", data));
    assertEquals(
        List.of("rouse: new asks before each step: run it on a terminal, or give --yes"),
        terminal.err());
  }

  @Test
  void wrongUsagePrintsOneLine() {
    Object[][] wrong = {
      {"new"},
      {"new", WORD, "--yes", "--count", 2},
      {"new", WORD, "--yes", "--talk", 0},
      {"new", WORD, "--yes", "--skip", "dance"},
      {"new", "!", "--yes", "--data", data},
    };
    for (Object[] args : wrong) {
      Terminal one = new Terminal();
      assertEquals(2, one.run(args));
      assertEquals(1, one.err().size(), one.err().toString());
    }
  }

  @Test
  void eachStepCanBeSkippedAndIsNotAskedForAgain() throws IOException {
    Terminal stopped = answered("s\nhm\ns\nq\n");
    assertSays("1 of 7: how good a trigger the word is [Enter: go on, s: skip, q: stop", stopped);
    assertSays("hm: press Enter, s or q", stopped);
    assertSays("stopped; `rouse new 'view glass'` continues here", stopped);
    assertTrue(
        Files.readString(data.resolve("new/view-glass/steps.json"))
            .contains("\"over\":[\"ADVISE\",\"MICROPHONE\"]"));
    Terminal resumed = answered("s\ns\ns\ns\ns\n");
    assertTrue(resumed.err().get(1).contains("3 of 7: recordings"), resumed.err().toString());
    assertSays("ready after", resumed);
    Terminal again = answered("\n", "--from", "service");
    assertSays("7 of 7", again);
    assertSays("no model yet: `rouse new 'view glass' --from enroll` makes one", again);
    Files.createDirectories(data.resolve("models"));
    Files.createFile(data.resolve("models/view-glass.onnx"));
    Terminal offered = answered("\n", "--from", "service");
    assertTrue(offered.out().get(0).startsWith("rouse listen --model "), "" + offered.out());
    assertSays("a service runs the launcher `rouse`", offered); // which this test is not
  }

  @Test
  void theEndOfItsInputIsAClearError() {
    assertSays("no answer: standard input has ended; give --yes to ask nothing", answered("s\n"));
  }

  @Test
  void aDamagedFileOfStepsIsNamed() throws IOException {
    Path steps = data.resolve("new/view-glass/steps.json");
    Files.createDirectories(steps.getParent());
    for (String text : List.of("", "[]", "{}", "{\"over\":[\"DANCE\"]}")) {
      Files.writeString(steps, text);
      assertSays(steps + ": is damaged; delete it to start over", answered("q\n"));
    }
  }

  @Test
  void adviceComesFirst() {
    Terminal one = answered("\nq\n");
    assertTrue(one.out().get(0).startsWith("view glass: "), one.out().toString());
    assertSays("2 of 7", one);
  }

  @Test
  void aTestNeedsAModel() {
    assertSays(
        "no model yet: `rouse new 'view glass' --from enroll` makes one",
        answered("s\ns\ns\ns\n\n"));
  }

  private Path sound(String name, double seconds, double... bursts) throws IOException {
    float[] samples = TestModels.bursts(RATE, seconds, bursts);
    Path file = data.resolve(name);
    try (WavWriter wav = new WavWriter(file, RATE, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
    return file;
  }

  /** A model whose false alarms at other speech scored these. */
  private static WakeModel loud(float threshold, Float... scores) {
    return TestModels.loudness("loud")
        .withCalibration(new Calibration(10, 1, List.of(scores)))
        .withThreshold(threshold);
  }

  @Test
  void theThresholdComesDownToTheWordsThatWereSaid() throws IOException {
    Path words = sound("words.wav", 8, 1, 3, 5);
    Path talk = sound("talk.wav", 5);
    Float[] strong = new Float[15];
    Arrays.fill(strong, 0, 10, 0.9999f);
    Arrays.fill(strong, 10, 15, 0.01f);
    WakeModel strict = loud(0.99991f, strong);
    Tuning tuning = Tuning.of(strict, words, talk);
    assertEquals(3, tuning.words().size());
    float weakest = tuning.words().get(2);
    assertTrue(weakest < 0.9999f && weakest > 0.5f, tuning.describe());
    assertEquals(3, tuning.found(), tuning.describe());
    assertTrue(tuning.model().policy().threshold() > 0.9 * weakest, tuning.describe());
    assertEquals(10 + 5 / 3600.0, tuning.model().calibration().orElseThrow().hours(), 1e-3);
  }

  @Test
  void theThresholdStaysWhereItsCalibrationHasItIfTheWordsScoreMore() throws IOException {
    WakeModel usual = loud(0.5f, 0.2f, 0.15f, 0.1f, 0.09f, 0.08f, 0.05f, 0.03f);
    Tuning tuning = Tuning.of(usual, sound("words.wav", 8, 1, 3, 5), sound("talk.wav", 5));
    Calibration calibration = tuning.model().calibration().orElseThrow();
    assertEquals(calibration.threshold(0.5), tuning.model().policy().threshold());
  }

  @Test
  void tooManyFalseAlarmsAreNotTradedForAWord() throws IOException {
    Float[] many = new Float[100];
    Arrays.fill(many, 0.9999f);
    Tuning tuning =
        Tuning.of(loud(0.99991f, many), sound("words.wav", 8, 1, 3, 5), sound("talk.wav", 5));
    assertEquals(0, tuning.found(), tuning.describe());
  }

  /** Real recordings of one speaker, cut to the word, with a bit of silence. */
  private List<Path> recordings(int count) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.list(Shared.file("keywords/view-glass/training"))) {
      all =
          files.filter(file -> file.getFileName().toString().startsWith("s84-")).sorted().toList();
    }
    List<Path> cut = new ArrayList<>();
    for (Path file : all) {
      List<float[]> parts = new ArrayList<>();
      int rate;
      try (AudioFile audio = AudioFile.open(file)) {
        rate = audio.sampleRate();
        audio.play(
            Channel.AUTO,
            (samples, from, length) -> parts.add(Arrays.copyOfRange(samples, from, from + length)));
      }
      float[] samples = new float[parts.stream().mapToInt(part -> part.length).sum()];
      int at = 0;
      for (float[] part : parts) {
        System.arraycopy(part, 0, samples, at, part.length);
        at += part.length;
      }
      RecordingCheck take = RecordingCheck.of(samples, rate);
      Path wav = data.resolve("said-" + cut.size() + ".wav");
      try (WavWriter out = new WavWriter(wav, rate, 1)) {
        out.write(new float[rate / 4], 0, rate / 4);
        out.write(take.samples(), 0, take.samples().length);
        out.commit();
      }
      cut.add(wav);
    }
    return cut.subList(0, count);
  }

  private static void play(Path file) {
    try {
      String sink = "--device=" + System.getenv("ROUSE_TEST_SINK");
      new ProcessBuilder("paplay", sink, file.toString()).inheritIO().start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  /** Speaks when the command asks for it. */
  private void speak(List<Path> takes, List<Path> said, CompletableFuture<Integer> command) {
    int prompts = 0;
    boolean isTested = false;
    while (!command.isDone()) {
      List<String> lines = terminal.err();
      long asked = lines.stream().filter(line -> line.contains(" of 5: say ")).count();
      if (asked > prompts) {
        play(takes.get(prompts++ % takes.size()));
      } else if (!isTested && lines.stream().anyMatch(line -> line.contains(" 3 times, "))) {
        isTested = true;
        said.forEach(NewCommandTest::play);
      }
      CompletableFuture.runAsync(
              () -> {}, CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS))
          .join();
    }
  }

  @Test
  @Slow
  @NeedsMicrophone
  @NeedsShared
  void fiveRecordingsBecomeAModelThatDetectsASixth() throws Exception {
    List<Path> real = recordings(9);
    CompletableFuture<Integer> command =
        CompletableFuture.supplyAsync(
            () ->
                terminal.run(
                    "new",
                    WORD,
                    "--data",
                    data,
                    "--yes",
                    "--count",
                    5,
                    "--talk",
                    3,
                    "--skip",
                    "advise",
                    "--skip",
                    "microphone",
                    "--skip",
                    "service"));
    speak(real.subList(0, 5), real.subList(5, 8), command);
    assertEquals(0, command.get(), terminal.err().toString());
    assertTrue(
        terminal.out().contains("test: detected 3 of 3, 0 false alarms in 3 s"),
        "" + terminal.out());
    WakeModel model = WakeModel.read(data.resolve("models/view-glass.onnx"));
    assertEquals(1, Rouse.scan(model, real.get(8)).size());
    for (int i = 1; i <= 5; i++) { // where the page of `rouse serve` has its recordings
      assertTrue(Files.exists(data.resolve("recordings/view-glass/" + i + ".wav")));
    }
    Terminal again = new Terminal();
    assertEquals(
        0,
        again.run(
            "new", WORD, "--data", data, "--yes", "--from", "record", "--count", 5, "--skip",
            "record", "--skip", "enroll", "--skip", "test", "--skip", "tune", "--skip", "service"));
    assertSays("ready after", again);
  }
}
