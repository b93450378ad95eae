// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.tarsos;

import be.tarsos.dsp.AudioEvent;
import be.tarsos.dsp.AudioProcessor;
import io.github.rouse.audio.SampleSink;

/**
 * The end of a TarsosDSP chain: passes each sample on once, although consecutive events may
 * overlap.
 *
 * <p>The first event's overlap is 0, or the zeros that the dispatcher puts before the sound, so
 * each event's own overlap is correct.
 *
 * <pre>{@code
 * Detector detector =
 *     new Detector(List.of(model), 44_100, Engine.NATIVE, e -> System.out.println(e));
 * AudioProcessor last = new DetectorProcessor(detector); // for AudioDispatcher.addAudioProcessor
 * }</pre>
 */
public final class DetectorProcessor implements AudioProcessor {
  private final SampleSink sink;

  /**
   * Creates a processor that feeds a sink.
   *
   * @param sink receives the new samples of every event
   */
  public DetectorProcessor(SampleSink sink) {
    this.sink = sink;
  }

  @Override
  public boolean process(AudioEvent event) {
    float[] samples = event.getFloatBuffer();
    int seen = Math.min(event.getOverlap(), samples.length);
    sink.accept(samples, seen, samples.length - seen);
    return true;
  }

  @Override
  public void processingFinished() {
    // The sink's owner ends the stream.
  }
}
