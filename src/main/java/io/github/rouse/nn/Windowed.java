package io.github.rouse.nn;

import java.util.Arrays;

/**
 * A classifier that is not ours, over the last frames: it is asked once there are as many as it
 * reads, and again after every {@code stride} more.
 *
 * @param inputs values per frame
 * @param outputs posteriors
 * @param parameters trained numbers in it
 * @param window frames that it reads
 * @param stride frames from one answer to the next
 * @param classifier what it computes
 */
public record Windowed(
    int inputs, int outputs, long parameters, int window, int stride, Classifier classifier)
    implements Layer {

  /** What several streams share. */
  public interface Classifier {
    /** What one stream asks. */
    Stream start();
  }

  /** One stream's classifier, with what it remembers; confined to one thread. */
  public interface Stream {
    /**
     * Classifies a window.
     *
     * @param frames [window * inputs], oldest first
     * @param out [outputs]
     */
    void classify(float[] frames, float[] out);

    /** Forgets the stream so far. */
    void reset();
  }

  /** Checks the sizes. */
  public Windowed {
    if (inputs < 1 || outputs < 1 || window < 1 || stride < 1 || stride > window) {
      throw new IllegalArgumentException(
          String.format(
              "inputs=%d outputs=%d window=%d stride=%d, expected at least 1, and no frame left out",
              inputs, outputs, window, stride));
    }
  }

  @Override
  public Prepared prepare() {
    return () -> new Window(classifier.start());
  }

  private final class Window implements Step {
    private final Stream stream;
    private final float[] frames = new float[window * inputs];
    private int missing = window; // frames until the next answer

    Window(Stream stream) {
      this.stream = stream;
    }

    @Override
    public int run(float[][] in, int count, float[][] out) {
      int answers = 0;
      for (int t = 0; t < count; t++) {
        System.arraycopy(frames, inputs, frames, 0, frames.length - inputs);
        System.arraycopy(in[t], 0, frames, frames.length - inputs, inputs);
        if (--missing == 0) {
          missing = stride;
          stream.classify(frames, out[answers++]);
        }
      }
      return answers;
    }

    @Override
    public void reset() {
      Arrays.fill(frames, 0);
      missing = window;
      stream.reset();
    }
  }
}
