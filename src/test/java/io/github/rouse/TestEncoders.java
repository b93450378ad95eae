// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.enrol.EmbeddingBank;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A small untrained speech encoder, and other speech for its bank. */
public final class TestEncoders {
  private static final Path SAMPLES = Path.of("audio-samples");

  private TestEncoders() {}

  /** A convolution with random weights and a rectifier, 40 ms a step, 48 values. */
  public static SpeechEncoder random(long seed) {
    Random random = new Random(seed);
    int values = 48;
    float[][] weights = new float[9 * FeatureSpec.PCEN.bins()][values];
    for (float[] row : weights) {
      for (int i = 0; i < values; i++) {
        row[i] = 0.1f * (float) random.nextGaussian();
      }
    }
    Network network =
        new Network(
            List.of(
                new Conv1d(weights, new float[values], 9, 4, 0),
                new Activation(Activation.Function.RELU, values)));
    return new SpeechEncoder(FeatureSpec.PCEN, network, Provenance.of("a test")).rounded();
  }

  /** Twelve minutes of the sample recordings, backwards and at several speeds: no words. */
  public static List<Path> backwards(Path folder) throws IOException {
    Files.createDirectories(folder);
    List<Path> written = new ArrayList<>();
    try (Stream<Path> files = Files.list(SAMPLES)) {
      for (Path file :
          files.filter(f -> f.toString().matches(".*(wav|flac|ogg)")).sorted().toList()) {
        for (int percent = 85; percent <= 115; percent += 10) {
          Path to = folder.resolve(percent + file.getFileName().toString() + ".wav");
          reverse(file, percent, to);
          written.add(to);
        }
      }
    }
    return written;
  }

  private static void reverse(Path file, int percent, Path to) throws IOException {
    try (AudioFile audio = AudioFile.open(file)) {
      float[] samples = new float[1 << 21];
      int length = 0;
      float[] piece = new float[4096];
      for (int n; (n = audio.read(piece, piece.length)) >= 0; length += n) {
        System.arraycopy(piece, 0, samples, length, n);
      }
      float[] reversed = Arrays.copyOf(samples, length);
      for (int i = 0; i < length; i++) {
        reversed[i] = samples[length - 1 - i];
      }
      try (WavWriter wav = new WavWriter(to, audio.sampleRate() * percent / 100, 1)) {
        wav.write(reversed, 0, length);
        wav.commit();
      }
    }
  }

  /** A bank of the first random encoder. */
  public static EmbeddingBank bank(Path sound) throws IOException {
    return EmbeddingBank.of(
        random(1),
        List.of(sound),
        Channel.AUTO,
        new EmbeddingBank.Progress() {
          @Override
          public void leftOut(IOException problem) {
            throw new AssertionError(problem);
          }

          @Override
          public void heard(int files, int all) {}
        });
  }
}
