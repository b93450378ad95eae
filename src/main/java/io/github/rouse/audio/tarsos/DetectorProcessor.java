package io.github.rouse.audio.tarsos;

import be.tarsos.dsp.AudioEvent;
import be.tarsos.dsp.AudioProcessor;
import io.github.rouse.audio.SampleSink;

/**
 * The end of a TarsosDSP chain: hands each sample on once, although consecutive events may overlap.
 *
 * <p>The dispatcher gives its first event an overlap of 0, or of the zeros it was told to put
 * before the sound; so the event's own overlap is right for every event.
 */
public final class DetectorProcessor implements AudioProcessor {
  private final SampleSink sink;

  /**
   * A link from TarsosDSP to a sink.
   *
   * @param sink takes the new samples of every event
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
    // The sink's owner knows best what the end of the stream means.
  }
}
