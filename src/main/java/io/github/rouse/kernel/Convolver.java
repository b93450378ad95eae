// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.kernel;

import java.util.Arrays;

/**
 * Convolution with long responses by overlap-save, with the response cut into parts as long as the
 * blocks of the sound. Several blocks are transformed side by side, one per lane; the two halves of
 * the sound are real and imaginary parts. Holds scratch memory; not thread-safe.
 */
public final class Convolver {
  private static final int LENGTH = 1024; // of a transform
  private static final int HOP = LENGTH / 2; // samples of a block
  private static final int LANES = FilterBank.MOST; // blocks at a time

  private FilterLoops loops; // plain, then vectors; see Late
  private final ComplexTransform transform = new ComplexTransform(LENGTH);
  private final ComplexTransform.Values values = new ComplexTransform.Values(LENGTH * LANES);

  /**
   * Prepares the tables.
   *
   * @param loops to begin with
   */
  Convolver(FilterLoops loops) {
    this.loops = loops;
  }

  /** Spectra side by side. */
  private static final class Spectra {
    final int count;
    final float[] re; // [LENGTH][count]
    final float[] im; // likewise

    Spectra(int count) {
      this.count = count;
      re = new float[LENGTH * count];
      im = new float[LENGTH * count];
    }

    /** Takes spectra from the first lanes. */
    void put(ComplexTransform.Values values, int at, int number) {
      for (int k = 0; k < LENGTH; k++) {
        System.arraycopy(values.re, k * LANES, re, k * count + at, number);
        System.arraycopy(values.im, k * LANES, im, k * count + at, number);
      }
    }

    /** Moves the last spectra to the front. */
    void keepLast(int number) {
      for (int k = 0; k < LENGTH; k++) {
        int last = (k + 1) * count - number;
        System.arraycopy(re, last, re, k * count, number);
        System.arraycopy(im, last, im, k * count, number);
      }
    }
  }

  /**
   * Convolves a signal with a response and keeps the first {@code signal.length} samples.
   *
   * @param signal replaced by the result
   */
  public void apply(float[] signal, float[] response) {
    loops = Late.loops(loops, 2 * (signal.length + response.length));
    float[] sound = signal.clone();
    Spectra parts = parts(response);
    int earlier = parts.count - 1; // blocks that the parts after the first reach
    Spectra blocks = new Spectra(earlier + LANES);
    int half = (signal.length / 2 + HOP) / HOP * HOP; // whole blocks
    int start = -((earlier + LANES - 1) / LANES * LANES * HOP);
    for (int at = start; at < half; at += LANES * HOP) {
      clear();
      put(sound, at - HOP, LENGTH, LANES, 1, values.re);
      put(sound, half + at - HOP, LENGTH, LANES, 1, values.im);
      transform.forward(loops, values, LANES);
      blocks.keepLast(earlier);
      blocks.put(values, earlier, LANES);
      if (at >= 0) {
        loops.convolve(
            blocks.re,
            blocks.im,
            parts.re,
            parts.im,
            parts.count,
            LENGTH,
            LANES,
            values.re,
            values.im);
        transform.inverse(loops, values, LANES);
        take(values.re, signal, at, Math.min(half, signal.length));
        take(values.im, signal, half + at, signal.length);
      }
    }
  }

  /** The spectra of a response's parts. */
  private Spectra parts(float[] response) {
    Spectra parts = new Spectra((response.length + HOP - 1) / HOP);
    for (int first = 0; first < parts.count; first += LANES) {
      int count = Math.min(LANES, parts.count - first);
      clear();
      put(response, first * HOP, HOP, count, 1f / LENGTH, values.re);
      transform.forward(loops, values, LANES);
      parts.put(values, first, count);
    }
    return parts;
  }

  private void clear() {
    Arrays.fill(values.re, 0f);
    Arrays.fill(values.im, 0f);
  }

  /**
   * Copies blocks to lanes.
   *
   * @param from where the first block begins; the next begins a hop later. Before the sound and
   *     after it, there are zeros
   * @param size samples of each block to copy
   */
  private static void put(float[] sound, int from, int size, int count, float scale, float[] x) {
    for (int lane = 0; lane < count; lane++) {
      int at = from + lane * HOP;
      int end = Math.min(size, sound.length - at);
      for (int i = Math.max(0, -at); i < end; i++) {
        x[i * LANES + lane] = scale * sound[at + i];
      }
    }
  }

  /** Copies the second halves of the lanes to successive blocks; the first are not complete. */
  private static void take(float[] x, float[] sound, int from, int to) {
    for (int lane = 0; lane < LANES; lane++) {
      int at = from + lane * HOP;
      int end = Math.min(HOP, to - at);
      for (int i = 0; i < end; i++) {
        sound[at + i] = x[(HOP + i) * LANES + lane];
      }
    }
  }
}
