// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/**
 * Resamples a stream of mono samples, band-limited: flat to 0.9 of the lower Nyquist frequency (to
 * 0.8 for ratios of large numbers, such as 44,101 to 16,000), and 100 dB down from there.
 *
 * <p>Output sample k is the signal at time {@code k / toRate}. The filter is symmetric and looks
 * ahead, so output comes later but is not shifted in the stream. Each block of output depends only
 * on its place in the stream, not on how the input is split into calls. Calls allocate nothing.
 */
public final class Resampler {
  private static final int MAX_DECIMATION = 1024;
  private static final int ROWS = 4; // blocks of the same phase at a time

  private final int fromRate; // Hz
  private final int toRate; // Hz
  private final PolyphaseFilter filter; // null for equal rates
  private final int together; // blocks at a time, at most
  private final float[] history; // inputs still needed, and room for more
  private final float[][] inputs; // [ROWS][depth]: blocks of the same phase
  private final float[][] sums; // [ROWS][outputs of a block]
  private final float[] resampled; // [together * outputs]
  private int begin; // index of the next block's first input
  private int end; // index after the last input
  private int phase; // of the next block
  private long received; // samples in
  private long delivered; // samples out

  /**
   * Creates a resampler for one stream. The first one for a ratio tabulates the filter.
   *
   * @param fromRate of the input, Hz; below 1024 times {@code toRate}
   * @param toRate of the output, Hz
   * @throws IllegalArgumentException if a rate is below 1 Hz, or {@code fromRate} too large
   */
  public Resampler(int fromRate, int toRate) {
    if (toRate < 1) {
      throw new IllegalArgumentException("toRate=" + toRate + ", expected at least 1 Hz");
    }
    if (fromRate < 1) {
      throw new IllegalArgumentException("fromRate=" + fromRate + ", expected at least 1 Hz");
    }
    if (fromRate / MAX_DECIMATION >= toRate) { // the filter's length grows with the quotient
      throw new IllegalArgumentException(
          "fromRate="
              + fromRate
              + ", expected less than "
              + MAX_DECIMATION
              + " times toRate="
              + toRate);
    }
    this.fromRate = fromRate;
    this.toRate = toRate;
    filter = fromRate == toRate ? null : PolyphaseFilter.of(fromRate, toRate);
    if (filter == null) {
      together = 0;
      history = new float[0];
      inputs = new float[0][];
      sums = new float[0][];
      resampled = new float[0];
    } else {
      together = filter.interpolates() ? 1 : ROWS * filter.period;
      int more = (int) ((long) together * filter.outputs * filter.down / filter.up) + 1;
      history = new float[filter.depth + Math.max(filter.depth, more)];
      inputs = new float[ROWS][filter.depth];
      sums = new float[ROWS][filter.outputs];
      resampled = new float[together * filter.outputs];
    }
    reset();
  }

  /**
   * Takes the next samples and passes on the output available. Equal rates pass through unchanged.
   *
   * @param samples holds them
   * @param from index of the first sample
   * @param length number of samples
   * @param sink receives the output
   */
  public void accept(float[] samples, int from, int length, SampleSink sink) {
    if (filter == null) {
      sink.accept(samples, from, length);
      return;
    }
    received += length;
    for (int done = 0; done < length; ) {
      int n = Math.min(history.length - end, length - done);
      System.arraycopy(samples, from + done, history, end, n);
      end += n;
      done += n;
      while (end - begin >= filter.depth) {
        int blocks = complete();
        pass(blocks, blocks * filter.outputs, sink);
      }
      if (end == history.length) {
        moveToFront();
      }
    }
  }

  /**
   * Passes on the rest, as if silence followed, and resets. In total, n samples become {@code
   * ceil(n * toRate / fromRate)}.
   *
   * @param sink receives the output
   */
  public void finish(SampleSink sink) {
    if (filter == null) {
      return;
    }
    long total = (received * toRate + fromRate - 1) / fromRate;
    while (delivered < total) {
      moveToFront();
      if (end < filter.depth) {
        Arrays.fill(history, end, filter.depth, 0);
        end = filter.depth;
      }
      pass(1, (int) Math.min(filter.outputs, total - delivered), sink);
    }
    reset();
  }

  /** Starts a new stream. */
  public void reset() {
    begin = 0;
    end = filter == null ? 0 : filter.lead; // silence comes first
    Arrays.fill(history, 0, end, 0);
    phase = 0;
    received = 0;
    delivered = 0;
  }

  /**
   * Saves or restores the stream.
   *
   * @param snapshot of a resampler of the same rates
   */
  public void state(Snapshot snapshot) {
    snapshot.values(history);
    begin = snapshot.number(begin);
    end = snapshot.number(end);
    phase = snapshot.number(phase);
    received = snapshot.number(received);
    delivered = snapshot.number(delivered);
  }

  private void moveToFront() {
    System.arraycopy(history, begin, history, 0, end - begin);
    end -= begin;
    begin = 0;
  }

  /** Counts the blocks that have all their inputs, up to {@link #together}. */
  private int complete() {
    int blocks = 1;
    while (blocks < together && begin + ahead(blocks) / filter.up + filter.depth <= end) {
      blocks++;
    }
    return blocks;
  }

  /** How far after {@link #begin} a block begins, in inputs times {@code up}. */
  private long ahead(int block) {
    return phase + (long) block * filter.outputs * filter.down;
  }

  /** Passes on the first {@code count} outputs of the next blocks. */
  private void pass(int blocks, int count, SampleSink sink) {
    for (int first = 0; first < Math.min(blocks, filter.period); first++) {
      int rows = 0;
      for (int block = first; block < blocks; block += filter.period) {
        int from = begin + (int) (ahead(block) / filter.up);
        System.arraycopy(history, from, inputs[rows++], 0, filter.depth);
      }
      filter.apply(inputs, (int) (ahead(first) % filter.up), sums, rows);
      for (int row = 0; row < rows; row++) {
        int to = (first + row * filter.period) * filter.outputs;
        System.arraycopy(sums[row], 0, resampled, to, filter.outputs);
      }
    }
    long next = ahead(blocks);
    begin += (int) (next / filter.up);
    phase = (int) (next % filter.up);
    delivered += count;
    sink.accept(resampled, 0, count);
  }
}
