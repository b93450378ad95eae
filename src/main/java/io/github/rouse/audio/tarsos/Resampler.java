package io.github.rouse.audio.tarsos;

import io.github.rouse.audio.SampleSink;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings a stream of mono samples from one rate to another, band-limited.
 *
 * <p>Output sample k stands for the time {@code k / toRate}: the filter is symmetric and looks
 * ahead, so nothing is delayed in the stream, only in the clock. What comes out does not depend on
 * how the input was cut: TarsosDSP's resampler rounds its clock once a call, so it is always fed
 * blocks of one size.
 *
 * <p>The filter is TarsosDSP's long one (J. O. Smith's bandlimited interpolation, 17 zero crossings
 * a side, Kaiser window with beta 6, cut off at 0.9 of the lower Nyquist frequency).
 */
public final class Resampler {
  // Input samples given to the library at once: short, for they wait here; 3 ms at 44.1 kHz.
  private static final int BLOCK = 128;
  // Designing a filter takes as long as a second of sound: each is designed once and then copied.
  private static final int MOST_DESIGNED = 32; // half a megabyte each
  private static final Map<Double, be.tarsos.dsp.resample.Resampler> DESIGNED =
      new ConcurrentHashMap<>();

  private final int fromRate; // Hz
  private final int toRate; // Hz
  private final double factor; // output samples per input sample
  private final be.tarsos.dsp.resample.Resampler unused; // as built, to start afresh from
  private final float[] waiting = new float[BLOCK];
  private final FloatBuffer input = FloatBuffer.wrap(waiting);
  private final FloatBuffer output; // room for all that one block can bring out
  private be.tarsos.dsp.resample.Resampler filter;
  private int filled; // samples in waiting
  private long taken; // samples in
  private long given; // samples out

  /**
   * A stream at its start.
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
    if (DESIGNED.size() >= MOST_DESIGNED) { // rates come from files and from other machines
      DESIGNED.clear();
    }
    unused =
        factor == 1
            ? null
            : DESIGNED.computeIfAbsent(
                factor, f -> new be.tarsos.dsp.resample.Resampler(true, f, f));
    int reach = unused == null ? 0 : unused.getFilterWidth();
    output = FloatBuffer.allocate((int) ((BLOCK + 2 * reach + 16) * factor) + 16);
    reset();
  }

  /**
   * Takes the next samples, and hands on what can be computed so far. Equal rates pass through.
   *
   * @param samples holds them
   * @param from index of the first
   * @param length how many
   * @param sink takes the output
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
   * Hands on the rest, as if silence followed, and starts afresh. In all, n samples become {@code
   * ceil(n * toRate / fromRate)}.
   *
   * @param sink takes the output
   */
  public void finish(SampleSink sink) {
    if (factor != 1) {
      push(true, sink);
      reset();
    }
  }

  /** Forgets the stream so far. */
  public void reset() {
    filled = 0;
    taken = 0;
    given = 0;
    filter = unused == null ? null : new be.tarsos.dsp.resample.Resampler(unused);
  }

  private void push(boolean last, SampleSink sink) {
    input.clear().limit(filled);
    output.clear();
    filter.process(factor, input, last, output);
    taken += filled;
    filled = 0;
    // At the end the library may go on for a sample or two into the silence that follows.
    long most = last ? (taken * toRate + fromRate - 1) / fromRate - given : Long.MAX_VALUE;
    int n = (int) Math.min(output.position(), most);
    given += n;
    sink.accept(output.array(), 0, n);
  }
}
