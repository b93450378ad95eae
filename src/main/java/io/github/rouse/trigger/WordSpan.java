// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/**
 * Estimates where a word lies from the loudness of the last seconds. Not thread-safe.
 *
 * <p>A word is a stretch louder than the floor by {@value #RISE} of the range from floor to peak,
 * in dB. Accurate to about 50 ms in quiet; in running speech only the bounds hold.
 */
public final class WordSpan {
  static final double RISE = 0.35;
  private static final double CELL_SECONDS = 0.01;
  private static final int CELLS = 250; // of history: 2.5 s
  private static final int LONGEST_WAIT = 60; // cells from the word's end to the posterior's climb
  private static final int LONGEST_WORD = 120; // cells
  private static final int SHORTEST_WORD = 12; // cells
  private static final int LONGEST_PAUSE =
      12; // cells of silence within a word, as before a plosive
  private static final double SILENCE = 1e-8; // mean square; -80 dB, below any microphone

  private static final double SILENCE_DB = 10 * Math.log10(SILENCE);

  private final int cellSamples;
  private final double[] levels = new double[CELLS]; // dB, ring buffer
  private final double[] sorted = new double[CELLS];
  private long cell; // cells completed since the start
  private double sum; // of mean squares in the cell being filled
  private int frames; // in the cell being filled
  private long start; // first sample of the last located word
  private long end;

  /** Creates an empty history for positions at this sample rate. */
  public WordSpan(int sampleRate) {
    cellSamples = (int) Math.round(CELL_SECONDS * sampleRate);
    reset();
  }

  /**
   * Takes the level of one frame.
   *
   * @param level mean square of samples in [-1, 1]
   * @param at the frame's last sample
   */
  public void add(float level, long at) {
    sum += level;
    frames++;
    while (at / cellSamples > cell) {
      levels[(int) (cell % CELLS)] = 10 * Math.log10(Math.max(SILENCE, sum / frames));
      cell++;
      if (at / cellSamples == cell) {
        sum = 0;
        frames = 0;
      }
    }
  }

  /** Locates the word whose posterior stopped climbing at sample {@code climbedAt}. */
  public void locate(long climbedAt) {
    long oldest = Math.max(0, cell - CELLS);
    int known = (int) (cell - oldest);
    long reference = Math.min(cell, climbedAt / cellSamples + 1) - 1;
    if (known == 0 || reference < oldest) {
      start = climbedAt;
      end = climbedAt;
      return;
    }
    System.arraycopy(levels, 0, sorted, 0, known);
    Arrays.sort(sorted, 0, known);
    int silent = 0; // ignore cells from a muted device
    while (silent < known - 1 && sorted[silent] <= SILENCE_DB) {
      silent++;
    }
    double floor = sorted[silent + (known - silent) / 10]; // the tenth percentile
    double loud = floor + RISE * (sorted[known - 1] - floor);
    long earliest = Math.max(oldest, reference - LONGEST_WAIT);
    long last = loudAtOrBefore(reference, earliest, loud);
    long first = beginning(last, oldest, loud);
    if (last == reference && last - first < SHORTEST_WORD && first > earliest) {
      // This sound has only just begun; the word is the one before it.
      long before = loudAtOrBefore(first - 1, earliest, loud);
      if (level(before) >= loud) {
        last = before;
        first = beginning(last, oldest, loud);
      }
    }
    start = first * cellSamples;
    end = Math.min((last + 1) * cellSamples, climbedAt);
  }

  private long loudAtOrBefore(long from, long earliest, double loud) {
    long c = from;
    while (c > earliest && level(c) < loud) {
      c--;
    }
    return c;
  }

  private long beginning(long last, long oldest, double loud) {
    long first = last;
    long earliest = Math.max(oldest, last - LONGEST_WORD);
    for (long c = last; c >= earliest && first - c <= LONGEST_PAUSE; c--) {
      if (level(c) >= loud) {
        first = c;
      }
    }
    return first;
  }

  /** First sample of the last located word. */
  public long start() {
    return start;
  }

  /** The sample after the last located word. */
  public long end() {
    return end;
  }

  /** Saves or restores the state. */
  public void state(Snapshot snapshot) {
    snapshot.values(levels);
    cell = snapshot.number(cell);
    sum = snapshot.number(sum);
    frames = snapshot.number(frames);
  }

  /** Forgets the stream so far. */
  public void reset() {
    Arrays.fill(levels, SILENCE_DB);
    cell = 0;
    sum = 0;
    frames = 0;
  }

  private double level(long c) {
    return levels[(int) (c % CELLS)];
  }
}
