// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.engine;

import ai.onnxruntime.OrtException;
import java.util.ArrayDeque;
import java.util.Deque;

/** A stream's ONNX Runtime resources, closed together once, last opened first. */
final class OrtResources implements AutoCloseable {
  /** Closes one resource. */
  interface Closing {
    void close() throws OrtException;
  }

  private final Deque<Closing> all = new ArrayDeque<>();

  void add(Closing one) {
    all.push(one);
  }

  /** Closes all, even if some fail; throws the first failure. */
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

  /** Closes all after a failure; further failures are added to it as suppressed. */
  void closeAfter(Throwable failure) {
    try {
      close();
    } catch (OrtException e) {
      failure.addSuppressed(e);
    }
  }
}
