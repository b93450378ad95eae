// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.Softmax;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhoneModelTest {
  private static final int BINS = FeatureSpec.LOG_MEL.bins();
  private static final int WIDTH = 24;

  @TempDir Path folder;
  private PhoneModel model;

  @BeforeEach
  void writeEncoder() throws IOException {
    SpeechEncoder encoder = encoder(1);
    encoder.write(folder.resolve("encoder.onnx"), WeightType.FP32);
    Network head = new Network(List.of(dense(WIDTH, 3, 7)));
    Network network = PhoneModel.joined(encoder.hidden(), head);
    model =
        new PhoneModel(
            FeatureSpec.LOG_MEL, network, List.of("A", "B"), Provenance.NONE, "encoder.onnx");
  }

  private static SpeechEncoder encoder(long seed) {
    Conv1d hidden = new Conv1d(random(5 * BINS, WIDTH, seed), new float[WIDTH], 5, 4, 0);
    Network network = new Network(List.of(hidden, dense(WIDTH, 8, seed)));
    return new SpeechEncoder(FeatureSpec.LOG_MEL, network, Provenance.NONE);
  }

  private static Dense dense(int inputs, int outputs, long seed) {
    return new Dense(random(inputs, outputs, seed), new float[outputs]);
  }

  private static float[][] random(int rows, int columns, long seed) {
    Random random = new Random(seed);
    float[][] weights = new float[rows][columns];
    for (float[] row : weights) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return weights;
  }

  private float[][] heard(Path file) throws IOException {
    return PhoneModel.read(file).network().forward(random(40, BINS, 5));
  }

  @Test
  void besideItsEncoderItHoldsTheLayersAboveItAlone() throws IOException {
    Path beside = folder.resolve("phones.onnx");
    Path apart = Files.createDirectory(folder.resolve("apart")).resolve("phones.onnx");
    model.write(beside, WeightType.FP32);
    model.write(apart, WeightType.FP32);
    assertTrue(Files.size(apart) - Files.size(beside) > 4L * 5 * BINS * WIDTH);
    float[][] expected = model.network().forward(random(40, BINS, 5));
    assertArrayEquals(expected, heard(beside));
    assertArrayEquals(expected, heard(apart));
    assertEquals(model.sha256(), PhoneModel.read(beside).sha256());
  }

  @Test
  void anAbsentOrOtherEncoderIsNamed() throws IOException {
    Path beside = folder.resolve("phones.onnx");
    Path encoder = folder.resolve("encoder.onnx");
    model.write(beside, WeightType.FP32);
    encoder(2).write(encoder, WeightType.FP32);
    assertRefused(beside, "was trained on another encoder than " + encoder);
    Files.delete(encoder);
    assertRefused(beside, "needs the encoder in " + encoder + ", which is absent");
  }

  /** A file from a stranger must not have others opened. */
  @Test
  void anEncoderElsewhereIsRefused() throws IOException {
    Path beside = folder.resolve("phones.onnx");
    model.write(beside, WeightType.FP32);
    String text = Files.readString(beside, ISO_8859_1);
    for (String name : new String[] {"/dev/urandom", "../code.onnx"}) {
      String other = text.replace("encoder.onnx", name);
      Files.writeString(beside, other, ISO_8859_1);
      String reason = "its encoder is in " + name + ", expected the name of a file beside it";
      assertRefused(beside, reason);
    }
  }

  @Test
  void listenersHearSilenceBeforeEachStream() {
    float[][] sound = frames(random(1, 8000, 3)[0]);
    float[][] silence = frames(new float[400 + 3 * 160]);
    float[][] both = new float[4 + sound.length][];
    System.arraycopy(silence, 0, both, 0, 4);
    System.arraycopy(sound, 0, both, 4, sound.length);
    float[][] expected = new Softmax(3).forward(model.network().forward(both));
    assertEquals((sound.length + 3) / 4, expected.length); // from the first frame on
    assertArrayEquals(expected, model.listener().network().forward(sound));
  }

  private static float[][] frames(float[] samples) {
    List<float[]> frames = new ArrayList<>();
    new Spectrogram(FeatureSpec.LOG_MEL)
        .accept(samples, 0, samples.length, (frame, level) -> frames.add(frame.clone()));
    return frames.toArray(float[][]::new);
  }

  private static void assertRefused(Path file, String reason) {
    ModelFormatException e = assertThrows(ModelFormatException.class, () -> PhoneModel.read(file));
    assertEquals(file + ": " + reason, e.getMessage());
  }
}
