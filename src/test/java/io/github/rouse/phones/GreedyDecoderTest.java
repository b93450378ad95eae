// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GreedyDecoderTest {
  @Test
  void equalStepsAreOnePhoneAndBlanksAreLeftOut() {
    List<HeardPhone> heard = new ArrayList<>();
    PhoneDecoder decoder = new GreedyDecoder(List.of("AH", "B"), 0.04, heard::add);
    float[][] steps = {
      {0, 0, 1}, {0.6f, 0, 0.4f}, {0.9f, 0, 0.1f}, {0, 0, 1}, {0.7f, 0.3f, 0}, {0.4f, 0.6f, 0}
    };
    for (int t = 0; t < steps.length; t++) {
      decoder.accept(0.04 * (t + 1), steps[t]);
    }
    decoder.finish();
    decoder.finish();
    assertEquals("AH AH B", String.join(" ", heard.stream().map(HeardPhone::phone).toList()));
    assertEquals(0.04, heard.get(0).start(), 1e-9);
    assertEquals(0.12, heard.get(0).end(), 1e-9);
    assertEquals(0.9f, heard.get(0).probability());
    assertEquals(0.24, heard.get(2).end(), 1e-9);
  }

  @Test
  void errorsAreTheFewestReplacedAddedAndRemoved() {
    PhoneErrors errors = new PhoneErrors();
    errors.add(List.of("K", "AE", "T"), List.of("K", "AH", "T", "S"));
    errors.add(List.of("B", "EH", "D"), List.of());
    errors.add(List.of("G", "OW"), List.of("G", "OW"));
    assertEquals(5, errors.errors());
    assertEquals(8, errors.said());
    assertEquals(0.625, errors.rate());
  }

  @Test
  void wrongLinesAreNamed(@TempDir Path folder) throws IOException {
    Path list =
        Files.writeString(folder.resolve("l.tsv"), "a.wav\t0.5\t-\tAH B\nb.wav\t2\t1\tAH\n");
    IOException e = assertThrows(IOException.class, () -> Utterance.read(list));
    assertEquals(list + ": line 2: end=1.0, expected more than start=2.0", e.getMessage());
    Files.writeString(list, "a.wav 0 1 AH\n");
    assertEquals(
        list
            + ": line 1: expected file, start, end and phones, separated by tabs; found"
            + " a.wav 0 1 AH",
        assertThrows(IOException.class, () -> Utterance.read(list)).getMessage());
    Files.writeString(list, "a.wav\t0.5\t-\tAH B\n");
    Utterance utterance = Utterance.read(list).get(0);
    assertEquals(folder.resolve("a.wav"), utterance.file());
    assertEquals(8000, utterance.from(20_000, 16_000));
    assertEquals(20_000, utterance.to(20_000, 16_000));
  }
}
