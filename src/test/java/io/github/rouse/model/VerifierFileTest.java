// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.VerifiedModels;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.onnx.WeightType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifierFileTest {
  @Test
  void earlierFilesHaveNoGap() throws IOException {
    String text = WakeModel.read(Path.of("models/jarvis.onnx")).verifier().orElseThrow().json();
    String earlier = text.replaceFirst("\"gap\":\\d+,", "");
    assertNotEquals(text, earlier);
    assertEquals(0, Verifier.parse(earlier, Path.of("earlier.onnx")).gap());
    assertEquals(8, parsed(earlier, 8).gap());
    for (int wrong : new int[] {-4, 3, 10_000}) {
      var e = assertThrows(ModelFormatException.class, () -> parsed(earlier, wrong));
      assertTrue(e.getMessage().contains("gap=" + wrong + ", expected at most"), e.getMessage());
    }
  }

  @Test
  void exportsOfTheNetworkAloneHaveItsThreshold(@TempDir Path folder) throws IOException {
    WakeModel model = VerifiedModels.loudness(1, 0.5f).withThreshold(0.8f);
    Path file = folder.resolve("streaming.onnx");
    model.export(file, WeightType.FP32, true, false);
    assertTrue(policy(file).startsWith("{\"threshold\":0.4,"), policy(file));
    model.exportVerifier(file);
    assertTrue(policy(file).startsWith("{\"threshold\":0.8,"), policy(file));
  }

  private static String policy(Path file) throws IOException {
    return OnnxFile.read(file).getMetadataPropsList().stream()
        .filter(entry -> entry.getKey().equals("rouse.policy"))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private static Verifier parsed(String text, int gap) throws ModelFormatException {
    String with = text.replaceFirst("\\{", "{\"gap\":" + gap + ",");
    return Verifier.parse(with, Path.of("gap.onnx"));
  }

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
