// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.rouse.model.PhonemeLanguage;
import io.github.rouse.model.PronunciationModel;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.AttentionDecoder;
import io.github.rouse.pronounce.PhonemeContext;
import io.github.rouse.pronounce.TinyLanguages;
import io.github.rouse.pronounce.TinyPronunciations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both files of a pronunciation model give in ONNX Runtime what they give here. */
class PronunciationRuntimeTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void eachStepEqualsOnnxRuntimes(WeightType type) throws IOException, OrtException {
    TinyPronunciations.model(5).write(folder, type);
    PronunciationModel model = PronunciationModel.read(folder);
    float[][] encoded = model.encode("cabba");
    float[][] letters = new float[6][4];
    int[] indices = {2, 0, 1, 1, 0, 3};
    for (int i = 0; i < 6; i++) {
      letters[i][indices[i]] = 1f;
    }
    float[][] expected =
        OnnxRuntime.forward(
                "encoder", model.encoderProto(WeightType.FP32), List.<float[][]>of(letters))
            .get(0);
    for (int i = 0; i < 6; i++) {
      assertArrayEquals(expected[i], encoded[i], 1e-5f, "letter " + i);
    }
    try (OrtSession session = Ort.session(model.decoderProto(WeightType.FP32))) {
      steps(model, encoded, session);
    }
  }

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void theLanguageModelEqualsOnnxRuntimes(WeightType type) throws IOException, OrtException {
    Path file = folder.resolve(PhonemeLanguage.FILE);
    TinyLanguages.model(List.of("AA", "B", "K"), 4).write(file, type);
    PhonemeLanguage model = PhonemeLanguage.read(file);
    int[] symbols = {3, 0, 2, 2, 1, 3, 0};
    float[][] given = new float[symbols.length][4];
    for (int i = 0; i < symbols.length; i++) {
      given[i][symbols[i]] = 1f;
    }
    float[][] expected =
        OnnxRuntime.forward("language", OnnxFile.read(file), List.<float[][]>of(given)).get(0);
    PhonemeContext context = PhonemeContext.start(model);
    for (int i = 0; i < symbols.length; i++) {
      context = i == 0 ? context : context.then(symbols[i]);
      double sum = 0;
      for (float logit : expected[i]) {
        sum += Math.exp(logit);
      }
      for (int next = 0; next < 4; next++) {
        assertEquals(
            expected[i][next] - Math.log(sum), context.logProbability(next), 1e-5, "step " + i);
      }
    }
  }

  /** Three steps of two hypotheses. */
  private static void steps(PronunciationModel model, float[][] encoded, OrtSession session)
      throws OrtException {
    AttentionDecoder.Decoding decoding = model.decoder().prepare().decode(encoded);
    float[][] states = new float[2][model.decoder().units()];
    int[][] previous = {{3, 3}, {0, 2}, {1, 0}};
    for (int[] symbols : previous) {
      float[][] before = {states[0].clone(), states[1].clone()};
      float[][] attention = new float[2][encoded.length];
      float[][] logits = decoding.step(symbols, states, attention);
      float[][] given = new float[2][model.decoder().symbols()];
      given[0][symbols[0]] = 1f;
      given[1][symbols[1]] = 1f;
      try (OnnxTensor steps =
              OnnxTensor.createTensor(Ort.environment(), new float[][][] {encoded});
          OnnxTensor last = OnnxTensor.createTensor(Ort.environment(), given);
          OnnxTensor state = OnnxTensor.createTensor(Ort.environment(), before);
          OrtSession.Result result =
              session.run(Map.of("encoded", steps, "previous", last, "state", state))) {
        float[][] probabilities =
            (float[][]) result.get("log_probabilities").orElseThrow().getValue();
        float[][] next = (float[][]) result.get("next_state").orElseThrow().getValue();
        float[][] shares = (float[][]) result.get("attention").orElseThrow().getValue();
        for (int h = 0; h < 2; h++) {
          assertArrayEquals(next[h], states[h], 1e-5f);
          assertArrayEquals(shares[h], attention[h], 1e-5f);
          double sum = 0;
          for (int s = 0; s < given[h].length; s++) {
            double difference = logits[h][s] - probabilities[h][s]; // log of the softmax's sum
            assertEquals(logits[h][0] - probabilities[h][0], difference, 1e-4);
            sum += Math.exp(probabilities[h][s]);
          }
          assertEquals(1, sum, 1e-5);
        }
      }
    }
  }

  @Test
  void fullPrecisionSurvivesTheFiles() throws IOException {
    PronunciationModel model = TinyPronunciations.model(6);
    model.write(folder, WeightType.FP32);
    PronunciationModel read = PronunciationModel.read(folder);
    assertEquals(model.letters(), read.letters());
    assertEquals(model.phonemes(), read.phonemes());
    assertEquals(model.provenance(), read.provenance());
    float[][] expected = model.encode("ab");
    float[][] encoded = read.encode("ab");
    float[][] states = new float[1][5];
    float[][] readStates = new float[1][5];
    assertArrayEquals(
        model.decoder().prepare().decode(expected).step(new int[] {1}, states, new float[1][3])[0],
        read.decoder()
            .prepare()
            .decode(encoded)
            .step(new int[] {1}, readStates, new float[1][3])[0]);
    assertArrayEquals(states[0], readStates[0]);
  }

  @Test
  void eachFileIsOnlyWhatItIs() throws IOException {
    TinyPronunciations.model(7).write(folder, WeightType.FP16);
    Path decoder = folder.resolve(PronunciationModel.DECODER);
    String wake =
        assertThrows(ModelFormatException.class, () -> WakeModel.read(decoder)).getMessage();
    assertEquals(decoder + ": is part of a pronunciation model; it detects no words", wake);
    Files.copy(
        folder.resolve(PronunciationModel.ENCODER), decoder, StandardCopyOption.REPLACE_EXISTING);
    String swapped =
        assertThrows(ModelFormatException.class, () -> PronunciationModel.read(folder))
            .getMessage();
    assertTrue(swapped.contains("is not the decoder of a pronunciation model"), swapped);
  }
}
