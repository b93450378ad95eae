// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.reliability;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.actions.Marks;
import io.github.rouse.audio.Sounds;
import io.github.rouse.train.recipe.RecipeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short run of the fuzzer, and what it has found. */
class FuzzerTest {
  private static final int INPUTS = 100; // for each door

  @TempDir Path folder;

  @BeforeAll
  static void hideFfmpeg() {
    Sounds.hideFfmpeg(); // it would take a process for each input
  }

  @AfterAll
  static void showFfmpeg() {
    Sounds.showFfmpeg();
  }

  @Test
  @Timeout(300)
  void everyDoorTakesDamagedInput() throws IOException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    for (FuzzDoor door : Doors.all()) {
      int findings = Fuzzer.fuzz(door, INPUTS, 1, folder, out);
      assertEquals(0, findings, () -> said.toString(StandardCharsets.UTF_8));
    }
  }

  @Test
  @Timeout(20)
  void byteOrderMarksDoNotKeepTheJsonReaderForEver() throws IOException {
    Files.writeString(folder.resolve(Marks.FILE), "\uFEFF".repeat(1024) + "{}\n");
    assertTrue(Marks.read(folder).problems().get(0).contains("is not a JSON object"));
  }

  @Test
  @Timeout(20)
  void byteOrderMarksInAMessageEndTheSocket() throws IOException {
    FuzzDoor door = Doors.named("websocket");
    byte[] head = "rate=16000\n\u00F0".getBytes(StandardCharsets.ISO_8859_1);
    byte[] text = "\uFEFF".repeat(1280).getBytes(StandardCharsets.UTF_8); // 240 times 16
    byte[] input = Arrays.copyOf(head, head.length + text.length);
    System.arraycopy(text, 0, input, head.length, text.length);
    assertDoesNotThrow(() -> door.reader().read(input));
  }

  @Test
  void aTagThatSnakeYamlCannotReadIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), "!%2");
    String message =
        assertThrows(IOException.class, () -> RecipeFile.read(file, line -> {})).getMessage();
    assertTrue(message.startsWith(file + ": is not YAML: "), message);
  }

  @Test
  void aRecipeWithoutKeysIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), "words");
    String message =
        assertThrows(IOException.class, () -> RecipeFile.read(file, line -> {})).getMessage();
    assertEquals(file + ": line 1: expected keys and values", message);
  }
}
