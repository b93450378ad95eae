// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rouse.NeedsEspeak;
import io.github.rouse.TestModels;
import io.github.rouse.cli.Main;
import io.github.rouse.cli.Terminal;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.pronounce.TinyPronunciations;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdviseCommandTest {
  @TempDir Path folder;
  private final Terminal terminal = new Terminal();
  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = folder.resolve("model.onnx");
    TestModels.loudness("hey rover").write(model);
  }

  @Test
  @NeedsEspeak
  void pipedAdviceIsOneJsonObject() {
    assertEquals(0, terminal.run("advise", "hey nova", "--model", model));
    assertEquals(1, terminal.out().size());
    JsonObject json = JsonParser.parseString(terminal.out().get(0)).getAsJsonObject();
    assertEquals("hey nova", json.get("word").getAsString());
    assertEquals("good", json.get("verdict").getAsString());
    assertEquals(3, json.get("syllables").getAsInt());
    assertEquals("[\"h\",\"ˈeɪ\",\"n\",\"ˈoʊ\",\"v\",\"ə\"]", "" + json.get("phonemes"));
    assertTrue(
        json.get("confusable").toString().contains("{\"kind\":\"model\",\"word\":\"hey rover\""),
        terminal.out().get(0));
  }

  @Test
  @NeedsEspeak
  void textListsThePointsDeducted() {
    assertEquals(0, terminal.run("advise", "computer", "--model", model, "--format", "text"));
    List<String> out = terminal.out();
    assertEquals("computer: fair, 70 of 100 points", out.get(0));
    assertTrue(out.contains("  phonemes   8: k ə m p j ˈuː ɾ ɚ"), out.toString());
    assertTrue(out.contains("  syllables  3, stress on uː"), out.toString());
    assertTrue(out.contains("  -30        is \"computer\", a common word"), out.toString());
    assertTrue(out.get(out.size() - 1).startsWith("  better     an invented name"));
  }

  @Test
  @NeedsEspeak
  void severalWordsAreComparedBestFirst() {
    assertEquals(0, terminal.run("advise", "go", "hey nova", "--model", model, "--format", "text"));
    List<String> out = terminal.out();
    assertEquals("word      verdict  points  syllables  phonemes  what costs most", out.get(0));
    assertTrue(out.get(1).startsWith("hey nova  good     "), out.get(1));
    assertTrue(out.get(2).startsWith("go        poor     "), out.get(2));
    assertTrue(out.get(2).matches(".*  -\\d+ \\S.*"), out.get(2));
    assertEquals(3, out.size());
  }

  @Test
  @NeedsEspeak
  void csvHasARowForTheWordAndEachSuggestion() {
    assertEquals(0, terminal.run("advise", "go, 1", "--model", model, "--format", "csv"));
    assertEquals("word,score,verdict,syllables,phonemes", terminal.out().get(0));
    assertTrue(terminal.out().get(1).startsWith("\"go, 1\","), terminal.out().get(1));
    assertEquals(5, terminal.out().size());
  }

  @Test
  @NeedsEspeak
  void unreadableModelIsReportedAndOthersAreUsed() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.onnx"), "not a model");
    assertEquals(1, terminal.run("advise", "hey nova", "--model", broken, "--model", model));
    assertEquals(1, terminal.out().size());
    assertTrue(terminal.out().get(0).contains("hey rover"));
    assertTrue(terminal.err().get(0).contains("broken.onnx: "), terminal.err().toString());
  }

  @Test
  void wrongUsagePrintsOneLine() {
    for (String word : List.of("", "?!", "привет", "x".repeat(1000))) {
      assertEquals(2, terminal.run("advise", word, "--model", model), word);
    }
    assertEquals(2, terminal.run("advise"));
    assertEquals(5, terminal.err().size(), terminal.err().toString());
    assertEquals(List.of(), terminal.out());
  }

  @Test
  void missingEspeakPrintsHowToInstallIt() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder advise =
        new ProcessBuilder(
            java,
            "-Drouse.home=" + folder, // without the shipped pronunciation
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "advise",
            "nova",
            "--model",
            model.toString());
    advise.environment().put("PATH", folder.toString());
    advise.environment().remove("JAVA_TOOL_OPTIONS"); // Java would print them
    Process process = advise.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, process.waitFor());
    assertEquals(
        "rouse: espeak-ng: not found; install it (Debian: apt install espeak-ng) to look up"
            + " pronunciations, or give --pronunciation DIR",
        output.strip());
  }

  /** A dictionary with the word, and a network for all other words. */
  private List<String> ownPronunciation() throws IOException {
    Path network = folder.resolve("network");
    TinyPronunciations.english().write(network, WeightType.FP16);
    Path dictionary = folder.resolve("words.dict");
    Files.writeString(dictionary, "hey HH EY1\nnova N OW1 V AH0\n");
    return List.of("--pronunciation", "" + network, "--dictionary", "" + dictionary);
  }

  @Test
  void aDictionaryAndANetworkTakeThePlaceOfEspeak() throws IOException {
    List<String> own = ownPronunciation();
    Path plot = folder.resolve("plot.png");
    int code =
        terminal.run(
            "advise",
            "Hey, Nova!",
            "--model",
            model,
            own.get(0),
            own.get(1),
            own.get(2),
            own.get(3),
            "--plot",
            plot);
    assertEquals(0, code, terminal.err().toString());
    JsonObject json = JsonParser.parseString(terminal.out().get(0)).getAsJsonObject();
    assertEquals("[\"h\",\"ˈeɪ\",\"n\",\"ˈoʊ\",\"v\",\"ə\"]", "" + json.get("phonemes"));
    BufferedImage picture = ImageIO.read(plot.toFile());
    assertEquals(24 + 2 * (64 + 24) + 36 * (4 + 5), picture.getWidth()); // letters and ends
  }

  @Test
  void otherLanguagesNeedEspeak() throws IOException {
    List<String> own = ownPronunciation();
    assertEquals(
        2,
        terminal.run("advise", "nova", "--model", model, "--voice", "de", own.get(0), own.get(1)));
    assertEquals(
        List.of(
            "rouse: voice=de, expected English: --pronunciation, --dictionary and --plot know no"
                + " other"),
        terminal.err().stream().limit(1).toList());
  }
}
