package io.github.rouse.feature;

import java.util.Arrays;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * The streaming front end: samples in, feature frames out. Frames do not depend on how the samples
 * were cut into calls. Confined to one thread; allocates nothing itself, but JTransforms does where
 * the transform's length is no power of two.
 */
public final class Spectrogram {
  /** Receives frames. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes one frame.
     *
     * @param frame [bins], overwritten by the next frame
     * @param level mean square of the frame's samples in [-1, 1]
     */
    void accept(float[] frame, float level);
  }

  private final FeatureSpec spec;
  private final float[] recent; // the frame being filled, oldest sample first
  private final double[] window; // [frameLength]
  private final DoubleFFT_1D fft;
  private final double[] transform; // [fftLength], packed as JTransforms does
  private final double[] power; // [fftLength / 2 + 1]
  private final Shaping shaping;
  private final float[] frame; // [bins]
  private int filled; // samples in recent

  /** A fresh stream of the features that {@code spec} says. */
  public Spectrogram(FeatureSpec spec) {
    this.spec = spec;
    recent = new float[spec.frameLength()];
    fft = new DoubleFFT_1D(spec.fftLength());
    transform = new double[spec.fftLength()];
    power = new double[spec.fftLength() / 2 + 1];
    window = spec.window();
    shaping = Shaping.of(spec);
    frame = new float[spec.bins()];
  }

  /** Takes samples in [-1, 1] at the spec's rate; each frame they complete goes to the sink. */
  public void accept(float[] samples, int from, int length, Sink sink) {
    int end = from + length;
    int at = from;
    while (at < end) {
      int taken = Math.min(end - at, recent.length - filled);
      System.arraycopy(samples, at, recent, filled, taken);
      filled += taken;
      at += taken;
      if (filled == recent.length) {
        sink.accept(frame, transform());
        System.arraycopy(recent, spec.hop(), recent, 0, recent.length - spec.hop());
        filled -= spec.hop();
      }
    }
  }

  /** Forgets the stream so far. */
  public void reset() {
    filled = 0;
    shaping.reset();
  }

  private float transform() {
    double squares = 0;
    for (int i = 0; i < recent.length; i++) {
      squares += (double) recent[i] * recent[i];
      transform[i] = recent[i] * window[i];
    }
    Arrays.fill(transform, recent.length, transform.length, 0);
    fft.realForward(transform);
    int half = transform.length / 2;
    power[0] = transform[0] * transform[0];
    for (int k = 1; k < (transform.length + 1) / 2; k++) {
      double re = transform[2 * k];
      double im = k == half && transform.length % 2 == 1 ? transform[1] : transform[2 * k + 1];
      power[k] = re * re + im * im;
    }
    if (transform.length % 2 == 0) {
      power[half] = transform[1] * transform[1];
    }
    shaping.apply(power, frame);
    return (float) (squares / recent.length);
  }
}
