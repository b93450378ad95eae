// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import io.github.rouse.audio.SampleSink;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.detect.DetectionPipeline;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.state.Snapshot;
import io.github.rouse.trigger.TriggerEvent;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Detects wake words in one stream: takes mono samples and raises {@link TriggerEvent}s, for any
 * number of models.
 *
 * <p>Posteriors and events do not depend on how the samples are split into calls. Models with the
 * same features share the feature computation. Use a detector from one thread; any thread and any
 * handler may close it.
 *
 * <pre>{@code
 * try (Detector detector =
 *     new Detector(List.of(model), 8000, Engine.NATIVE, event -> System.out.println(event))) {
 *   byte[] pcm = new byte[640];
 *   int length;
 *   while ((length = in.read(pcm)) > 0) { // 16-bit mono from a socket or a process
 *     detector.acceptBytes(pcm, 0, length);
 *   }
 *   detector.finish();
 * }
 * }</pre>
 */
public final class Detector implements SampleSink, AutoCloseable {
  private static final int ONLY = 0; // number of the single stream
  private static final int STATE = 2; // version of saved states

  private final List<DetectionPipeline> pipelines;
  private final int sampleRate; // Hz
  private final SixteenBit sixteenBit = new SixteenBit();
  private long position; // samples taken, including lost ones
  private Instant heard; // when the last of them was; null if they are not a microphone's
  private boolean busy; // guarded by this
  private boolean closed; // guarded by this

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
    this.sampleRate = sampleRate;
    pipelines = DetectionPipeline.of(models, engine, 1);
    DetectionHandler timed = new TimedHandler(sink);
    pipelines.forEach(pipeline -> pipeline.open(ONLY, sampleRate, timed));
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
    DetectionPipeline.check(samples, from, length);
    begin();
    try {
      feed(samples, from, length);
    } finally {
      end();
    }
  }

  private void feed(float[] samples, int from, int length) {
    position += length;
    for (DetectionPipeline pipeline : pipelines) {
      pipeline.feed(ONLY, samples, from, length);
      pipeline.decide();
    }
  }

  private void begin() {
    if (!tryBegin()) {
      throw new IllegalStateException("the detector is closed");
    }
  }

  private synchronized boolean tryBegin() {
    busy = !closed;
    return busy;
  }

  /** Releases what a handler or another thread closed meanwhile. */
  private synchronized void end() {
    busy = false;
    if (closed) {
      pipelines.forEach(DetectionPipeline::close);
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /**
   * Takes 16-bit samples; the same as floats of these values divided by 32768.
   *
   * @param from index of the first sample
   * @param length number of samples
   * @throws IllegalStateException if the detector is closed
   */
  public void accept(short[] samples, int from, int length) {
    begin();
    try {
      sixteenBit.convert(samples, from, length, this::feedWhileOpen);
    } finally {
      end();
    }
  }

  /**
   * Takes 16-bit little-endian samples as bytes; the same as floats of these values divided by
   * 32768. A call may end in the middle of a sample.
   *
   * @param from index of the first byte
   * @param length number of bytes
   * @throws IllegalStateException if the detector is closed
   */
  public void acceptBytes(byte[] pcm, int from, int length) {
    begin();
    try {
      sixteenBit.convert(pcm, from, length, this::feedWhileOpen);
    } finally {
      end();
    }
  }

  /** A handler may have closed the detector amid a call. */
  private void feedWhileOpen(float[] samples, int from, int length) {
    if (!isClosed()) {
      feed(samples, from, length);
    }
  }

  /**
   * Takes samples of a microphone.
   *
   * @param end when the last of them was heard
   */
  void accept(float[] samples, int from, int length, Instant end) {
    heard = end;
    accept(samples, from, length);
  }

  /**
   * Ends the stream and raises pending events; does nothing if the detector is closed. Call {@link
   * #reset()} before feeding more samples.
   */
  public void finish() {
    if (!tryBegin()) {
      return;
    }
    try {
      pipelines.forEach(pipeline -> pipeline.finish(ONLY));
    } finally {
      end();
    }
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
    begin();
    try {
      pipelines.forEach(pipeline -> pipeline.skip(ONLY, samples));
      position += samples;
    } finally {
      end();
    }
  }

  /**
   * Starts a new stream at time 0.
   *
   * @throws IllegalStateException if the detector is closed
   */
  public void reset() {
    begin();
    try {
      position = 0;
      sixteenBit.reset();
      pipelines.forEach(pipeline -> pipeline.reset(ONLY));
    } finally {
      end();
    }
  }

  /**
   * Saves what the detector remembers of the stream, so that another one, perhaps on another
   * machine, continues it with the same posteriors and events to the bit. Events that were raised
   * are not part of it. Call it between two calls of {@link #accept}, before {@link #finish}.
   *
   * @return some kilobytes for {@link #restore}
   * @throws UnsupportedOperationException if ONNX Runtime runs a model
   * @throws IllegalStateException if the detector is closed
   */
  public byte[] save() {
    return Snapshot.save(this::state);
  }

  /**
   * Continues a stream that {@link #save} saved.
   *
   * @param saved by a detector of the same models in the same order, at the same sample rate
   * @throws IllegalArgumentException if other models or another rate were saved, or the bytes are
   *     damaged; the detector then needs a {@link #reset}
   * @throws UnsupportedOperationException if ONNX Runtime runs a model
   * @throws IllegalStateException if the detector is closed
   */
  public void restore(byte[] saved) {
    try {
      state(Snapshot.from(saved));
    } catch (UncheckedIOException e) {
      throw new IllegalArgumentException("the saved state is damaged", e);
    }
  }

  private void state(Snapshot snapshot) {
    begin();
    try {
      snapshot.same("version", STATE);
      snapshot.same("groups of models", pipelines.size());
      position = snapshot.number(position);
      sixteenBit.state(snapshot);
      pipelines.forEach(pipeline -> pipeline.state(snapshot));
    } finally {
      end();
    }
  }

  /** Ends detection; no event follows. May be called again. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (!busy) {
        pipelines.forEach(DetectionPipeline::close);
      }
    }
  }

  /** Adds the time to the events of a microphone. */
  private final class TimedHandler implements DetectionHandler {
    private final DetectionHandler handler;

    TimedHandler(DetectionHandler handler) {
      this.handler = handler;
    }

    @Override
    public void event(TriggerEvent event) {
      if (!isClosed()) {
        handler.event(timed(event));
      }
    }

    @Override
    public void nearMiss(TriggerEvent miss) {
      if (!isClosed()) {
        handler.nearMiss(timed(miss));
      }
    }

    @Override
    public void posteriors(WakeModel model, long at, float[] posteriors) {
      handler.posteriors(model, at, posteriors);
    }

    private TriggerEvent timed(TriggerEvent event) {
      if (heard == null) {
        return event;
      }
      double ago = (double) position / sampleRate - event.atSeconds();
      return event.withTime(heard.minusNanos(Math.round(ago * 1e9)));
    }
  }
}
