// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import io.github.rouse.DetectorPool;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.UnaryOperator;

/** The streams of all clients, in one pool with the models of a shelf. */
public final class StreamHub implements AutoCloseable {
  private static final Duration LATENCY = Duration.ofMillis(80); // samples wait 40 ms on average

  private final ModelShelf shelf;
  private final List<Activity> observers = new CopyOnWriteArrayList<>();
  private final Activity all = new Everyone();
  private final AtomicInteger open = new AtomicInteger();
  private final DoubleAdder heard = new DoubleAdder(); // seconds
  private final Thresholds thresholds;
  private volatile Models models = new Models(List.of());
  private Models offered = models; // with the thresholds of their files; guarded by this
  private DetectorPool pool; // guarded by this; null until models are loaded
  private boolean closed; // guarded by this

  /** Creates a hub that is not started. */
  public StreamHub(ModelShelf shelf) {
    this(shelf, Thresholds.none());
  }

  /** Creates a hub with thresholds that users have set, which is not started. */
  public StreamHub(ModelShelf shelf, Thresholds thresholds) {
    this.shelf = shelf;
    this.thresholds = thresholds;
  }

  /** Reports to an observer from now on. */
  public void observe(Activity observer) {
    observers.add(observer);
  }

  /** Reports to all observers. */
  public Activity activity() {
    return all;
  }

  /** Starts the shelf, see {@link ModelShelf#start}. */
  public void start() throws IOException {
    shelf.start(this::use, all::notice);
  }

  /**
   * Sets the threshold of a word, for streams that are opened from now on and for later starts.
   *
   * @throws IllegalArgumentException if no model has the word, or the threshold is out of range
   */
  public void setThreshold(String word, float threshold) throws IOException {
    if (!models.words().contains(word)) {
      throw new IllegalArgumentException("word=" + word + ", expected one of " + models.words());
    }
    thresholds.set(word, threshold);
    Models same;
    synchronized (this) {
      same = offered;
    }
    use(same);
  }

  private void use(Models fromShelf) {
    Models next =
        new Models(
            fromShelf.offers().stream()
                .map(offer -> offer.withModel(thresholds::applyTo))
                .toList());
    List<WakeModel> loaded = next.loaded();
    synchronized (this) {
      offered = fromShelf;
      if (!loaded.isEmpty() && !closed) {
        if (pool == null) {
          pool = new DetectorPool(loaded, Limits.STREAMS, LATENCY);
        } else {
          pool.replace(loaded);
        }
      }
      models = next;
    }
    all.modelsChanged(next);
  }

  /** The models on offer. */
  public Models models() {
    return models;
  }

  /**
   * The models on offer, once they are loaded.
   *
   * @throws IllegalStateException if they cannot be loaded
   */
  public Models awaitModels() {
    try {
      shelf.ready().join();
    } catch (CompletionException e) {
      throw new IllegalStateException("the models could not be loaded", e.getCause());
    }
    return models();
  }

  /** Streams that are open. */
  public int openStreams() {
    return open.get();
  }

  /** Seconds of sound received from all streams. */
  public double heardSeconds() {
    return heard.sum();
  }

  /** Seconds that detection has taken, over all streams and threads. */
  public synchronized double busySeconds() {
    return pool == null ? 0 : pool.busy().toNanos() / 1e9;
  }

  /**
   * Opens a stream. Waits for models that are still being loaded; models that change later are for
   * later streams.
   *
   * @param source see {@link Activity#event}
   * @param sampleRate of the samples, Hz
   * @param words to detect; empty for all
   * @param sink called on a thread of the pool: it must not block
   * @throws IllegalArgumentException if a word is unknown or the rate out of range
   * @throws IllegalStateException if too many streams are open, or no model is on offer
   */
  public Stream open(String source, int sampleRate, Set<String> words, DetectionHandler sink) {
    return open(source, sampleRate, words, sink, UnaryOperator.identity());
  }

