// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
  @TempDir Path folder;

  @Test
  void textIsReadAsItIs() throws IOException {
    String text = "caf\u00e9\r\n\ud83d\ude00\n";
    assertEquals(text, TextFile.read(Files.writeString(folder.resolve("text"), text)));
    assertEquals("", TextFile.read(Files.createFile(folder.resolve("empty"))));
  }

  @Test
  void anotherEncodingIsRefusedWithItsLine() throws IOException {
    Path file = folder.resolve("latin");
    Files.write(file, "one\ncaf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    IOException refused = assertThrows(IOException.class, () -> TextFile.read(file));
    assertEquals(file + ": line 2: not text in UTF-8", refused.getMessage());
    Files.write(file, new byte[] {'a', (byte) 0xc3}); // cut off
    assertThrows(IOException.class, () -> TextFile.read(file));
  }

  @Test
  void theFirstLineOfAShortFile() throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), " a b \r\nmore\n");
    assertEquals(" a b ", TextFile.firstLine(file));
    assertEquals("", TextFile.firstLine(Files.createFile(folder.resolve("none"))));
    Files.write(file, new byte[4097]);
    IOException refused = assertThrows(IOException.class, () -> TextFile.firstLine(file));
    assertEquals(file + ": the file has more than 4096 bytes", refused.getMessage());
  }
}
