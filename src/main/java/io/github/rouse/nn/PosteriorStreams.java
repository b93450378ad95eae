package io.github.rouse.nn;

/**
 * Streams through a network, whichever engine runs it; confined to one thread. The streams are
 * independent: what one is given changes no bit of another.
 */
public interface PosteriorStreams extends AutoCloseable {
  /**
   * Takes feature frames; what posteriors came out, until the next call. They do not depend on how
   * many frames come at a time, but several cost less than each by itself.
   *
   * @param frames of streams that there are, each [inputs]
   * @throws IllegalStateException if an engine that is not ours fails
   */
  StepBatch run(StepBatch frames);

  /** Forgets a stream so far. */
  void reset(int stream);

  @Override
  default void close() {}
}
