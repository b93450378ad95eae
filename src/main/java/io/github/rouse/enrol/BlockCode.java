// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A product quantiser (J&eacute;gou, Douze and Schmid 2011) of blocks of {@value #STEPS} steps: a
 * discrete cosine transform over time takes out what one step has in common with the next, then
 * each byte stands for {@value #TOGETHER} of the coefficients that vary most.
 *
 * @param units values per step
 * @param coefficients [bytes * {@value #TOGETHER}], each {@code frequency * units + unit}; others
 *     are zero
 * @param centroids [bytes][256 * {@value #TOGETHER}]
 */
record BlockCode(int units, int[] coefficients, float[][] centroids) {
  static final int STEPS = 8;
  static final int TOGETHER = 4;
  static final int LEVELS = 256;
  private static final int MOST_BYTES = 16; // per block: 8 h are 1.4 MB
  private static final int LEARNT_BLOCKS = 16_384;
  private static final int ROUNDS = 8; // of k-means
  private static final float[][] COSINES = cosines(); // [frequency][step], orthonormal

  BlockCode {
    if (units < 1
        || centroids.length == 0
        || coefficients.length != centroids.length * TOGETHER
        || Arrays.stream(coefficients).anyMatch(c -> c < 0 || c >= STEPS * units)
        || Arrays.stream(centroids).anyMatch(c -> c.length != LEVELS * TOGETHER)) {
      throw new IllegalArgumentException("a code of the wrong shape");
    }
  }

  private static float[][] cosines() {
    float[][] cosines = new float[STEPS][STEPS];
    for (int k = 0; k < STEPS; k++) {
      double scale = Math.sqrt((k == 0 ? 1.0 : 2.0) / STEPS);
      for (int t = 0; t < STEPS; t++) {
        cosines[k][t] = (float) (scale * Math.cos(Math.PI * (t + 0.5) * k / STEPS));
      }
    }
    return cosines;
  }

  /** Bytes per block. */
  int bytes() {
    return centroids.length;
  }

  /**
   * Learns a code.
   *
   * @param steps [steps][units], at least one block
   */
  static BlockCode learn(float[][] steps) {
    int units = steps[0].length;
    SplittableRandom random = new SplittableRandom(1);
    int blocks = steps.length / STEPS;
    float[][] learnt = new float[Math.min(blocks, LEARNT_BLOCKS)][];
    for (int i = 0; i < learnt.length; i++) {
      learnt[i] =
          transformed(steps, STEPS * (blocks <= LEARNT_BLOCKS ? i : random.nextInt(blocks)));
    }
    int bytes = Math.min(MOST_BYTES, STEPS * units / TOGETHER);
    int[] coefficients = shared(variances(learnt), bytes);
    float[][] centroids =
        IntStream.range(0, bytes)
            .parallel()
            .mapToObj(b -> means(learnt, coefficients, b * TOGETHER))
            .toArray(float[][]::new);
    return new BlockCode(units, coefficients, centroids);
  }

  private static double[] variances(float[][] blocks) {
    double[] variances = new double[blocks[0].length];
    for (float[] block : blocks) {
      for (int i = 0; i < block.length; i++) {
        variances[i] += block[i] * block[i] / blocks.length;
      }
    }
    return variances;
  }

  /** Shares the largest coefficients out, so that each byte has as much to tell as the others. */
  private static int[] shared(double[] variances, int bytes) {
    List<List<Integer>> shares = new ArrayList<>();
    double[] logarithms = new double[bytes];
    IntStream.range(0, bytes).forEach(b -> shares.add(new ArrayList<>()));
    IntStream.range(0, variances.length)
        .boxed()
        .sorted(Comparator.comparing(i -> -variances[i]))
        .limit((long) bytes * TOGETHER)
        .forEach(
            i -> {
              int least =
                  IntStream.range(0, bytes)
                      .filter(b -> shares.get(b).size() < TOGETHER)
                      .boxed()
                      .min(Comparator.comparing(b -> logarithms[b]))
                      .orElseThrow();
              shares.get(least).add(i);
              logarithms[least] += Math.log(variances[i] + 1e-12) + 30; // all are above zero
            });
    return shares.stream().flatMap(List::stream).mapToInt(i -> i).toArray();
  }

  /** The centroids of one byte, by k-means. */
  private static float[] means(float[][] blocks, int[] coefficients, int first) {
    SplittableRandom random = new SplittableRandom(first);
    float[] means = new float[LEVELS * TOGETHER];
    for (int level = 0; level < LEVELS; level++) {
      pick(blocks[random.nextInt(blocks.length)], coefficients, first, means, level);
    }
    float[] block = new float[TOGETHER];
    for (int round = 0; round < ROUNDS; round++) {
      double[] sums = new double[means.length];
      int[] counts = new int[LEVELS];
      for (float[] values : blocks) {
        pick(values, coefficients, first, block, 0);
        int level = nearest(block, means);
        counts[level]++;
        for (int i = 0; i < TOGETHER; i++) {
          sums[level * TOGETHER + i] += block[i];
        }
      }
      for (int level = 0; level < LEVELS; level++) {
        if (counts[level] == 0) {
          pick(blocks[random.nextInt(blocks.length)], coefficients, first, means, level);
          continue;
        }
        for (int i = 0; i < TOGETHER; i++) {
          means[level * TOGETHER + i] = (float) (sums[level * TOGETHER + i] / counts[level]);
        }
      }
    }
    return means;
  }

  private static void pick(float[] block, int[] coefficients, int first, float[] to, int place) {
    for (int i = 0; i < TOGETHER; i++) {
      to[place * TOGETHER + i] = block[coefficients[first + i]];
    }
  }

  private static int nearest(float[] values, float[] means) {
    int best = 0;
    float least = Float.POSITIVE_INFINITY;
    for (int level = 0; level < LEVELS; level++) {
      float distance = 0;
      for (int i = 0; i < TOGETHER; i++) {
        float difference = values[i] - means[level * TOGETHER + i];
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        best = level;
      }
    }
    return best;
  }

  /** The coefficients of a block, [frequencies * units]. */
  private static float[] transformed(float[][] steps, int from) {
    int units = steps[from].length;
    float[] block = new float[STEPS * units];
    for (int k = 0; k < STEPS; k++) {
      for (int t = 0; t < STEPS; t++) {
        for (int u = 0; u < units; u++) {
          block[k * units + u] += COSINES[k][t] * steps[from + t][u];
        }
      }
    }
    return block;
  }

  /** Encodes the block that begins at a step. */
  byte[] encode(float[][] steps, int from) {
    float[] block = transformed(steps, from);
    float[] values = new float[TOGETHER];
    byte[] code = new byte[bytes()];
    for (int b = 0; b < code.length; b++) {
      pick(block, coefficients, b * TOGETHER, values, 0);
      code[b] = (byte) nearest(values, centroids[b]);
    }
    return code;
  }

  /**
   * Decodes a block.
   *
   * @param at of its first byte
   * @param to [steps][units]
   * @param step where the block's first step goes
   */
  void decode(byte[] codes, int at, float[] to, int step) {
    float[] block = new float[STEPS * units];
    for (int b = 0; b < bytes(); b++) {
      int level = codes[at + b] & 255;
      for (int i = 0; i < TOGETHER; i++) {
        block[coefficients[b * TOGETHER + i]] = centroids[b][level * TOGETHER + i];
      }
    }
    for (int t = 0; t < STEPS; t++) {
      int row = (step + t) * units;
      Arrays.fill(to, row, row + units, 0f);
      for (int k = 0; k < STEPS; k++) {
        for (int u = 0; u < units; u++) {
          to[row + u] += COSINES[k][t] * block[k * units + u];
        }
      }
    }
  }
}
