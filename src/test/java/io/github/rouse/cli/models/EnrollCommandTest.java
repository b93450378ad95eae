// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.NeedsEspeak;
import io.github.rouse.TestEncoders;
import io.github.rouse.TestModels;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.cli.Terminal;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrollCommandTest {
  private static final int RATE = 16_000;
  private static final Path QUIET = Path.of("audio-samples/jarvis-quiet.flac");
  private static final Path THREE = Path.of("audio-samples/three-words.ogg");

  @TempDir static Path shipped;
  private static Path encoder;
  private static Path bank;

  @TempDir Path folder;
  private final Terminal terminal = new Terminal();

  @BeforeAll
  static void embed() throws IOException {
    encoder = shipped.resolve("speech.onnx");
    bank = shipped.resolve("speech.bank");
    TestEncoders.random(1).write(encoder, WeightType.FP32);
    TestEncoders.backwards(shipped.resolve("other"));
    Terminal embed = new Terminal();
    assertEquals(
        0, embed.run("embed", encoder, "--negatives", shipped.resolve("other"), "--out", bank));
    assertTrue(embed.err().get(0).endsWith("bytes"), embed.err().toString());
  }

  /** Samples and their rate, Hz. */
  private record Cut(float[] samples, int rate) {}

  /** A word cut from a file: 0.5 s of sound before it, then silence instead of other speech. */
  private static Cut cut(Path file, double start, double end) throws IOException {
    float[] piece = new float[1000];
    Random random = new Random(1);
    try (AudioFile audio = AudioFile.open(file)) {
      int rate = audio.sampleRate();
      float[] all = new float[(int) ((end + 0.5) * rate)];
      int last = (int) (end * rate);
      int length = 0;
      for (int n; length < last && (n = audio.read(piece, piece.length)) >= 0; length += n) {
        System.arraycopy(piece, 0, all, length, Math.min(n, all.length - length));
      }
      for (int i = last; i < all.length; i++) {
        all[i] = (float) (3e-4 * random.nextGaussian());
      }
      return new Cut(Arrays.copyOfRange(all, (int) ((start - 0.5) * rate), all.length), rate);
    }
  }

  private void wav(String name, Cut cut) throws IOException {
    write(folder.resolve(name), cut);
  }

  private static void write(Path file, Cut cut) throws IOException {
    Files.createDirectories(file.getParent());
    try (WavWriter writer = new WavWriter(file, cut.rate, 1)) {
      writer.write(cut.samples, 0, cut.samples.length);
      writer.commit();
    }
  }

  private void wav(String name, float[] samples) throws IOException {
    wav(name, new Cut(samples, RATE));
  }

  /** Writes three recordings of a word. */
  static void writeWords(Path folder) throws IOException {
    write(folder.resolve("1.wav"), cut(QUIET, 0.60, 1.13));
    write(folder.resolve("2.wav"), cut(QUIET, 7.91, 8.40));
    write(folder.resolve("3.wav"), cut(QUIET, 10.95, 11.51));
  }

  private void recordings() throws IOException {
    writeWords(folder.resolve("recorded"));
  }

  private int enroll(Path model, String out, Object... more) {
    Object[] words = {
      "enroll",
      model,
      "--recordings",
      folder.resolve("recorded"),
      "--bank",
      bank,
      "--no-text",
      "--out",
      folder.resolve(out)
    };
    Object[] all = Arrays.copyOf(words, words.length + more.length);
    System.arraycopy(more, 0, all, words.length, more.length);
    return terminal.run(all);
  }

  private void assertRejected(Path model, String problem) {
    assertEquals(ExitCode.FAILED, enroll(model, "new.onnx"), terminal.err().toString());
    assertTrue(
        terminal.err().stream().anyMatch(line -> line.contains(problem)),
        terminal.err().toString());
    assertFalse(Files.exists(folder.resolve("new.onnx")));
  }

  @Test
  void threeRecordingsMakeAModelThatBothEnginesRun() throws IOException {
    recordings();
    assertEquals(0, enroll(encoder, "echo.onnx"), terminal.err().toString());
    assertEquals(2, terminal.out().size());
    assertTrue(
        terminal.out().get(0).startsWith("expect: 3 of 3 recordings"), terminal.out().get(0));
    Path echo = folder.resolve("echo.onnx");
    assertEquals(List.of("echo"), WakeModel.read(echo).words());
    assertTrue(WakeModel.read(echo).calibration().isPresent());

    Terminal scan = new Terminal();
    assertEquals(0, scan.run("scan", "--model", echo, QUIET, "--format", "csv", "--quiet"));
    // The encoder of this test has random weights: only the word's scores are near one.
    long found = scan.out().stream().filter(line -> line.matches(".*,0\\.9[5-9]\\d*,0")).count();
    assertEquals(3, found, scan.out().toString());
    Terminal verify = new Terminal();
    assertEquals(0, verify.run("verify", echo, QUIET), verify.err().toString());
  }

  /** They may be left out after that: this test's encoder has random weights. */
  @Test
  @NeedsEspeak
  void syntheticVoicesSayTheWordByDefault() throws IOException {
    recordings();
    Path recorded = folder.resolve("recorded");
    Path out = folder.resolve("jarvis.onnx");
    assertEquals(
        0,
        terminal.run("enroll", encoder, "--recordings", recorded, "--bank", bank, "--out", out),
        terminal.err().toString());
    assertTrue(
        terminal.err().stream().anyMatch(line -> line.contains("synthetic")),
        terminal.err().toString());
    Terminal without = new Terminal();
    assertEquals(
        0,
        without.run(
            "enroll",
            encoder,
            "--recordings",
            recorded,
            "--bank",
            bank,
            "--no-text",
            "--out",
            folder.resolve("without.onnx")));
    assertFalse(without.err().stream().anyMatch(line -> line.contains("synthetic")));
  }

  @Test
  void everyBadRecordingIsReportedAndNothingIsWritten() throws IOException {
    recordings();
    float[] word = cut(QUIET, 0.60, 1.13).samples();
    assertEquals(RATE, cut(QUIET, 0.60, 1.13).rate());
    wav("recorded/silence.wav", new float[RATE]);
    wav("recorded/short.wav", Arrays.copyOf(word, RATE / 10));
    wav("recorded/long.wav", Arrays.copyOf(word, 60 * RATE));
    float[] loud = word.clone();
    for (int i = 0; i < loud.length; i++) {
      loud[i] = Math.max(-1, Math.min(1, 1000 * loud[i]));
    }
    wav("recorded/clipped.wav", loud);
    Files.writeString(folder.resolve("recorded/text.wav"), "not audio");
    assertRejected(encoder, "silence.wav: nothing stands out from the background noise");
    for (String problem :
        List.of(
            "short.wav: nothing stands out",
            "long.wav: is 60.0 s long, expected one word",
            "clipped.wav: too loud: the recording clips",
            "text.wav: is not a sound file",
            "5 of 8 recordings are unusable; nothing was written")) {
      assertTrue(
          terminal.err().stream().anyMatch(line -> line.contains(problem)),
          problem + " in " + terminal.err());
    }
  }

  @Test
  void recordingOfAnotherWordIsReported() throws IOException {
    recordings();
    wav("recorded/4.wav", cut(THREE, 6.51, 7.09)); // alexa
    assertRejected(encoder, "4.wav: sounds unlike the other recordings; another word?");
    assertEquals(2, terminal.err().size(), terminal.err().toString());
  }

  @Test
  void shortBankAndInvalidFolderFailAtOnce() throws IOException {
    recordings();
    Path few = folder.resolve("short.bank");
    assertEquals(0, terminal.run("embed", encoder, "--negatives", QUIET, "--out", few));
    Object[] words = {"enroll", encoder, "--recordings", folder.resolve("recorded")};
    Object[] all = Arrays.copyOf(words, 8);
    System.arraycopy(
        new Object[] {"--bank", few, "--out", folder.resolve("new.onnx")}, 0, all, 4, 4);
    Terminal enroll = new Terminal();
    assertEquals(ExitCode.WRONG_USAGE, enroll.run(all));
    assertTrue(enroll.err().get(0).contains("expected at least 0.1"), enroll.err().toString());
    Files.writeString(folder.resolve("file"), "not a folder");
    assertEquals(ExitCode.FAILED, enroll(encoder, "file/new.onnx"));
    assertTrue(terminal.err().get(1).contains("exists and is not a folder"));
  }

  @Test
  void twoRecordingsAreTooFew() throws IOException {
    recordings();
    Files.delete(folder.resolve("recorded/3.wav"));
    assertRejected(encoder, "2 recordings, expected at least 3");
  }

  @Test
  void baseModelIsNeverOverwritten() throws IOException {
    recordings();
    Path mine = Files.copy(encoder, folder.resolve("mine.onnx"));
    assertEquals(ExitCode.WRONG_USAGE, enroll(mine, "mine.onnx"));
    assertTrue(terminal.err().get(0).contains("is MODEL itself"));
  }

  @Test
  void bankOfAnotherEncoderIsRejected() throws IOException {
    recordings();
    Path other = folder.resolve("other.onnx");
    TestEncoders.random(2).write(other, WeightType.FP32);
    assertEquals(ExitCode.WRONG_USAGE, enroll(other, "new.onnx"));
    assertTrue(
        terminal.err().get(0).contains("was made with another speech encoder"),
        terminal.err().toString());
  }

  @Test
  void aModelWithoutAnEncoderIsRejected() throws IOException {
    recordings();
    Path loud = folder.resolve("loud.onnx");
    TestModels.loudness("loud").write(loud);
    assertRejected(loud, "loud.onnx: has no speech encoder");
    assertEquals(1, terminal.err().size(), terminal.err().toString());
  }

  @Test
  void aVerifierLendsItsEncoder() throws IOException {
    recordings();
    SpeechEncoder speech = TestEncoders.random(1);
    float[][] weights = new float[speech.values()][1];
    Network second = new Network(List.of(new Dense(weights, new float[1])));
    Verifier verifier =
        Verifier.of(
            speech, 100, 0, List.of(new Verifier.WordHead(List.of(second), 0.01f, 0.5f)), 0.5f);
    Path verified = folder.resolve("verified.onnx");
    TestModels.random("up", FeatureSpec.PCEN, 1).withVerifier(verifier).write(verified);
    assertEquals(0, enroll(verified, "echo.onnx"), terminal.err().toString());
    assertEquals(0, enroll(encoder, "same.onnx", "--word", "echo"), terminal.err().toString());
    assertEquals(
        WakeModel.read(folder.resolve("same.onnx")).weightsSha256(),
        WakeModel.read(folder.resolve("echo.onnx")).weightsSha256());
  }

  @Test
  void aDeafModelIsNotWritten() throws IOException {
    recordings();
    wav("wrong/1.wav", cut(QUIET, 0.60, 1.13)); // the words themselves: a contradiction
    wav("wrong/2.wav", cut(QUIET, 7.91, 8.40));
    wav("wrong/3.wav", cut(QUIET, 10.95, 11.51));
    Path wrong = folder.resolve("wrong");
    assertEquals(ExitCode.FAILED, enroll(encoder, "new.onnx", "--hard-negatives", wrong));
    String last = terminal.err().get(terminal.err().size() - 1);
    assertTrue(last.contains("would detect only 0 of its own 3 recordings"), last);
    assertFalse(Files.exists(folder.resolve("new.onnx")));
  }

  @Test
  void aNewVersionIsWritten() throws IOException {
    recordings();
    assertEquals(0, enroll(encoder, "echo.onnx"), terminal.err().toString());
    wav("wrong/1.wav", cut(THREE, 6.51, 7.09)); // alexa
    Path echo = folder.resolve("echo.onnx");
    byte[] first = Files.readAllBytes(echo);
    Path wrong = folder.resolve("wrong");
    assertEquals(
        0, enroll(echo, "echo-2.onnx", "--hard-negatives", wrong), terminal.err().toString());
    assertEquals(List.of("echo"), WakeModel.read(folder.resolve("echo-2.onnx")).words());
    assertArrayEquals(first, Files.readAllBytes(echo));
  }

  @Test
  void noiseWithoutAWordIsRejected() throws IOException {
    recordings();
    Random random = new Random(3);
    float[] noise = new float[2 * RATE];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) (0.1 * random.nextGaussian());
    }
    wav("recorded/noise.wav", noise);
    assertRejected(encoder, "noise.wav: the word is cut off");
  }
}
