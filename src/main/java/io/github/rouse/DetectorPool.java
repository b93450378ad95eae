package io.github.rouse;

import io.github.rouse.audio.SampleSink;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.detect.DetectionPipeline;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Many live streams of sound in one process, each with its own events, to the bit those that a
 * {@link Detector} raises. A thread per processor hears a share of them: every {@code latency} it
 * takes what its streams were given, and the networks compute all of these at once, which is
 * cheaper than one by one. It has to be closed.
 *
 * <pre>{@code
 * try (DetectorPool pool = new DetectorPool(List.of(model), 1000, Duration.ofMillis(50))) {
 *   DetectorPool.Stream call = pool.open(8000, event -> System.out.println(event));
 *   call.accept(samples, 0, samples.length); // as they come, from any thread
 *   call.close();
 * }
 * }</pre>
 */
public final class DetectorPool implements AutoCloseable {
  private static final int HIGHEST_RATE = 1_000_000; // Hz; a second of it is kept

  private final Worker[] workers;

  /**
   * A pool without streams.
   *
   * @param streams how many may be open at a time
   * @param latency how long samples may wait for others; longer is cheaper
   * @throws IllegalArgumentException if a model cannot stream, or there is none
   */
  public DetectorPool(List<WakeModel> models, int streams, Duration latency) {
    if (streams < 1 || latency.isNegative() || latency.isZero()) {
      throw new IllegalArgumentException(
          "streams=" + streams + " latency=" + latency + ", expected above 0");
    }
    workers = new Worker[Math.min(streams, Runtime.getRuntime().availableProcessors())];
    for (int w = 0; w < workers.length; w++) {
      int share = (streams + workers.length - 1 - w) / workers.length;
      List<DetectionPipeline> pipelines = DetectionPipeline.of(models, Engine.NATIVE, share);
      workers[w] = new Worker(pipelines, share, latency.toNanos());
    }
    for (Worker worker : workers) {
      worker.start();
    }
  }

  /**
   * Opens a stream.
   *
   * @param sampleRate of its samples, Hz; resampled for models that need another
   * @param sink called on a thread of the pool, which hears no other stream meanwhile. If it
   *     throws, the stream ends, and its next call tells why. It may close streams and the pool,
   *     which then do not wait, but not give samples.
   * @throws IllegalArgumentException if the rate is below 1 Hz or above 1 MHz
   * @throws IllegalStateException if as many are open as may be, or the pool is closed
   */
  public synchronized Stream open(int sampleRate, DetectionHandler sink) {
    if (sampleRate < 1 || sampleRate > HIGHEST_RATE) {
      throw new IllegalArgumentException(
          "sampleRate=" + sampleRate + ", expected 1 to " + HIGHEST_RATE + " Hz");
    }
    Objects.requireNonNull(sink, "sink");
    return Arrays.stream(workers)
        .max(Comparator.comparing(Worker::room))
        .map(worker -> worker.open(sampleRate, sink))
        .orElseThrow();
  }

  /** Ends all streams; what they were given is heard first. */
  @Override
  public void close() {
    for (Worker worker : workers) {
      worker.end();
    }
    for (Worker worker : workers) {
      worker.await();
    }
  }

  /** Whether this is a thread of a pool, which must not wait for one. */
  private static boolean onWorker() {
    return Thread.currentThread() instanceof Worker;
  }

  /** One stream of the pool, given samples by one thread at a time. */
  public final class Stream implements SampleSink, AutoCloseable {
    private final Worker worker;
    private final int number; // of the worker's streams
    private final int sampleRate;
    private final DetectionHandler sink;

    // Under the stream's lock: what waits for the worker, a second at most.
    private float[] given;
    private int filled;
    private long lost; // samples, before these
    private boolean ending; // nothing more is to come
    private boolean ended;
    private Throwable failure; // why, if nobody asked for it

    // The worker's.
    private float[] taken;
    private boolean begun;
    private boolean last; // nothing comes after what was taken

    private Stream(Worker worker, int number, int sampleRate, DetectionHandler sink) {
      this.worker = worker;
      this.number = number;
      this.sampleRate = sampleRate;
      this.sink = new Contained(sink);
      given = new float[sampleRate];
      taken = new float[sampleRate];
    }

    /**
     * Takes samples, to be heard within the pool's latency. Waits only while a second of them
     * waits: where the pool cannot keep up.
     *
     * @param samples in [-1, 1], all finite
     * @throws IllegalStateException if the stream has ended; the cause is what its sink threw
     */
    @Override
    public synchronized void accept(float[] samples, int from, int length) {
      DetectionPipeline.check(samples, from, length);
      checkThread();
      int at = from;
      do {
        waitUntil(() -> filled < given.length);
        checkOpen();
        int fits = Math.min(from + length - at, given.length - filled);
        System.arraycopy(samples, at, given, filled, fits);
        filled += fits;
        at += fits;
      } while (at < from + length);
    }

    /**
     * Says that samples were lost before the next ones, as {@link Detector#skip}; waits until those
     * before have been taken.
     */
    public synchronized void skip(long samples) {
      if (samples < 0) {
        throw new IllegalArgumentException("samples=" + samples + ", expected 0 or more");
      }
      checkThread();
      waitUntil(() -> filled == 0);
      checkOpen();
      lost = Math.addExact(lost, samples);
    }

