// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import io.github.rouse.audio.SampleSink;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.detect.DetectionPipeline;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Detects wake words in many live streams. Each stream has its own events, bit-identical to those
 * of a {@link Detector}. One thread per processor serves a share of the streams: every {@code
 * latency} it collects their new samples and runs each network on all of them in one batch, which
 * is cheaper than stream by stream. Close the pool after use.
 *
 * <pre>{@code
 * try (DetectorPool pool = new DetectorPool(List.of(model), 1000, Duration.ofMillis(50))) {
 *   DetectorPool.PooledStream call = pool.open(8000, event -> System.out.println(event));
 *   call.accept(samples, 0, samples.length); // floats or shorts, as they arrive, from any thread
 *   call.close();
 * }
 * }</pre>
 */
public final class DetectorPool implements AutoCloseable {
  private static final int MAX_RATE = 1_000_000; // Hz; each stream buffers one second

  private final Worker[] workers;
  private final LongAdder busy = new LongAdder(); // ns
  private Set<String> words; // of the models, guarded by this

  /**
   * Creates a pool with no open streams.
   *
   * @param streams most streams open at a time
   * @param latency how long samples may wait to be batched; longer is cheaper
   * @throws IllegalArgumentException if a model cannot stream, or the list is empty
   */
  public DetectorPool(List<WakeModel> models, int streams, Duration latency) {
    if (streams < 1 || latency.isNegative() || latency.isZero()) {
      throw new IllegalArgumentException(
          "streams=" + streams + " latency=" + latency + ", expected above 0");
    }
    words = words(models);
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
   * @param sampleRate of the samples, Hz; resampled for models that need another rate
   * @param sink called on a pool thread, which serves no other stream meanwhile. If the sink
   *     throws, the stream ends and its next call throws with that cause. The sink may close
   *     streams and the pool, which then do not wait; it must not feed samples.
   * @throws IllegalArgumentException if the rate is below 1 Hz or above 1 MHz
   * @throws IllegalStateException if all streams are in use, or the pool is closed
   */
  public PooledStream open(int sampleRate, DetectionHandler sink) {
    return open(sampleRate, Set.of(), sink);
  }

  /**
   * Opens a stream for some of the words. Models with none of them do not run for it, which saves
   * their time.
   *
   * @param sampleRate of the samples, Hz; resampled for models that need another rate
   * @param words of which the sink receives events; empty for all
   * @param sink as in {@link #open(int, DetectionHandler)}
   * @throws IllegalArgumentException if no model knows one of the words, or the rate is below 1 Hz
   *     or above 1 MHz
   * @throws IllegalStateException if all streams are in use, or the pool is closed
   */
  public synchronized PooledStream open(int sampleRate, Set<String> words, DetectionHandler sink) {
    Set<String> wanted = Set.copyOf(words);
    for (String word : wanted) {
      if (!this.words.contains(word)) {
        throw new IllegalArgumentException("word=" + word + ", expected one of " + this.words);
      }
    }
    if (sampleRate < 1 || sampleRate > MAX_RATE) {
      throw new IllegalArgumentException(
          "sampleRate=" + sampleRate + ", expected 1 to " + MAX_RATE + " Hz");
    }
    Objects.requireNonNull(sink, "sink");
    return Arrays.stream(workers)
        .max(Comparator.comparing(Worker::room))
        .map(worker -> worker.open(sampleRate, wanted, sink))
        .orElseThrow();
  }

  /**
   * Replaces the models. Streams that are open keep theirs until they end.
   *
   * @throws IllegalArgumentException if a model cannot stream, or the list is empty; the pool then
   *     stays as it was
   */
  public synchronized void replace(List<WakeModel> models) {
    List<List<DetectionPipeline>> pipelines = new ArrayList<>();
    for (Worker worker : workers) {
      pipelines.add(DetectionPipeline.of(models, Engine.NATIVE, worker.streams.length()));
    }
    for (int w = 0; w < workers.length; w++) {
      workers[w].replace(pipelines.get(w));
    }
    words = words(models);
  }

  private static Set<String> words(List<WakeModel> models) {
    return models.stream()
        .flatMap(model -> model.words().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The time that all workers together have spent on samples. */
  public Duration busy() {
    return Duration.ofNanos(busy.sum());
  }

  /** Processes the samples received so far, then ends all streams. */
  @Override
  public void close() {
    for (Worker worker : workers) {
      worker.end();
    }
    for (Worker worker : workers) {
      worker.await();
    }
  }

  /** Whether the current thread belongs to a pool; such a thread must not wait for one. */
  private static boolean onWorker() {
    return Thread.currentThread() instanceof Worker;
  }

  /** One stream of the pool. Only one thread at a time may feed it. */
  public final class PooledStream implements SampleSink, AutoCloseable {
    private final Worker worker;
    private final int number; // of the worker's streams
    private final int sampleRate;
    private final Set<String> words;
    private final List<DetectionPipeline> pipelines; // that run for this stream
    private final DetectionHandler sink;
    private final SixteenBit sixteenBit = new SixteenBit(); // guarded by the stream's lock

    // Guarded by the stream's lock: samples that wait for the worker, at most one second.
    private float[] queued;
    private int filled;
    private long lost; // samples lost before the queued ones
    private boolean ending; // no more samples will come
    private boolean ended;
    private Throwable failure; // why the stream ended, unless it was closed

    // Used by the worker only.
    private float[] batch;
    private boolean opened;
    private boolean last; // the batch is the stream's last

    private PooledStream(
        Worker worker, int number, int sampleRate, Set<String> words, DetectionHandler sink) {
      this.worker = worker;
      this.number = number;
      this.sampleRate = sampleRate;
      this.words = words;
      pipelines =
          worker.pipelines.stream()
              .filter(pipeline -> pipeline.knowsOneOf(words))
              .collect(Collectors.toUnmodifiableList());
      this.sink = new GuardedSink(sink);
      queued = new float[sampleRate];
      batch = new float[sampleRate];
    }

    /**
     * Queues samples, which the pool processes within its latency. Blocks only if a full second is
     * queued, because the pool cannot keep up.
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
        waitUntil(() -> filled < queued.length);
        checkOpen();
        int fits = Math.min(from + length - at, queued.length - filled);
        System.arraycopy(samples, at, queued, filled, fits);
        filled += fits;
        at += fits;
      } while (at < from + length);
    }

    /**
     * Queues 16-bit samples; the same as floats of these values divided by 32768.
     *
     * @throws IllegalStateException if the stream has ended; the cause is what its sink threw
     */
    public synchronized void accept(short[] samples, int from, int length) {
      sixteenBit.convert(samples, from, length, this);
    }

    /**
     * Queues 16-bit little-endian samples as bytes, as {@link Detector#acceptBytes} does.
     *
     * @throws IllegalStateException if the stream has ended; the cause is what its sink threw
     */
    public synchronized void acceptBytes(byte[] pcm, int from, int length) {
      sixteenBit.convert(pcm, from, length, this);
    }

    /**
     * Reports that samples were lost before the next ones, as {@link Detector#skip} does. Waits
     * until the worker has taken the queued samples.
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
     * Ends the stream and waits until all its samples are processed; from a sink, it does not wait.
     *
     * @throws IllegalStateException if the sink threw or the pool failed, with the cause
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
        throw new IllegalStateException("a sink must not feed samples to a pool");
      }
    }

    private void checkOpen() {
      if (ending || ended) {
        throw new IllegalStateException("the stream has ended", failure);
      }
    }

    /** Wakes the worker until the condition holds or the stream has ended. */
    private synchronized void waitUntil(BooleanSupplier holds) {
      try {
        while (!holds.getAsBoolean() && !ended) {
          LockSupport.unpark(worker);
          wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for the pool", e);
      }
    }

    /** Feeds the queued samples to the pipelines. */
    private void feed() {
      if (!opened) {
        pipelines.forEach(pipeline -> pipeline.open(number, sampleRate, words, sink));
        opened = true;
      }
      int length;
      long gap;
      synchronized (this) {
        float[] swapped = batch;
        batch = queued;
        queued = swapped;
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
        pipeline.feed(number, batch, 0, length);
      }
    }

    private void finish() {
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

    /** Wraps the stream's sink: an exception from it ends this stream only. */
    private final class GuardedSink implements DetectionHandler {
      private final DetectionHandler sink;
      private boolean threw;

      GuardedSink(DetectionHandler sink) {
        this.sink = sink;
      }

      @Override
      public void event(TriggerEvent event) {
        try {
          if (!threw && isWanted(event)) {
            sink.event(event);
          }
        } catch (Throwable e) { // other JVM languages throw checked ones too
          end(e);
        }
      }

      @Override
      public void nearMiss(TriggerEvent miss) {
        try {
          if (!threw && isWanted(miss)) {
            sink.nearMiss(miss);
          }
        } catch (Throwable e) { // other JVM languages throw checked ones too
          end(e);
        }
      }

      @Override
      public void posteriors(WakeModel model, long at, float[] posteriors) {
        try {
          if (!threw) {
            sink.posteriors(model, at, posteriors);
          }
        } catch (Throwable e) { // other JVM languages throw checked ones too
          end(e);
        }
      }

      private boolean isWanted(TriggerEvent event) {
        return words.isEmpty() || words.contains(event.word());
      }

      private void end(Throwable reason) {
        threw = true;
        fail(reason);
      }
    }
  }

  /** A thread and the streams it serves. */
  private final class Worker extends Thread {
    private final AtomicReferenceArray<PooledStream> streams; // null where free
    private final long latency; // ns
    private volatile boolean closing;

    // Guarded by the worker's lock.
    private List<DetectionPipeline> pipelines; // of new streams
    private List<DetectionPipeline> running; // these, and those that open streams still have

    Worker(List<DetectionPipeline> pipelines, int streams, long latency) {
      super("rouse-pool");
      setDaemon(true);
      this.pipelines = pipelines;
      running = pipelines;
      this.streams = new AtomicReferenceArray<>(streams);
      this.latency = latency;
    }

    /** Number of streams that can still be opened. */
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

    synchronized PooledStream open(int sampleRate, Set<String> words, DetectionHandler sink) {
      if (closing) {
        throw new IllegalStateException("the pool is closed");
      }
      for (int i = 0; i < streams.length(); i++) {
        if (streams.get(i) == null) {
          PooledStream stream = new PooledStream(this, i, sampleRate, words, sink);
          streams.set(i, stream);
          return stream;
        }
      }
      throw new IllegalStateException("all streams of the pool are in use");
    }

    synchronized void replace(List<DetectionPipeline> others) {
      running =
          Stream.concat(running.stream(), others.stream()).collect(Collectors.toUnmodifiableList());
      pipelines = others;
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
          interrupted = true; // the queued samples still come first
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
          process();
          boolean unused = Thread.interrupted(); // set by a sink; parkNanos would not wait
          LockSupport.parkNanos(next - System.nanoTime());
        }
        each(PooledStream::endSoon);
        process();
      } catch (Throwable e) { // the callers of accept see it
        synchronized (this) {
          closing = true;
        }
        each(stream -> stream.end(e));
      } finally {
        running().forEach(DetectionPipeline::close);
      }
    }

    private void process() {
      long begun = System.nanoTime();
      each(PooledStream::feed);
      running().forEach(DetectionPipeline::decide);
      each(this::finishLast);
      retire();
      busy.add(System.nanoTime() - begun);
    }

    private synchronized List<DetectionPipeline> running() {
      return running;
    }

    /** Closes pipelines that no stream has any more. */
    private synchronized void retire() {
      if (running.size() == pipelines.size()) {
        return;
      }
      Set<DetectionPipeline> used = new HashSet<>(pipelines);
      each(stream -> used.addAll(stream.pipelines));
      running.stream()
          .filter(pipeline -> !used.contains(pipeline))
          .forEach(DetectionPipeline::close);
      running = running.stream().filter(used::contains).collect(Collectors.toUnmodifiableList());
    }

    private void finishLast(PooledStream stream) {
      if (stream.last) {
        stream.finish();
        streams.set(stream.number, null);
        stream.end(null);
      }
    }

    private void each(Consumer<PooledStream> work) {
      for (int i = 0; i < streams.length(); i++) {
        PooledStream stream = streams.get(i);
        if (stream != null) {
          work.accept(stream);
        }
      }
    }
  }
}
