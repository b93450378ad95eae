package io.github.rouse.nn;

/** One stream through a network, whichever engine runs it; confined to one thread. */
public interface PosteriorStream extends AutoCloseable {
  /**
   * Takes feature frames; how many steps of posteriors came out. They do not depend on how many
   * frames come at a time, but several cost less than each by itself.
   *
   * @param frames [count][inputs]
   * @throws IllegalStateException if an engine that is not ours fails
   */
  int run(float[][] frames, int count);

  /**
   * The posteriors of one of the steps that the last call of {@link #run} gave, [outputs];
   * overwritten by the next call.
   */
  float[] posteriors(int step);

  /** Forgets the stream so far. */
  void reset();

  @Override
  default void close() {}
}
