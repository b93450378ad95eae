package io.github.rouse.audio;

/** Mono samples that come in their own time, such as those of a microphone. */
public interface SampleSource {
  /** Samples per second. */
  int sampleRate();

  /**
   * Waits for the next samples.
   *
   * @param most samples to read
   * @return how many came, at least 1, or -1 at the end
   */
  int read(float[] mono, int most);
}