    /**
     * Ends the stream and waits until all of it has been heard; called by its own sink it does not
     * wait.
     *
     * @throws IllegalStateException if the sink threw, or the pool failed; the cause tells
     */
    @Override
    public synchronized void close() {
      ending = true;
      waitUntil(DetectorPool::onWorker);
      if (failure != null) {
        checkOpen();
      }
    }

    private static void checkThread() {
      if (onWorker()) {
        throw new IllegalStateException("samples given by a sink, on a thread of the pool");
      }
    }

    private void checkOpen() {
      if (ending || ended) {
        throw new IllegalStateException("the stream has ended", failure);
      }
    }

    /** Lets the worker hear until this holds or the stream has ended; under the stream's lock. */
    private synchronized void waitUntil(BooleanSupplier holds) {
      try {
        while (!holds.getAsBoolean() && !ended) {
          LockSupport.unpark(worker);
          wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while the pool was to hear", e);
      }
    }

    /** Hears what was given until now. */
    private void hear(List<DetectionPipeline> pipelines) {
      if (!begun) {
        pipelines.forEach(pipeline -> pipeline.open(number, sampleRate, sink));
        begun = true;
      }
      int length;
      long gap;
      synchronized (this) {
        float[] swapped = taken;
        taken = given;
        given = swapped;
        length = filled;
        filled = 0;
        gap = lost;
        lost = 0;
        last = ending;
        notifyAll();
      }
      for (DetectionPipeline pipeline : pipelines) {
        if (gap > 0) {
          pipeline.skip(number, gap);
        }
        pipeline.accept(number, taken, 0, length);
      }
    }

    private void finish(List<DetectionPipeline> pipelines) {
      for (DetectionPipeline pipeline : pipelines) {
        pipeline.finish(number);
        pipeline.release(number);
      }
    }

    private synchronized void end(Throwable reason) {
      failure = failure == null ? reason : failure;
      ended = true;
      notifyAll();
    }

    private synchronized void fail(Throwable reason) {
      failure = reason;
      ending = true;
    }

    private synchronized void endSoon() {
      ending = true;
    }

    /** The stream's sink: what it throws ends this stream and no other. */
    private final class Contained implements DetectionHandler {
      private final DetectionHandler sink;
      private boolean threw;

      Contained(DetectionHandler sink) {
        this.sink = sink;
      }

      @Override
      public void event(TriggerEvent event) {
        try {
          if (!threw) {
            sink.event(event);
          }
        } catch (Throwable e) { // of other languages, checked ones too
          end(e);
        }
      }

      @Override
      public void posteriors(WakeModel model, long at, float[] posteriors) {
        try {
          if (!threw) {
            sink.posteriors(model, at, posteriors);
          }
        } catch (Throwable e) { // of other languages, checked ones too
          end(e);
        }
      }

      private void end(Throwable reason) {
        threw = true;
        fail(reason);
      }
    }
  }

  /** A thread, and the streams it hears. */
  private final class Worker extends Thread {
    private final List<DetectionPipeline> pipelines;
    private final AtomicReferenceArray<Stream> streams; // null where none is
    private final long latency; // ns
    private volatile boolean closing;

    Worker(List<DetectionPipeline> pipelines, int streams, long latency) {
      super("rouse-pool");
      setDaemon(true);
      this.pipelines = pipelines;
      this.streams = new AtomicReferenceArray<>(streams);
      this.latency = latency;
    }

    /** How many streams may still be opened. */
    int room() {
      if (closing) {
        return 0;
      }
      int room = 0;
      for (int i = 0; i < streams.length(); i++) {
        room += streams.get(i) == null ? 1 : 0;
      }
      return room;
    }

    synchronized Stream open(int sampleRate, DetectionHandler sink) {
      if (closing) {
        throw new IllegalStateException("the pool is closed");
      }
      for (int i = 0; i < streams.length(); i++) {
        if (streams.get(i) == null) {
          Stream stream = new Stream(this, i, sampleRate, sink);
          streams.set(i, stream);
          return stream;
        }
      }
      throw new IllegalStateException("as many streams are open as the pool was made for");
    }

    void end() {
      synchronized (this) {
        closing = true;
      }
      LockSupport.unpark(this);
    }

    void await() {
      if (onWorker()) {
        return; // from a sink
      }
      boolean interrupted = false;
      while (isAlive()) {
        try {
          join();
        } catch (InterruptedException e) {
          interrupted = true; // what was given is heard first, all the same
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void run() {
      try {
        while (!closing) {
          long next = System.nanoTime() + latency;
          hear();
          boolean unused = Thread.interrupted(); // by a sink; the thread would not rest again
          LockSupport.parkNanos(next - System.nanoTime());
        }
        each(Stream::endSoon);
        hear();
      } catch (Throwable e) { // tells whoever gives samples
        synchronized (this) {
          closing = true;
        }
        each(stream -> stream.end(e));
      } finally {
        pipelines.forEach(DetectionPipeline::close);
      }
    }

    private void hear() {
      each(stream -> stream.hear(pipelines));
      pipelines.forEach(DetectionPipeline::decide);
      each(this::finishLast);
    }

    private void finishLast(Stream stream) {
      if (stream.last) {
        stream.finish(pipelines);
        streams.set(stream.number, null);
        stream.end(null);
      }
    }

    private void each(Consumer<Stream> work) {
      for (int i = 0; i < streams.length(); i++) {
        Stream stream = streams.get(i);
        if (stream != null) {
          work.accept(stream);
        }
      }
    }
  }
}
