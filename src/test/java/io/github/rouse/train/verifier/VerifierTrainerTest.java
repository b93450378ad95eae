// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.verifier;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Network;
import io.github.rouse.train.Epoch;
import io.github.rouse.train.TrainingProgress;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.ClipSynthesizer;
import io.github.rouse.train.data.TrainingData;
import io.github.rouse.train.recipe.VerifierRecipe;
import io.github.rouse.train.verifier.WindowSet.EncodedWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rising sounds are the word; falling ones are not. */
class VerifierTrainerTest {
  private static final int RATE = 16_000;
  private static final String RECIPE =
      """
      task: verifier
      model: up.onnx
      encoder: encoder.onnx
      words: {up: up}
      negatives: down
      features: pcen
      clips: {seconds: 3, positives: 1, negatives: 1, hardNegatives: 0, auxiliary: 0}
      augmentation: {noise: {probability: 0}, reverberation: 0, telephone: 0}
      schedule: {epochs: 3, batches: 60, batchSize: 32}
      optimisation: {rate: 1e-2}
      verifier: {clips: 100, seconds: 1, gap: 0.12, heads: 2, units: 8}
      """;

  @TempDir Path folder;

  @BeforeEach
  void record() throws IOException {
    for (int i = 0; i < 6; i++) {
      write("up/s" + i + ".wav", chirp(i, 400, 1800));
      write("down/s" + i + ".wav", chirp(i, 1800, 400));
    }
    TestModels.random("up", FeatureSpec.PCEN, 1).write(folder.resolve("up.onnx"));
    Random random = new Random(2);
    float[][] weights = new float[5 * FeatureSpec.PCEN.bins()][12];
    for (float[] row : weights) {
      for (int i = 0; i < row.length; i++) {
        row[i] = 0.3f * (float) random.nextGaussian();
      }
    }
    Network network = new Network(List.of(new Conv1d(weights, new float[12], 5, 4, 0)));
    new SpeechEncoder(FeatureSpec.PCEN, network, Provenance.NONE)
        .write(folder.resolve("encoder.onnx"), WeightType.FP32);
    Files.writeString(folder.resolve("r.yaml"), RECIPE);
  }

  private static float[] chirp(int seed, double from, double to) {
    Random random = new Random(seed);
    double scale = 0.9 + 0.2 * random.nextDouble();
    float[] samples = new float[RATE];
    double phase = 0;
    for (int i = 0; i < samples.length; i++) {
      double t = (i - 4000) / 8000.0; // half a second of sound
      boolean on = t > 0 && t < 1;
      phase += 2 * Math.PI * scale * (from + (to - from) * Math.max(0, t)) / RATE;
      samples[i] = (float) ((on ? 0.3 * Math.sin(phase) : 0) + 1e-4 * random.nextGaussian());
    }
    return samples;
  }

