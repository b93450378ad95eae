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
 * The corridor for one stream: mono samples in, {@link TriggerEvent}s out, for any number of
 * models.
 *
 * <p>A model's posteriors and events do not depend on how the samples were cut into calls. Models
 * that hear the same features share their computation. Confined to one thread.
 */
public final class Detector implements SampleSink, AutoCloseable {
  private static final int ONLY = 0; // the stream

  private final List<DetectionPipeline> pipelines;

  /** A detector for one model on the native engine, fed at the model's own rate. */
  public Detector(WakeModel model, Consumer<TriggerEvent> events) {
    this(List.of(model), model.features().sampleRate(), Engine.NATIVE, events::accept);
  }

  /**
   * A detector for several models.
   *
   * @param sampleRate of the samples it will be given, Hz; resampled for models that need another
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
   * @param from index of the first
   * @param length how many
   */
  @Override
  public void accept(float[] samples, int from, int length) {
    DetectionPipeline.check(samples, from, length);
    for (DetectionPipeline pipeline : pipelines) {
      pipeline.accept(ONLY, samples, from, length);
      pipeline.decide();
    }
  }

  /**
   * Ends the stream: what is still on its way comes out. Further samples need a {@link #reset()}.
   */
  public void finish() {
    pipelines.forEach(pipeline -> pipeline.finish(ONLY));
  }

  /**
   * Says that samples were lost before the next ones. Time goes on, and listening starts afresh:
   * what stands before and after a gap is not one sound.
   *
   * @param samples how many, at the rate of {@link #accept}; a word already found is raised first
   */
  public void skip(long samples) {
    pipelines.forEach(pipeline -> pipeline.skip(ONLY, samples));
  }

  /** Forgets the stream so far, time included. */
  public void reset() {
    pipelines.forEach(pipeline -> pipeline.reset(ONLY));
  }

  @Override
  public void close() {
    pipelines.forEach(DetectionPipeline::close);
  }
}
