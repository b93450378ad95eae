// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

/**
 * Moves samples from a source to a sink until the source ends: with TarsosDSP's dispatcher if it is
 * on the class path, else with a plain loop. Both deliver the same samples.
 */
public interface SamplePump {
  /**
   * Runs until the source ends.
   *
   * @param block samples per call of the sink
   */
  void run(SampleSource source, int block, SampleSink sink);

  /** TarsosDSP's dispatcher, or the plain loop if TarsosDSP is not on the class path. */
  static SamplePump installed() {
    try {
      Class.forName("be.tarsos.dsp.AudioDispatcher", false, SamplePump.class.getClassLoader());
      return Class.forName("io.github.rouse.audio.tarsos.DispatcherPump")
          .asSubclass(SamplePump.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      return plain();
    }
  }

  /** A plain loop. */
  static SamplePump plain() {
    return SamplePump::loop;
  }

  private static void loop(SampleSource source, int block, SampleSink sink) {
    float[] samples = new float[block];
    int count;
    while ((count = source.read(samples, block)) >= 0) {
      sink.accept(samples, 0, count);
    }
  }
}