  private void write(String name, float[] samples) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (WavWriter wav = new WavWriter(file, RATE, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
  }

  private WakeModel train(String out) throws IOException {
    VerifierRecipe recipe = VerifierRecipe.read(folder.resolve("r.yaml"), Assertions::fail);
    return new VerifierTrainer(recipe, folder.resolve(out), 2, new Silent()).train();
  }

  private static float[][] read(float[] samples, Verifier verifier) {
    List<float[]> frames = new ArrayList<>();
    new Spectrogram(FeatureSpec.PCEN)
        .accept(samples, 0, samples.length, (values, level) -> frames.add(values.clone()));
    return frames.subList(frames.size() - verifier.frames(), frames.size()).toArray(float[][]::new);
  }

  @Test
  void itTellsTheWordFromItsReverse() throws IOException {
    Verifier verifier = train("out.onnx").verifier().orElseThrow();
    assertEquals(12, verifier.gap());
    float[] up = new float[RATE * 3 / 2];
    float[] down = up.clone();
    System.arraycopy(chirp(40, 400, 1800), 0, up, 8500, RATE - 1500);
    System.arraycopy(chirp(40, 1800, 400), 0, down, 8500, RATE - 1500);
    float liked = verifier.logit(0, read(up, verifier));
    float disliked = verifier.logit(0, read(down, verifier));
    assertTrue(liked > disliked + 2, liked + " and " + disliked);
    assertEquals(
        List.of("verifier recipe", "verifier data", "verifier encoder"),
        WakeModel.read(folder.resolve("out.onnx")).provenance().facts().keySet().stream()
            .filter(fact -> fact.startsWith("verifier"))
            .toList());
  }

  @Test
  void theStepsBeforeAWordCanBeReplaced() throws IOException {
    VerifierRecipe recipe = VerifierRecipe.read(folder.resolve("r.yaml"), Assertions::fail);
    try (WorkerPool workers = new WorkerPool(1);
        TrainingData data =
            new TrainingData(
                recipe.words(), List.of(), folder, workers, Assertions::fail, Assertions::fail)) {
      ClipSynthesizer clips =
          new ClipSynthesizer(
              recipe.words(),
              data.trained().positives(),
              data.trained().negatives(),
              List.of(),
              data.backgrounds,
              data.rooms,
              1);
      SpeechEncoder encoder = SpeechEncoder.read(folder.resolve("encoder.onnx"));
      WindowSet windows = new WindowSet(encoder, 98, clips, 20, workers, p -> {}, () -> false);
      List<EncodedWindow> after = windows.after(0);
      int longest = 0;
      int pairs = 0;
      for (EncodedWindow window : after) {
        int before = windows.stepsBefore(window, 0);
        longest = Math.max(longest, before);
        EncodedWindow next = new EncodedWindow(window.clip(), window.end() + 1);
        if (after.contains(next)) { // the same word, a step nearer to the start
          pairs++;
          assertEquals(Math.max(0, before - 1), windows.stepsBefore(next, 0));
        }
      }
      assertTrue(pairs > 0);
      // Steps are 40 ms, the first has seen 0.92 s less than the last; words take 0.4 s or more and
      // ended 0.02 s ago.
      assertTrue(longest > 0 && longest <= (0.92 - 0.42) / 0.04 + 1, "longest: " + longest);

      int values = windows.values();
      float[] replaced = new float[windows.steps() * values];
      float[] original = replaced.clone();
      float[] other = replaced.clone();
      windows.copy(after.get(0), original, 0, 1);
      windows.copy(windows.others(0).get(0), other, 0, 1);
      windows.copy(after.get(0), replaced, 0, 1);
      windows.copyEnd(windows.others(0).get(0), 3, replaced, 0, 1);
      assertArrayEquals(
          Arrays.copyOfRange(other, other.length - 3 * values, other.length),
          Arrays.copyOf(replaced, 3 * values));
      assertArrayEquals(
          Arrays.copyOfRange(original, 3 * values, original.length),
          Arrays.copyOfRange(replaced, 3 * values, replaced.length));

      SequenceBatch batch = new HeadTrainer(windows, recipe.words(), 0, 8, 1, workers).draw();
      int kept = 0;
      int exchanged = 0;
      for (EncodedWindow window : after) {
        windows.copy(window, original, 0, 1);
        for (int place = 0; place < batch.clips(); place++) {
          if (same(batch, windows.steps() - 1, place, original)
              && windows.stepsBefore(window, 0) > 0) {
            kept += same(batch, 0, place, original) ? 1 : 0;
            exchanged += same(batch, 0, place, original) ? 0 : 1;
          }
        }
      }
      assertTrue(exchanged > 2 * kept, exchanged + " exchanged, " + kept + " kept");
    }
  }

  /** Whether a step of a place in a batch is that of a window. */
  private static boolean same(SequenceBatch batch, int step, int place, float[] window) {
    int values = batch.width();
    int at = (step * batch.clips() + place) * values;
    return Arrays.equals(batch.data(), at, at + values, window, step * values, (step + 1) * values);
  }

  @Test
  void aModelWithAVerifierGetsAnotherOfItsEncoder() throws IOException {
    WakeModel first = train("first.onnx").withThreshold(0.9f); // of the score
    first.write(folder.resolve("first.onnx"));
    Files.writeString(
        folder.resolve("r.yaml"),
        RECIPE
            .replace("model: up.onnx", "model: first.onnx")
            .replace("encoder: encoder.onnx", "encoder: first.onnx"));
    Verifier again = train("again.onnx").verifier().orElseThrow();
    Verifier before = first.verifier().orElseThrow();
    assertEquals(before.encoder().sha256(), again.encoder().sha256());
    assertEquals(before.thresholdAlone(), again.thresholdAlone());
  }

  @Test
  void theSameRecipeGivesTheSameBytes() throws IOException {
    train("a.onnx");
    train("b.onnx");
    assertEquals(-1, Files.mismatch(folder.resolve("a.onnx"), folder.resolve("b.onnx")));
  }

  @Test
  void otherWordsThanTheModelsAreRefused() throws IOException {
    Files.writeString(folder.resolve("r.yaml"), RECIPE.replace("{up: up}", "{down: up}"));
    String message = assertThrows(IOException.class, () -> train("out.onnx")).getMessage();
    assertEquals(folder.resolve("up.onnx") + ": its words are [up], the recipe's [down]", message);
  }

  private static final class Silent implements TrainingProgress {
    @Override
    public void problem(String message) {}

    @Override
    public void data(int files, double hours, long parameters) {}

    @Override
    public void batch(int done, int all, double loss) {}

    @Override
    public void epochs(List<Epoch> done, int all) {}
  }
}
