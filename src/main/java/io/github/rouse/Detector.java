// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import io.github.rouse.audio.SampleSink;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.detect.DetectionPipeline;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.util.List;
import java.util.function.Consumer;

/**
 * Detects wake words in one stream: takes mono samples and raises {@link TriggerEvent}s, for any
 * number of models.
 *
 * <p>Posteriors and events do not depend on how the samples are split into calls. Models with the
 * same features share the feature computation. Use a detector from one thread.
 */
public final class Detector implements SampleSink, AutoCloseable {
  private static final int ONLY = 0; // number of the single stream

  private final List<DetectionPipeline> pipelines;
  private boolean closed;

  /** Creates a detector for one model, on the native engine and at the model's own sample rate. */
  public Detector(WakeModel model, Consumer<TriggerEvent> events) {
    this(List.of(model), model.features().sampleRate(), Engine.NATIVE, events::accept);
  }

  /**
   * Creates a detector for several models.
   *
   * @param sampleRate of the samples, Hz; resampled for models that need another rate
   * @throws IllegalArgumentException if a model cannot stream, or the list is empty
   */
  public Detector(List<WakeModel> models, int sampleRate, Engine engine, DetectionHandler sink) {
    pipelines = DetectionPipeline.of(models, engine, 1);
    pipelines.forEach(pipeline -> pipeline.open(ONLY, sampleRate, sink));
  }

  /**
   * Takes samples.
   *
   * @param samples in [-1, 1], all finite
   * @param from index of the first sample
   * @param length number of samples
   * @throws IllegalArgumentException if a sample is NaN, or more than 100 times full scale
   * @throws IllegalStateException if the detector is closed
   */
  @Override
  public void accept(float[] samples, int from, int length) {
    if (closed) {
      throw new IllegalStateException("the detector is closed");
    }
    DetectionPipeline.check(samples, from, length);
    for (DetectionPipeline pipeline : pipelines) {
      pipeline.feed(ONLY, samples, from, length);
      pipeline.decide();
    }
  }

  /**
   * Ends the stream and raises pending events. Call {@link #reset()} before feeding more samples.
   */
  public void finish() {
    pipelines.forEach(pipeline -> pipeline.finish(ONLY));
  }

  /**
   * Reports that samples were lost before the next ones. Time advances by the gap and detection
   * starts afresh, so sound before the gap is not joined to sound after it. A word already found is
   * raised first.
   *
   * @param samples number lost, at the rate of {@link #accept}
   */
  public void skip(long samples) {
    if (samples < 0) {
      throw new IllegalArgumentException("samples=" + samples + ", expected 0 or more");
    }
    pipelines.forEach(pipeline -> pipeline.skip(ONLY, samples));
  }

  /** Starts a new stream at time 0. */
  public void reset() {
    pipelines.forEach(pipeline -> pipeline.reset(ONLY));
  }

  @Override
  public void close() {
    closed = true;
    pipelines.forEach(DetectionPipeline::close);
  }
}
