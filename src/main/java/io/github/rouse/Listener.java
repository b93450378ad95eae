// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.capture.Microphone;
import java.io.Closeable;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Runs a detector on a microphone, or one on each of its channels. {@link Rouse#listen} makes one
 * that runs in the background. Samples that the microphone reports lost become a gap, so event
 * times follow the clock. Every method may be called from any thread.
 *
 * <pre>{@code
 * Listener listener = Rouse.listen(model).onEvent(event -> System.out.println(event)).start();
 * Runtime.getRuntime().addShutdownHook(new Thread(listener::close));
 * while (listener.isListening()) {
 *   Thread.sleep(60_000);
 *   System.out.println(listener.lostSamples() + " samples lost");
 * }
 * }</pre>
 */
public final class Listener implements Runnable, Closeable {
  private static final int READ_MILLIS = 200; // longest delay of a stop
  private static final int READS_PER_SECOND = 20;

  private final Microphone microphone;
  private final List<Detector> detectors; // by channel of the microphone
  private final List<SampleSink> taps; // by channel
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean closing;
  private volatile Thread thread; // in run(), or started for it; null before

  /**
   * Creates a listener that is not running. What the detector's handler throws ends the listening;
   * {@link Rouse#listen} guards against that.
   *
   * @param microphone closed with the listener
   * @param detector at the microphone's rate; closed with the listener
   * @param tap receives each block of samples before the detector
   */
  public Listener(Microphone microphone, Detector detector, SampleSink tap) {
    this(microphone, List.of(detector), List.of(tap));
  }

  /**
   * Creates a listener that is not running, with a detector for each channel of the microphone. See
   * {@link Channel#EACH}.
   *
   * @param microphone closed with the listener
   * @param detectors at the microphone's rate; closed with the listener
   * @param taps receive each block of samples of a channel before its detector
   */
  public Listener(Microphone microphone, List<Detector> detectors, List<SampleSink> taps) {
    if (detectors.size() != microphone.channels() || taps.size() != detectors.size()) {
      throw new IllegalArgumentException(
          "detectors=" + detectors.size() + ", expected one for each channel, and as many taps");
    }
    this.microphone = microphone;
    this.detectors = List.copyOf(detectors);
    this.taps = List.copyOf(taps);
  }

  /**
   * Listens on a daemon thread until {@link #close()}.
   *
   * @param failed receives what ends the listening early
   */
  Listener start(Consumer<Throwable> failed) {
    Thread background = new Thread(this, "rouse-listener");
    background.setDaemon(true);
    background.setUncaughtExceptionHandler((ended, problem) -> failed.accept(problem));
    thread = background;
    background.start();
    return this;
  }

  /** Listens until another thread closes the listener, or this thread is interrupted. */
  @Override
  public void run() {
    synchronized (this) {
      if (ended.getCount() == 0) {
        return; // closed before it ran
      }
      thread = Thread.currentThread();
    }
    try {
      int channels = microphone.channels();
      float[] samples = new float[microphone.sampleRate() / READS_PER_SECOND * channels];
      float[] mono = channels == 1 ? samples : new float[samples.length / channels];
      while (!closing && !Thread.currentThread().isInterrupted()) {
        int read = microphone.read(samples, READ_MILLIS);
        long gap = microphone.takeGap();
        if (gap > 0) {
          detectors.forEach(detector -> detector.skip(gap));
        }
        if (read < 0) {
          break;
        } else if (read > 0) {
          long waiting = microphone.available() * 1_000_000_000L / microphone.sampleRate(); // ns
          Instant end = Instant.now().minusNanos(waiting);
          for (int c = 0; c < channels; c++) {
            for (int i = 0; channels > 1 && i < read / channels; i++) {
              mono[i] = samples[i * channels + c];
            }
            taps.get(c).accept(mono, 0, read / channels);
            detectors.get(c).accept(mono, 0, read / channels, end);
          }
        }
      }
      detectors.forEach(Detector::finish);
    } finally {
      release();
    }
  }

  private void release() {
    try (microphone) {
      detectors.forEach(Detector::close);
    } finally {
      ended.countDown();
    }
  }

  /** Whether the listener has been started and has not ended. */
  public boolean isListening() {
    return thread != null && ended.getCount() > 0;
  }

  /** Asks the listener to stop; returns at once. */
  public void stop() {
    closing = true;
  }

  /** Samples lost so far, at the microphone's rate. */
  public long lostSamples() {
    return microphone.lostSamples();
  }

  /**
   * Stops, and waits until the last event is raised and the microphone closed. Called from an event
   * handler, it does not wait. May be called again, from any thread.
   */
  @Override
  public void close() {
    stop();
    synchronized (this) {
      if (thread == null) {
        release();
        return;
      }
    }
    if (thread == Thread.currentThread()) {
      return;
    }
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
