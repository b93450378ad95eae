// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.train.data.PhoneLabels.LabelledPhone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneLabelsTest {
  @TempDir Path folder;

  private PhoneLabels labels(String text) throws IOException {
    return new PhoneLabels(List.of(Files.writeString(folder.resolve("phones.ctm"), text)));
  }

  @Test
  void eachLineIsAPhoneOfARecording() throws IOException {
    PhoneLabels labels =
        labels(";; made by hand\na 1 0.5 0.1 K\n\na 1 0.6 0.2 AE\na 1 0.8 1 SIL\nb 1 0 1 K 0.9\n");
    assertEquals(List.of("AE", "K"), labels.names());
    assertEquals(
        List.of(new LabelledPhone(1, 500, 600), new LabelledPhone(0, 600, 800)),
        labels.of(Path.of("x/a.flac"), 1000));
    assertEquals(List.of(new LabelledPhone(1, 0, 1000)), labels.of(Path.of("b.wav"), 1000));
    assertEquals(List.of(), labels.of(Path.of("c.wav"), 1000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a 1 0.5 0.1", "a 1 x 0.1 K", "a 1 -1 0.1 K", "a 1 0 NaN K"})
  void anInvalidLineIsReported(String line) {
    IOException e = assertThrows(IOException.class, () -> labels("a 1 0 1 K\n" + line + "\n"));
    assertTrue(e.getMessage().contains("phones.ctm: line 2: "), e.getMessage());
  }

  @Test
  void aBinaryFileIsRejected() throws IOException {
    Path file = Files.write(folder.resolve("x.ctm"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    IOException e = assertThrows(IOException.class, () -> new PhoneLabels(List.of(file)));
    assertTrue(e.getMessage().contains("x.ctm: is not a text file"), e.getMessage());
  }
}
