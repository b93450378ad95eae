package io.github.rouse.engine;

import ai.onnxruntime.OrtException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What ONNX Runtime has opened for a stream, closed together, last first, once. */
final class OrtResources implements AutoCloseable {
  /** How one of them is closed. */
  interface Closing {
    void close() throws OrtException;
  }

  private final Deque<Closing> all = new ArrayDeque<>();

  void add(Closing one) {
    all.push(one);
  }

  /** Closes all, each even where another fails; the first failure is thrown. */
  @Override
  public void close() throws OrtException {
    OrtException failure = null;
    while (!all.isEmpty()) {
      try {
        all.pop().close();
      } catch (OrtException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Closes all because of a failure, which stays the one to be told. */
  void closeAfter(Throwable failure) {
    try {
      close();
    } catch (OrtException e) {
      failure.addSuppressed(e);
    }
  }
}
