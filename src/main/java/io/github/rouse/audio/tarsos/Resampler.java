// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.tarsos;

import io.github.rouse.audio.SampleSink;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Resamples a stream of mono samples, band-limited.
 *
 * <p>Output sample k is the signal at time {@code k / toRate}. The filter is symmetric and looks
 * ahead, so output comes later but is not shifted in the stream. The output does not depend on how
 * the input is split into calls: TarsosDSP's resampler rounds its clock once per call, so it always
 * gets blocks of one size.
 *
 * <p>The filter is TarsosDSP's long one (J. O. Smith's bandlimited interpolation, 17 zero crossings
 * a side, Kaiser window with beta 6, cut off at 0.9 of the lower Nyquist frequency).
 */
public final class Resampler {
  // Input samples per call of the library. Short, because samples wait here: 3 ms at 44.1 kHz.
  private static final int BLOCK = 128;
  // Designing a filter takes as long as a second of sound: each is designed once, then copied.
  private static final int MAX_DESIGNED = 32; // half a megabyte each
  private static final Map<Double, be.tarsos.dsp.resample.Resampler> DESIGNED =
      new ConcurrentHashMap<>();

  private final int fromRate; // Hz
  private final int toRate; // Hz
  private final double factor; // output samples per input sample
  private final be.tarsos.dsp.resample.Resampler designed; // copied for each stream
  private final float[] waiting = new float[BLOCK];
  private final FloatBuffer input = FloatBuffer.wrap(waiting);
  private final FloatBuffer output; // holds the most output of one block
  private be.tarsos.dsp.resample.Resampler filter;
  private int filled; // samples in waiting
  private long received; // samples in
  private long delivered; // samples out

  /**
   * Creates a resampler for one stream.
   *
   * @param fromRate of the input, Hz
   * @param toRate of the output, Hz
   */
  public Resampler(int fromRate, int toRate) {
    if (fromRate < 1) {
      throw new IllegalArgumentException("fromRate=" + fromRate + ", expected at least 1 Hz");
    }
    if (toRate < 1) {
      throw new IllegalArgumentException("toRate=" + toRate + ", expected at least 1 Hz");
    }
    this.fromRate = fromRate;
    this.toRate = toRate;
    factor = (double) toRate / fromRate;
    if (DESIGNED.size() >= MAX_DESIGNED) { // files and clients choose the rates
      DESIGNED.clear();
    }
    designed =
        factor == 1
            ? null
            : DESIGNED.computeIfAbsent(
                factor, f -> new be.tarsos.dsp.resample.Resampler(true, f, f));
    int halfWidth = designed == null ? 0 : designed.getFilterWidth();
    output = FloatBuffer.allocate((int) ((BLOCK + 2 * halfWidth + 16) * factor) + 16);
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
    if (factor == 1) {
      sink.accept(samples, from, length);
      return;
    }
    for (int done = 0; done < length; ) {
      int n = Math.min(BLOCK - filled, length - done);
      System.arraycopy(samples, from + done, waiting, filled, n);
      filled += n;
      done += n;
      if (filled == BLOCK) {
        push(false, sink);
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
    if (factor != 1) {
      push(true, sink);
      reset();
    }
  }

  /** Starts a new stream. */
  public void reset() {
    filled = 0;
    received = 0;
    delivered = 0;
    filter = designed == null ? null : new be.tarsos.dsp.resample.Resampler(designed);
  }

  private void push(boolean last, SampleSink sink) {
    input.clear().limit(filled);
    output.clear();
    filter.process(factor, input, last, output);
    received += filled;
    filled = 0;
    // At the end the library may produce a sample or two too many, from the silence that follows.
    long most = last ? (received * toRate + fromRate - 1) / fromRate - delivered : Long.MAX_VALUE;
    int n = (int) Math.min(output.position(), most);
    delivered += n;
    sink.accept(output.array(), 0, n);
  }
}
