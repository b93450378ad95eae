// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.model.onnx.ModelFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

class VerifierFileTest {
  /** Each empty message takes two bytes, next to nothing of them compressed, and much memory. */
  @Test
  void aBombInTheMetadataIsRefused() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bomb)) {
      for (int i = 0; i < 200_000; i++) {
        out.write(0x42); // opset_import
        out.write(0);
      }
    }
    String encoded = Base64.getEncoder().encodeToString(bomb.toByteArray());
    String text =
        "{\"frames\":1,\"thresholdAlone\":0.5,\"encoder\":\"" + encoded + "\",\"heads\":[]}";
    var e =
        assertThrows(ModelFormatException.class, () -> Verifier.parse(text, Path.of("bomb.onnx")));
    assertTrue(e.getMessage().contains("more than 100000 fields"), e.getMessage());
  }
}
