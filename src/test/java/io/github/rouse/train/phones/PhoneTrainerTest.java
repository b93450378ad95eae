// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.phones;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.WavWriter;
import io.github.rouse.eval.PhoneTrial;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Network;
import io.github.rouse.phones.Utterance;
import io.github.rouse.train.Epoch;
import io.github.rouse.train.TrainingProgress;
import io.github.rouse.train.recipe.PhoneRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three tones, in any order, are a language of three phones. */
class PhoneTrainerTest {
  private static final int RATE = 16_000;
  private static final String[] NAMES = {"LO", "MI", "HI"};
  private static final double[] TONES = {400, 1200, 3000}; // Hz
  private static final double TONE_SECONDS = 0.16;

  @TempDir Path folder;

  @Test
  void phonesAreLearntFromTheirOrderAlone() throws IOException {
    write(encoder(), "encoder.onnx");
    speak("said.tsv", 60, 1);
    Path recipe = recipe(8);
    PhoneModel model = train(recipe, "phones.onnx");
    assertEquals(List.of("HI", "LO", "MI"), model.phones());

    PhoneTrial trial = new PhoneTrial(PhoneModel.read(folder.resolve("phones.onnx")), null);
    for (Utterance utterance : Utterance.read(speak("new.tsv", 20, 2))) {
      trial.hear(utterance);
    }
    assertTrue(trial.errors().rate() < 0.1, trial.errors().errors() + " errors");
    assertEquals(90.0, (double) trial.errors().said(), 30);

    train(recipe, "again.onnx");
    assertEquals(-1, Files.mismatch(folder.resolve("phones.onnx"), folder.resolve("again.onnx")));
  }

  private PhoneModel train(Path recipe, String out) throws IOException {
    TrainingProgress quiet =
        new TrainingProgress() {
          @Override
          public void problem(String message) {
            Assertions.fail(message);
          }

          @Override
          public void data(int files, double hours, long parameters) {}

          @Override
          public void batch(int done, int all, double loss) {}

          @Override
          public void epochs(List<Epoch> done, int all) {}
        };
    PhoneRecipe plan = PhoneRecipe.read(recipe, Assertions::fail);
    return new PhoneTrainer(plan, folder.resolve(out), folder.resolve("kept"), 2, quiet)
        .train(false);
  }

  private Path recipe(int epochs) throws IOException {
    return Files.writeString(
        folder.resolve("recipe.yaml"),
        "task: phones\nencoder: encoder.onnx\nutterances: [said.tsv]\n"
            + "network: [norm, gru: 32]\nclips: {seconds: 2, pause: 0.2}\n"
            + "augmentation: {gainDb: 6, reverberation: 0, tilt: 0, telephone: 0, masking: 0,"
            + " voice: {speed: 0, tempo: 0.1, rhythm: 0, closures: 0, pitch: 0, formants: 0},"
            + " noise: {probability: 0}}\n"
            + "schedule: {epochs: "
            + epochs
            + ", batches: 20, batchSize: 8, heldOut: 0, averaging: 0.9}\n"
            + "optimisation: {rate: 1e-2, warmUp: 0.05, clipNorm: 1}\n");
  }

  private SpeechEncoder encoder() {
    Random random = new Random(3);
    int bins = FeatureSpec.LOG_MEL.bins();
    float[][] weights = new float[5 * bins][24];
    for (float[] row : weights) {
      for (int i = 0; i < row.length; i++) {
        row[i] = 0.02f * (float) random.nextGaussian();
      }
    }
    return new SpeechEncoder(
        FeatureSpec.LOG_MEL,
        new Network(
            List.of(
                new Conv1d(weights, new float[24], 5, 4, 0),
                new Activation(Activation.Function.RELU, 24),
                new Dense(new float[24][4], new float[4]))),
        Provenance.NONE);
  }

  private void write(SpeechEncoder encoder, String name) throws IOException {
    encoder.write(folder.resolve(name), WeightType.FP32);
  }

  /** Writes utterances of two to seven tones, a file each, and their list. */
  private Path speak(String list, int count, long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String file = "s" + i + "-" + seed + ".wav";
      int length = 2 + random.nextInt(6);
      StringBuilder said = new StringBuilder();
      int one = (int) (TONE_SECONDS * RATE);
      float[] samples = new float[length * one];
      int last = -1;
      for (int k = 0; k < length; k++) {
        int tone = (last + 1 + random.nextInt(2)) % 3; // two equal ones would be one longer one
        for (int t = 0; t < one; t++) {
          double edge = Math.min(1, Math.min(t, one - t) / 200.0);
          samples[k * one + t] =
              (float) (0.2 * edge * Math.sin(2 * Math.PI * TONES[tone] * t / RATE));
        }
        said.append(NAMES[tone]).append(' ');
        last = tone;
      }
      try (WavWriter wav = new WavWriter(folder.resolve(file), RATE, 1)) {
        wav.write(samples, 0, samples.length);
        wav.commit();
      }
      lines.append(file).append("\t0\t-\t").append(said).append('\n');
    }
    return Files.writeString(folder.resolve(list), lines);
  }
}
