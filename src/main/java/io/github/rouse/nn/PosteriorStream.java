package io.github.rouse.nn;

/** One stream through a network, whichever engine runs it; confined to one thread. */
public interface PosteriorStream extends AutoCloseable {
  /**
   * Takes one feature frame; true if a step of posteriors came out.
   *
   * @param frame [inputs]
   * @throws IllegalStateException if an engine that is not ours fails
   */
  boolean step(float[] frame);

  /** The last step's posteriors, [outputs]; overwritten by the next step. */
  float[] posteriors();

  /** Forgets the stream so far. */
  void reset();

  @Override
  default void close() {}
}
