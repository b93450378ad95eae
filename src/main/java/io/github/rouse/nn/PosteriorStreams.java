// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.state.Snapshot;

/**
 * Streams through a network, in any engine. Not thread-safe. The streams are independent: input to
 * one changes no bit of another.
 */
public interface PosteriorStreams extends AutoCloseable {
  /** Why a stream cannot be saved. */
  String ONLY_NATIVE_STREAMS = "only streams of the native engine can be saved";

  /**
   * Processes feature frames and returns the posteriors they complete, valid until the next call.
   * Posteriors do not depend on batching, but larger batches are cheaper.
   *
   * @param frames each [inputs], of existing streams
   * @throws IllegalStateException if a third-party engine fails
   */
  StepBatch run(StepBatch frames);

  /** Resets one stream. */
  void reset(int stream);

  /**
   * Saves or restores all streams.
   *
   * @throws UnsupportedOperationException if a third-party engine keeps their state
   */
  default void state(Snapshot snapshot) {
    throw new UnsupportedOperationException(ONLY_NATIVE_STREAMS);
  }

  @Override
  default void close() {}
}
