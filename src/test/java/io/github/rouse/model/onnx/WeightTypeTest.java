// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.engine.OnnxRuntime;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.TinyNetworks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightTypeTest {
  @TempDir Path folder;

  /** Every 16-bit float is unchanged; values in between round to the nearer one. */
  @Test
  void halvesRoundToNearest() {
    for (int bits = 0; bits < 0x7c00; bits++) {
      float value = Half.value((short) bits);
      assertEquals(bits, Half.of(value));
      assertEquals((short) (bits | 0x8000), bits == 0 ? (short) 0x8000 : Half.of(-value));
      if (bits + 1 < 0x7c00) {
        float next = Half.value((short) (bits + 1));
        assertEquals(bits, Half.of(value + 0.49f * (next - value)));
        assertEquals(bits + 1, Half.of(value + 0.51f * (next - value)));
      }
    }
    assertEquals(0x7bff, Half.of(1e30f), "the largest");
    assertEquals(1f, Half.value((short) 0x3c00));
    assertEquals(0x1p-24f, Half.value((short) 1));
  }

  @Test
  void smallerWeightsReadTheSameAsInOnnxRuntime() throws IOException {
    WakeModel model = wide();
    float[][] frames = frames(300, model.network().inputs());
    float[][] exact = model.forward(frames);
    Path file = folder.resolve("wide.onnx");
    model.write(file);
    double floats = Files.size(file);
    for (WeightType type : List.of(WeightType.FP16, WeightType.INT8)) {
      model.write(file, type);
      WakeModel smaller = WakeModel.read(file);
      float[][] native_ = smaller.forward(frames);
      assertTrue(TinyNetworks.difference(OnnxRuntime.forward(smaller, frames), native_) < 1e-4);
      double lost = TinyNetworks.difference(exact, native_);
      assertTrue(lost > 0 && lost < (type == WeightType.FP16 ? 0.01 : 0.2), type + ": " + lost);
      double size = Files.size(file) / floats;
      assertTrue(size < (type == WeightType.FP16 ? 0.55 : 0.32), type + ": " + size);
    }
  }

  @Test
  void eightBitWeightsAreWithinHalfAStep() {
    float[] values = {-1f, 0.3f, 0.777f, 40f, -11.1f, 0.5f};
    float[] scales = TensorWriter.scales(values, 0, 2, 3);
    NdArray back = TensorReader.read(TensorWriter.bytes("w", values, scales, 0, 2, 3));
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i], back.values()[i] * scales[i / 3], (i < 3 ? 1f : 40f) / 253);
    }
  }

  @Test
  void rewritingAModelKeepsItsSmallerWeights() throws IOException {
    Path file = folder.resolve("a.onnx");
    TestModels.random("word", FeatureSpec.PCEN, 3).write(file, WeightType.INT8);
    WakeModel model = WakeModel.read(file);
    model.withPolicy(model.policy().withThreshold(0.3f)).write(folder.resolve("b.onnx"));
    WakeModel again = WakeModel.read(folder.resolve("b.onnx"));
    assertEquals(0.3f, again.policy().threshold());
    assertEquals(model.graph().getGraph(), again.graph().getGraph());
  }

  /** A network as wide as the shipped models, with random weights. */
  private static WakeModel wide() {
    Random random = new Random(5);
    return TestModels.model(
        "wide",
        FeatureSpec.LOG_MEL,
        new Network(
            List.of(
                new Conv1d(matrix(random, 5 * 40, 128), new float[128], 5, 3, 0),
                new Gru(
                    Gru.Reset.AFTER,
                    matrix(random, 128, 3 * 128),
                    matrix(random, 128, 3 * 128),
                    new float[3 * 128],
                    new float[3 * 128]),
                new Dense(matrix(random, 128, 1), new float[1]),
                new Activation(Activation.Function.SIGMOID, 1))));
  }

  private static float[][] matrix(Random random, int rows, int columns) {
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) (random.nextGaussian() / Math.sqrt(rows));
      }
    }
    return matrix;
  }

  private static float[][] frames(int count, int bins) {
    Random random = new Random(1);
    float[][] frames = new float[count][bins];
    for (float[] frame : frames) {
      for (int k = 0; k < bins; k++) {
        frame[k] = (float) (0.5 + random.nextGaussian());
      }
    }
    return frames;
  }
}
