// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/**
 * A third-party classifier over a sliding window of frames: it runs when the window is first full,
 * then every {@code stride} frames.
 *
 * @param inputs values per frame
 * @param outputs posteriors
 * @param parameters trained parameters in it
 * @param window frames per window
 * @param stride frames from one window to the next
 * @param classifier runs the windows
 */
public record Windowed(
    int inputs, int outputs, long parameters, int window, int stride, Classifier classifier)
    implements Layer {

  /** A classifier shared by all streams. */
  public interface Classifier {
    /** Starts a stream. */
    ClassifierStream start();
  }

  /** One stream's state in the classifier. Not thread-safe. */
  public interface ClassifierStream {
    /**
     * Classifies a window.
     *
     * @param frames [window * inputs], oldest first
     * @param out [outputs]
     */
    void classify(float[] frames, float[] out);

    /**
     * Saves or restores the stream.
     *
     * @throws UnsupportedOperationException if it cannot be saved
     */
    default void state(Snapshot snapshot) {
      throw new UnsupportedOperationException(PosteriorStreams.ONLY_NATIVE_STREAMS);
    }

    /** Resets the stream. */
    void reset();
  }

  /** Checks the sizes. */
  public Windowed {
    if (inputs < 1 || outputs < 1 || window < 1 || stride < 1 || stride > window) {
      throw new IllegalArgumentException(
          String.format(
              "inputs=%d outputs=%d window=%d stride=%d, expected at least 1, stride up to window",
              inputs, outputs, window, stride));
    }
  }

  @Override
  public int kernel() {
    return window;
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
    public void state(Snapshot snapshot) {
      for (Window one : windows) {
        snapshot.values(one.frames);
        one.missing = snapshot.number(one.missing);
        one.stream.state(snapshot);
      }
    }

    @Override
    public void reset(int stream) {
      windows[stream].reset();
    }
  }

  private final class Window {
    private final ClassifierStream stream;
    private final float[] frames = new float[window * inputs];
    private int missing = window; // frames until the next run

    Window(ClassifierStream stream) {
      this.stream = stream;
    }

    /** Takes a frame; returns true if the window is due. */
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
