// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rouse.NeedsMicrophone;
import io.github.rouse.TestModels;
import io.github.rouse.TestPhones;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.model.onnx.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpotCommandTest {
  @TempDir Path folder;
  private Path network;
  private Path sound;
  private final Terminal terminal = new Terminal();

  @BeforeEach
  void prepare() throws IOException {
    network = folder.resolve("tones.onnx");
    TestPhones.recogniser().write(network, WeightType.FP32);
    sound = wav("sound.wav", "HH EY N OW V AH", "L AY T", "N OW V AH");
  }

  private Path wav(String name, String... words) throws IOException {
    Path file = folder.resolve(name);
    float[] samples = TestPhones.say(words);
    try (WavWriter writer = new WavWriter(file, 16_000, 1)) {
      writer.write(samples, 0, samples.length);
      writer.commit();
    }
    return file;
  }

  private int run(Object... args) {
    List<Object> all = new ArrayList<>(List.of("spot", "--quiet", "--network", network));
    all.addAll(Arrays.asList(args));
    return terminal.run(all.toArray());
  }

  private List<String> words() {
    return terminal.out().stream()
        .map(line -> JsonParser.parseString(line).getAsJsonObject().get("word").getAsString())
        .toList();
  }

  @Test
  void typedPhrasesAreFound() throws IOException {
    assertEquals(
        0, run("--phrase", "Hey,  Nova!", "--phrase", "light", "--format", "jsonl", sound));
    assertEquals(List.of("Hey, Nova!", "light"), words());
    JsonObject event = JsonParser.parseString(terminal.out().get(0)).getAsJsonObject();
    assertEquals("phones", event.get("model").getAsString());
    assertEquals(0.5, event.get("start").getAsDouble(), 0.1);
    assertEquals(0.98, event.get("end").getAsDouble(), 0.1);
  }

  @Test
  void aListHasPhrasesAndThresholds() throws IOException {
    Path list = folder.resolve("phrases.txt");
    Files.writeString(list, "# a comment\n\nnova\t1\nlight\n");
    assertEquals(0, run("--phrases", list, "--format", "jsonl", sound));
    assertEquals(List.of("light"), words());
    Files.writeString(list, "nova\t0.1\nlight\n");
    assertEquals(0, run("--phrases", list, "--threshold", 1, "--format", "jsonl", sound));
    assertEquals(List.of("light", "nova", "nova"), words());
    Files.writeString(list, "nova\nlight\tmany\n");
    assertEquals(ExitCode.WRONG_USAGE, run("--phrases", list, sound));
    assertEquals(
        List.of("rouse: " + list + ": line 2: threshold=many, expected a number from 0 to 1"),
        terminal.err());
  }

  @Test
  void scanFindsPhrasesBesideModels() throws IOException {
    Path model = folder.resolve("loud.onnx");
    TestModels.loudness("loud").write(model);
    assertEquals(
        0,
        terminal.run(
            "scan", "--quiet", "--model", model, "--network", network, "--phrase", "light", sound));
    assertTrue(words().containsAll(List.of("loud", "light")), words().toString());
  }

  @Test
  void phrasesHaveNearMisses() {
    assertEquals(
        0, run("--phrase", "light", "--threshold", 1, "--near-misses", "--format", "jsonl", sound));
    assertEquals(List.of("light"), words());
    assertTrue(terminal.out().get(0).endsWith("\"near_miss\":true}"), terminal.out().toString());
  }

  @Test
  void aFileOfSettingsKnowsPhrasesBesideModels() throws IOException {
    Path model = folder.resolve("loud.onnx");
    TestModels.loudness("loud").write(model);
    Path config = folder.resolve("rouse.yaml");
    Files.writeString(
        config,
        "words:\n  loud: {threshold: 0.6}\n  nova: {threshold: 0.6}\n  dog: {save: true}\n");
    assertEquals(
        ExitCode.FAILED,
        terminal.run(
            "listen",
            "--model",
            model,
            "--network",
            network,
            "--phrase",
            "nova",
            "--config",
            config));
    assertEquals(
        List.of(
            "rouse: "
                + config
                + ": line 4: dog: no model has this word, expected one of [loud, nova]"),
        terminal.err());
  }

  @Test
  void whatCannotBePronouncedIsRefused() {
    assertRefused("!?", "phrase: text=!?, expected letters or digits");
    assertRefused("", "phrase: text=, expected letters or digits");
    assertRefused("привет", "phrase: text=привет, expected the letters and digits of English");
    assertRefused("ha".repeat(150), "phrase: text of 300 characters, expected at most 100");
  }

  private void assertRefused(String phrase, String message) {
    Terminal one = new Terminal();
    assertEquals(
        ExitCode.WRONG_USAGE,
        one.run("spot", "--network", network, "--phrase", phrase, sound),
        phrase);
    assertEquals(List.of("rouse: " + message), one.err());
  }

  @Test
  void wrongOptionsAreNamed() {
    assertRefused("phrase=nova: is given twice", "--phrase", "nova", "--phrase", "nova", sound);
    assertRefused("expected a phrase: give --phrase TEXT or --phrases FILE", sound);
    assertRefused(
        "language=de, expected en: the phone recogniser knows no other",
        "--phrase",
        "nova",
        "--language",
        "de",
        sound);
    assertRefused(
        "--device, --duration, --meter, --exec, --webhook, --save, --chime, --second-chance and"
            + " --config need --listen",
        "--phrase",
        "nova",
        "--second-chance",
        4,
        sound);
  }

  private void assertRefused(String message, Object... args) {
    Terminal one = new Terminal();
    List<Object> all = new ArrayList<>(List.of("spot", "--quiet", "--network", network));
    all.addAll(Arrays.asList(args));
    assertEquals(ExitCode.WRONG_USAGE, one.run(all.toArray()));
    assertEquals(List.of("rouse: " + message), one.err());
  }

  @Test
  void aMissingRecogniserIsNamedWithItsRecipe() {
    Path missing = folder.resolve("no.onnx");
    assertEquals(
        ExitCode.FAILED, terminal.run("spot", "--network", missing, "--phrase", "nova", sound));
    assertEquals(1, terminal.err().size());
    assertTrue(terminal.err().get(0).contains(missing.toString()), terminal.err().toString());
  }

  @Test
  void aBankOfOtherSpeechCalibrates() throws IOException {
    String[] words = new String[100];
    for (int i = 0; i < words.length; i++) {
      words[i] = List.of("N OW V", "L AY T", "HH EY T AH", "OW V AH N").get(i % 4);
    }
    Path bank = folder.resolve("tones.bank");
    assertEquals(
        0,
        terminal.run("embed", network, "--negatives", wav("other.wav", words), "--out", bank),
        () -> terminal.err().toString());
    Object[] calibrated = {"--phrase", "nova", "--phone-bank", bank, "--format", "jsonl"};
    List<Object> all = new ArrayList<>(Arrays.asList(calibrated));
    all.add(sound);
    assertEquals(0, run(all.toArray()), () -> terminal.err().toString());
    assertEquals(List.of("nova", "nova"), words());
    assertEquals(
        ExitCode.WRONG_USAGE,
        new Terminal()
            .run("spot", "--network", network, "--phrase", "nova", "--sensitivity", 0.5, sound));
  }

  @Test
  @NeedsMicrophone
  void listeningFindsNothingInSilence() {
    assertEquals(
        0, run("--phrase", "nova", "--listen", "--duration", 0.5), () -> terminal.err().toString());
    assertEquals(List.of(), terminal.out());
  }
}
