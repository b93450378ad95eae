// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestPhones;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.pronounce.TinyLanguages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhonesCommandTest {
  @TempDir Path folder;
  private Path network;
  private Path sound;
  private Terminal terminal;

  @BeforeEach
  void prepare() throws IOException {
    network = folder.resolve("tones.onnx");
    TestPhones.recogniser().write(network, WeightType.FP32);
    sound = folder.resolve("sound.wav");
    try (WavWriter writer = new WavWriter(sound, 16_000, 1)) {
      for (String word : List.of("HH EY N OW V AH", "L AY T")) { // a second apart
        float[] samples = TestPhones.say(word);
        writer.write(samples, 0, samples.length);
      }
      writer.commit();
    }
  }

  private int run(Object... args) {
    terminal = new Terminal();
    return terminal.run(args);
  }

  @Test
  void phonesAreHeardWithTheirTimes() {
    for (List<Object> how : List.<List<Object>>of(List.of("--greedy"), List.of())) {
      List<Object> command = new ArrayList<>(List.of("phones", "--network", network, sound));
      command.addAll(how);
      assertEquals(0, run(command.toArray()));
      assertEquals(2, terminal.out().size());
      assertTrue(terminal.out().get(0).endsWith("HH EY N OW V AH"), terminal.out()::toString);
      assertTrue(terminal.out().get(0).contains("sound.wav  0."), terminal.out()::toString);
      assertTrue(terminal.out().get(1).endsWith("L AY T"), terminal.out()::toString);
    }
  }

  @Test
  void anotherLanguageModelIsRefusedByName() throws IOException {
    Path other = folder.resolve("other.onnx");
    TinyLanguages.model(List.of("AA", "B"), 1).write(other, WeightType.FP32);
    assertEquals(
        ExitCode.WRONG_USAGE,
        run("phones", "--network", network, "--language-model", other, sound));
    assertEquals(
        List.of(
            "rouse: "
                + other
                + ": phoneme=AE, but the language model has [AA, B]; give another, or --greedy"),
        terminal.err());
    assertEquals(
        ExitCode.FAILED, run("phones", "--network", network, "--language-model", network, sound));
    assertEquals(
        List.of(
            "rouse: "
                + network
                + ": is not the language model of a pronunciation model: no rouse.pronunciation"),
        terminal.err());
    assertEquals(
        ExitCode.WRONG_USAGE,
        run("phones", "--network", network, "--language-model", other, "--greedy", sound));
    assertEquals(List.of("rouse: give --greedy or --language-model"), terminal.err());
  }

  @Test
  void theErrorRateIsThatOfTheList() throws IOException {
    Path list = folder.resolve("list.tsv");
    Files.writeString(list, sound + "\t0.4\t1.2\tHH EY N OW V IY\n");
    assertEquals(0, run("phones", "--network", network, "--greedy", "--references", list));
    assertEquals(List.of("1 utterances, 6 phones, 1 errors: 16.7 %"), terminal.out());
  }
}
