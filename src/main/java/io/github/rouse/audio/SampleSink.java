package io.github.rouse.audio;

/** Takes mono samples in [-1, 1], in the order of time. */
@FunctionalInterface
public interface SampleSink {
  /**
   * Takes the next samples. The array belongs to the caller and is used again afterwards.
   *
   * @param samples holds them
   * @param from index of the first
   * @param length how many
   */
  void accept(float[] samples, int from, int length);
}
