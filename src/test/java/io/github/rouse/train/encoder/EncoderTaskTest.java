// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.encoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.engine.SpeechEmbedding;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.train.NetworkBuilder;
import io.github.rouse.train.backprop.Parameter;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.NoiseSource;
import io.github.rouse.train.recipe.EncoderRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderTaskTest {
  private static final FeatureSpec SPEC = FeatureSpec.LOG_MEL;
  private static final String QUIET =
      "augmentation: {gainDb: 0, reverberation: 0, noise: {probability: 0}, tilt: 0,"
          + " telephone: 0, masking: 0}\n";

  @TempDir Path folder;

  private final WorkerPool workers = new WorkerPool(1);

  @AfterEach
  void close() {
    workers.close();
  }

  private EncoderRecipe recipe(String network) throws IOException {
    Path file = folder.resolve("r.yaml");
    Files.writeString(
        file,
        "task: encoder\nsounds: a\nteacher: [m, e]\nclips: {seconds: 1, cosine: 0}\n"
            + "schedule: {batchSize: 8}\n"
            + QUIET
            + network);
    return EncoderRecipe.read(file, Assertions::fail);
  }

  private NetworkBuilder builder(EncoderRecipe recipe) {
    return new NetworkBuilder(SPEC.bins(), recipe.layers(), 1, 1, 0, workers);
  }

  /**
   * A hum whose loudness changes all the time, and the mean log-mel of the frame at each vector.
   */
  private Reel reel(int shift) throws IOException {
    float[] samples = new float[16_000 * 20];
    for (int i = 0; i < samples.length; i++) {
      double loudness = 0.02 * Math.exp(2 * Math.sin(i / 1900.0) + Math.sin(i / 5300.0));
      samples[i] = (float) (loudness * Math.sin(i * (0.3 + 0.2 * Math.sin(i * 0.11))));
    }
    int count = (int) ((samples.length - SpeechEmbedding.end(0)) / SpeechEmbedding.step());
    float[][] vectors = new float[count][1];
    for (int k = 0; k < count; k++) {
      int end = (int) SpeechEmbedding.end(k) + shift;
      float[] frame = Arrays.copyOfRange(samples, end - SPEC.frameLength(), end);
      float[] vector = vectors[k];
      new Spectrogram(SPEC)
          .accept(
              frame,
              0,
              frame.length,
              (values, level) -> {
                for (float value : values) {
                  vector[0] += value / values.length;
                }
              });
    }
    Path file = folder.resolve(shift + ".reel");
    Reel.write(file, samples, vectors);
    return Reel.open(file, 1);
  }

  /** The loss of a network that gives the mean log-mel of each step's last frame. */
  private double loss(int kernel, int shift) throws IOException {
    EncoderRecipe recipe =
        recipe("network: [{conv: {filters: 1, kernel: " + kernel + ", stride: 4}}]\n");
    NetworkBuilder builder = builder(recipe);
    EncoderTask.check(recipe, builder);
    List<Parameter> parameters = builder.network().parameters();
    float[] taps = parameters.get(0).value(); // [kernel][bins][1]
    Arrays.fill(taps, 0f);
    Arrays.fill(taps, taps.length - SPEC.bins(), taps.length, 1f / SPEC.bins());
    Arrays.fill(parameters.get(2).value(), 1f);
    EncoderTask task =
        new EncoderTask(
            recipe,
            builder,
            "",
            List.of(reel(shift)),
            List.of(),
            new NoiseSource(List.of(), List.of(), 0),
            List.of(),
            new Standardisation(new float[1], new float[] {1}),
            workers);
    return task.heldOutLoss();
  }

  @Test
  void aStepEndsWhereItsTargetDoes() throws IOException {
    double met = loss(1, 0);
    assertTrue(met < 0.05, met + " with a field of one frame");
    double longer = loss(40, 0);
    assertTrue(longer < 0.05, longer + " with a field of 40 frames");
    double late = loss(1, SPEC.hop());
    assertTrue(late > 2 * met, late + " a frame late, " + met + " met");
  }

  @Test
  void stepsThatDoNotMeetTheTeachersAreRefused() throws IOException {
    EncoderRecipe recipe = recipe("network: [{conv: {filters: 1, kernel: 5, stride: 3}}]\n");
    assertEquals(
        "network: a step is 480 samples long, expected a part of the teacher's 1280",
        assertThrows(
                IllegalArgumentException.class, () -> EncoderTask.check(recipe, builder(recipe)))
            .getMessage());
    EncoderRecipe brief = recipe("network: [{conv: {filters: 1, kernel: 99, stride: 4}}]\n");
    assertEquals(
        "clips.seconds=1.0, too short for the network",
        assertThrows(IllegalArgumentException.class, () -> EncoderTask.check(brief, builder(brief)))
            .getMessage());
  }
}
