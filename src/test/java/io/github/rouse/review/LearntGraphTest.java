// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.engine.OnnxRuntime;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LearntGraphTest {
  private final Random random = new Random(9);

  private float[][] frames(Verifier verifier) {
    float[][] frames = new float[verifier.frames()][verifier.encoder().features().bins()];
    for (float[] frame : frames) {
      for (int i = 0; i < frame.length; i++) {
        frame[i] = (float) (-8 + 2 * random.nextGaussian());
      }
    }
    return frames;
  }

  @Test
  void onnxRuntimeGivesTheSameLogit() throws IOException {
    Verifier verifier =
        LearntVerifierTest.learnt(
            random, WakeModel.read(Path.of("models/jarvis.onnx")).verifier().orElseThrow());
    Verifier before = WakeModel.read(Path.of("models/jarvis.onnx")).verifier().orElseThrow();
    int lowered = 0;
    for (int trial = 0; trial < 5; trial++) {
      float[][] frames = frames(verifier);
      float[][] theirs =
          OnnxRuntime.forward("verifier", verifier.graph(), List.<float[][]>of(frames)).get(0);
      assertEquals(verifier.logit(0, frames), theirs[0][0], 1e-4);
      lowered += verifier.logit(0, frames) < before.logit(0, frames) - 0.1 ? 1 : 0;
    }
    assertTrue(lowered > 0);
  }
}
