// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.audio.Channel;
import io.github.rouse.train.data.AudioCache;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.train.data.RecordingCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Checks recordings for enrolment: each one alone, then whether all say the same word. */
final class EnrolmentRecordings {
  private static final double LONGEST_SECONDS = 10; // of a recording
  private static final double LONGEST_WORD_SECONDS = 3;

  // Limits on the distance to the nearest other recording;
  // docs/decisions/030-enrolment-on-the-encoder.md.
  private static final double ANOTHER_WORD = 0.5;
  private static final double DOUBTFUL = 0.4;
  private static final double ODD = 3; // times the median of these distances

  // Median over the recordings of the distance to the nearest synthetic voice;
  // docs/decisions/046-voices-say-the-word.md.
  private static final double UNLIKE_VOICES = 0.3;

  private EnrolmentRecordings() {}

  /**
   * Decodes and checks recordings.
   *
   * @param skips whether unusable recordings are left out
   * @param problems receives an error for each unusable recording
   * @throws IOException if any recording is unusable, or too few are left
   */
  static List<Sound> checked(
      List<Path> files,
      Channel channel,
      AudioCache sounds,
      Encoder encoder,
      boolean skips,
      Consumer<IOException> problems)
      throws IOException {
    int refused = 0;
    List<Sound> usable = new ArrayList<>();
    for (Path file : files) {
      try {
        int rate = encoder.features().sampleRate();
        Sound sound = sounds.add(file, AudioCache.decode(file, channel, rate));
        for (Sound other : usable) {
          if (other.samples().equals(sound.samples())) {
            throw new IOException(file + ": has the same audio as " + other.path());
          }
        }
        String refusal = refusal(sound, rate);
        if (refusal != null) {
          throw new IOException(file + ": " + refusal);
        }
        usable.add(sound);
      } catch (IOException e) {
        problems.accept(e);
        refused++;
      }
    }
    if (refused == 0 || skips) {
      for (Sound other : outliers(usable, encoder)) {
        problems.accept(
            new IOException(other.path() + ": sounds unlike the other recordings; another word?"));
        refused++;
        usable.remove(other);
      }
    }
    if (refused > 0 && !(skips && usable.size() >= Enrolment.FEWEST_RECORDINGS)) {
      throw new IOException(
          refused + " of " + files.size() + " recordings are unusable; nothing was written");
    }
    return usable;
  }

  private static String refusal(Sound sound, int sampleRate) {
    double seconds = (double) sound.length() / sampleRate;
    double spoken = (double) (sound.speech().end() - sound.speech().start()) / sampleRate;
    if (seconds > LONGEST_SECONDS) {
      return String.format(Locale.ROOT, "is %.1f s long, expected one word", seconds);
    } else if (spoken > LONGEST_WORD_SECONDS) {
      return String.format(Locale.ROOT, "contains %.1f s of speech, expected one word", spoken);
    }
    return RecordingCheck.of(sound.part(0, sound.length()), sampleRate).refusal();
  }

  /** Recordings that resemble no other one. */
  static List<Sound> outliers(List<Sound> sounds, Encoder encoder) {
    if (sounds.size() < Enrolment.FEWEST_RECORDINGS) { // none if only synthetic
      return List.of();
    }
    double[] nearest = nearest(sounds, encoder);
    double[] sorted = nearest.clone();
    Arrays.sort(sorted);
    double odd = Math.max(DOUBTFUL, ODD * sorted[sorted.length / 2]);
    return IntStream.range(0, nearest.length)
        .filter(i -> nearest[i] > Math.min(ANOTHER_WORD, odd))
        .mapToObj(sounds::get)
        .toList();
  }

  /** The distance from each recording to the most similar other one. */
  static double[] nearest(List<Sound> sounds, Encoder encoder) {
    List<float[][]> words = sounds.stream().map(sound -> word(sound, encoder)).toList();
    double[] nearest = new double[words.size()];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    for (int i = 0; i < nearest.length; i++) {
      for (int k = 0; k < i; k++) {
        double distance = distance(words.get(i), words.get(k));
        nearest[i] = Math.min(nearest[i], distance);
        nearest[k] = Math.min(nearest[k], distance);
      }
    }
    return nearest;
  }

  /** Whether synthetic voices pronounce the word unlike the recordings. */
  static boolean disagree(List<Sound> synthetic, List<Sound> recordings, Encoder encoder) {
    List<float[][]> voices = synthetic.stream().map(sound -> word(sound, encoder)).toList();
    double[] nearest =
        recordings.stream()
            .map(sound -> word(sound, encoder))
            .mapToDouble(
                said ->
                    voices.stream().mapToDouble(voice -> distance(said, voice)).min().orElseThrow())
            .sorted()
            .toArray();
    return nearest[nearest.length / 2] > UNLIKE_VOICES;
  }

  /** The steps of the word in a recording. */
  private static float[][] word(Sound sound, Encoder encoder) {
    int lead = encoder.features().sampleRate(); // more than a step reads
    float[] samples = new float[lead + sound.length()];
    sound.copy(0, samples, lead, sound.length());
    float[][] steps = encoder.embed(samples);
    int from = encoder.stepsUntil(lead + sound.speech().start());
    int to = encoder.stepsUntil(lead + sound.speech().end());
    return Arrays.copyOfRange(steps, Math.min(from, to), to);
  }

  /**
   * Mean cosine distance (1 - cosine) of two words' steps along the best alignment (symmetric
   * dynamic time warping, Sakoe and Chiba 1978).
   */
  private static double distance(float[][] a, float[][] b) {
    double[][] least = new double[a.length + 1][b.length + 1];
    for (double[] row : least) {
      Arrays.fill(row, Double.POSITIVE_INFINITY);
    }
    least[0][0] = 0;
    for (int i = 1; i <= a.length; i++) {
      for (int k = 1; k <= b.length; k++) {
        double here = 1 - cosine(a[i - 1], b[k - 1]);
        double slanted = least[i - 1][k - 1] + 2 * here;
        double straight = Math.min(least[i - 1][k], least[i][k - 1]) + here;
        least[i][k] = Math.min(slanted, straight);
      }
    }
    return least[a.length][b.length] / Math.max(1, a.length + b.length);
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double normA = 1e-12;
    double normB = 1e-12;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      normA += a[i] * a[i];
      normB += b[i] * b[i];
    }
    return product / Math.sqrt(normA * normB);
  }
}