  /**
   * Opens a stream whose detections are changed before anyone sees them.
   *
   * @param change wraps the handler that receives the changed detections
   */
  Stream open(
      String source,
      int sampleRate,
      Set<String> words,
      DetectionHandler sink,
      UnaryOperator<DetectionHandler> change) {
    awaitModels();
    if (open.incrementAndGet() > Limits.STREAMS) {
      open.decrementAndGet();
      throw new IllegalStateException("all " + Limits.STREAMS + " streams are in use");
    }
    DetectorPool.PooledStream pooled = null;
    try {
      pooled = pooled(sampleRate, words, change.apply(new Forwarder(source, sink)));
      Stream stream = new Stream(source, sampleRate, pooled);
      all.streamOpened(source);
      return stream;
    } catch (RuntimeException | Error e) {
      open.decrementAndGet();
      if (pooled != null) {
        pooled.close();
      }
      throw e;
    }
  }

  private synchronized DetectorPool.PooledStream pooled(
      int sampleRate, Set<String> words, DetectionHandler receiver) {
    if (closed || pool == null || models.offers().isEmpty()) {
      throw new IllegalStateException(closed ? "the server stops" : "there is no model yet");
    }
    return pool.open(sampleRate, words, receiver);
  }

  /** Ends all streams. The shelf stays open. */
  @Override
  public void close() {
    DetectorPool ended;
    synchronized (this) {
      closed = true;
      ended = pool;
    }
    if (ended != null) {
      ended.close();
    }
  }

  /** A client's stream; only one thread at a time may feed it. */
  public final class Stream implements SampleSink, AutoCloseable {
    private final String source;
    private final int sampleRate; // Hz
    private final DetectorPool.PooledStream pooled;
    private boolean ended;

    private Stream(String source, int sampleRate, DetectorPool.PooledStream pooled) {
      this.source = source;
      this.sampleRate = sampleRate;
      this.pooled = pooled;
    }

    /** Queues samples; blocks while a full second is queued. */
    @Override
    public void accept(float[] samples, int from, int length) {
      pooled.accept(samples, from, length);
      heard.add((double) length / sampleRate);
    }

    /** Reports that samples were lost before the next ones. */
    public void skip(long samples) {
      pooled.skip(samples);
    }

    /** Ends the stream, after the events of all its samples. */
    @Override
    public void close() {
      if (ended) {
        return;
      }
      ended = true;
      try {
        pooled.close();
      } finally {
        open.decrementAndGet();
        all.streamClosed(source);
      }
    }
  }

  /** Passes a stream's events on to its client, then to the observers. */
  private final class Forwarder implements DetectionHandler {
    private final String source;
    private final DetectionHandler sink;

    Forwarder(String source, DetectionHandler sink) {
      this.source = source;
      this.sink = sink;
    }

    @Override
    public void event(TriggerEvent event) {
      TriggerEvent timed = timed(event);
      sink.event(timed);
      all.event(source, timed);
    }

    @Override
    public void nearMiss(TriggerEvent miss) {
      TriggerEvent timed = timed(miss);
      sink.nearMiss(timed);
      all.nearMiss(source, timed);
    }

    /** All doors name the same time. */
    private static TriggerEvent timed(TriggerEvent event) {
      return event.withTime(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    }

    @Override
    public void posteriors(WakeModel model, long at, float[] posteriors) {
      sink.posteriors(model, at, posteriors);
    }
  }

  private final class Everyone implements Activity {
    @Override
    public void event(String source, TriggerEvent event) {
      observers.forEach(observer -> observer.event(source, event));
    }

    @Override
    public void nearMiss(String source, TriggerEvent miss) {
      observers.forEach(observer -> observer.nearMiss(source, miss));
    }

    @Override
    public void streamOpened(String source) {
      observers.forEach(observer -> observer.streamOpened(source));
    }

    @Override
    public void streamClosed(String source) {
      observers.forEach(observer -> observer.streamClosed(source));
    }

    @Override
    public void modelsChanged(Models models) {
      observers.forEach(observer -> observer.modelsChanged(models));
    }

    @Override
    public void notice(String line) {
      observers.forEach(observer -> observer.notice(line));
    }
  }
}
