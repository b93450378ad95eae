// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import io.github.rouse.model.PronunciationModel;
import io.github.rouse.model.Provenance;
import io.github.rouse.nn.AttentionDecoder;
import io.github.rouse.nn.Bidirectional;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Network;
import java.util.List;
import java.util.Random;

/** Pronunciation models with random weights. */
public final class TinyPronunciations {
  private TinyPronunciations() {}

  /** A model of the letters a, b and c and the phonemes AA, B and K. */
  public static PronunciationModel model(long seed) {
    return model("abc", List.of("AA", "B", "K"), 0, seed);
  }

  /** A model of all letters and phonemes, whose pronunciations are short. */
  public static PronunciationModel english() {
    return model("abcdefghijklmnopqrstuvwxyz'", PronouncingDictionary.PHONEMES, 5, 1);
  }

  private static PronunciationModel model(
      String letters, List<String> phonemes, float endBias, long seed) {
    Random random = new Random(seed);
    int encoded = 6;
    int units = 5;
    int symbols = phonemes.size() + 1;
    int read = letters.length() + 1;
    Network encoder =
        new Network(List.of(new Bidirectional(gru(random, read, 3), gru(random, read, 3))));
    float[] outputBias = row(random, symbols);
    outputBias[symbols - 1] += endBias;
    AttentionDecoder decoder =
        new AttentionDecoder(
            rows(random, encoded, 7),
            row(random, 7),
            rows(random, units, 7),
            row(random, 7),
            gru(random, symbols + encoded, units),
            new Dense(rows(random, units + encoded, symbols), outputBias));
    return new PronunciationModel(letters, phonemes, encoder, decoder, Provenance.of("a test"));
  }

  static Gru gru(Random random, int inputs, int units) {
    return new Gru(
        Gru.Reset.AFTER,
        rows(random, inputs, 3 * units),
        rows(random, units, 3 * units),
        row(random, 3 * units),
        row(random, 3 * units));
  }

  static float[][] rows(Random random, int count, int width) {
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = row(random, width);
    }
    return rows;
  }

  private static float[] row(Random random, int width) {
    float[] row = new float[width];
    for (int i = 0; i < width; i++) {
      row[i] = (float) random.nextGaussian();
    }
    return row;
  }
}
