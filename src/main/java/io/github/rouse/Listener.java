// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.capture.Microphone;
import java.io.Closeable;
import java.util.concurrent.CountDownLatch;

/**
 * Runs a detector on a microphone, on a background thread or the caller's. Samples that the
 * microphone reports lost become a gap, so event times follow the clock. An exception from the
 * detector's handler ends the listening; {@link Rouse#listen} guards against that.
 */
public final class Listener implements Runnable, Closeable {
  private static final int READ_MILLIS = 200; // longest delay of a stop
  private static final int READS_PER_SECOND = 20;

  private final Microphone microphone;
  private final Detector detector;
  private final SampleSink tap;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean closing;
  private volatile Thread thread; // in run(), or started for it; null before

  /**
   * Creates a listener that is not running.
   *
   * @param microphone closed with the listener
   * @param detector at the microphone's rate; closed with the listener
   * @param tap receives each block of samples before the detector
   */
  public Listener(Microphone microphone, Detector detector, SampleSink tap) {
    this.microphone = microphone;
    this.detector = detector;
    this.tap = tap;
  }

  /** Listens on a daemon thread until {@link #close()}. */
  public Listener start() {
    Thread background = new Thread(this, "rouse-listener");
    background.setDaemon(true);
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
      float[] samples = new float[microphone.sampleRate() / READS_PER_SECOND];
      while (!closing && !Thread.currentThread().isInterrupted()) {
        int read = microphone.read(samples, READ_MILLIS);
        long gap = microphone.takeGap();
        if (gap > 0) {
          detector.skip(gap);
        }
        if (read < 0) {
          break;
        } else if (read > 0) {
          tap.accept(samples, 0, read);
          detector.accept(samples, 0, read);
        }
      }
      detector.finish();
    } finally {
      release();
    }
  }

  private void release() {
    try (microphone) {
      detector.close();
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
