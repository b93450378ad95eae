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
    return Windows::new;
  }

  private final class Windows implements Step {
    private final Window[] windows; // of each stream

    Windows(int streams) {
      windows = new Window[streams];
      Arrays.setAll(windows, stream -> new Window(classifier.start()));
    }

    @Override
    public void run(StepBatch in, StepBatch out) {
      out.clear();
      for (int i = 0; i < in.count; i++) {
        Window window = windows[in.streams[i]];
        if (window.add(in.rows[i])) {
          window.stream.classify(window.frames, out.add(in.streams[i]));
        }
      }
    }

    @Override
    public void reset(int stream) {
      windows[stream].reset();
    }
  }

  private final class Window {
    private final Stream stream;
    private final float[] frames = new float[window * inputs];
    private int missing = window; // frames until the next answer

    Window(Stream stream) {
      this.stream = stream;
    }

    /** Takes a frame; true if it is time for an answer. */
    boolean add(float[] frame) {
      System.arraycopy(frames, inputs, frames, 0, frames.length - inputs);
      System.arraycopy(frame, 0, frames, frames.length - inputs, inputs);
      if (--missing > 0) {
        return false;
      }
      missing = stride;
      return true;
    }

    void reset() {
      Arrays.fill(frames, 0);
      missing = window;
      stream.reset();
    }
  }
}
