package io.github.rouse;

import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.capture.Microphone;
import java.io.Closeable;
import java.util.concurrent.CountDownLatch;

/**
 * Keeps a detector listening to a microphone, on a thread of its own or on the caller's. Samples
 * the microphone is known to have lost are passed on as a gap, so that event times follow the
 * clock.
 */
public final class Listener implements Runnable, Closeable {
  private static final int READ_MILLIS = 200; // how long a stop may take
  private static final int READS_PER_SECOND = 20;

  private final Microphone microphone;
  private final Detector detector;
  private final SampleSink heard;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean closing;
  private Thread thread; // of its own; null if it runs on the caller's

  /**
   * A listener that has not started.
   *
   * @param microphone closed with this
   * @param detector made for the microphone's rate; closed with this
   * @param heard is given each stretch of samples before the detector
   */
  public Listener(Microphone microphone, Detector detector, SampleSink heard) {
    this.microphone = microphone;
    this.detector = detector;
    this.heard = heard;
  }

  /** Listens on a daemon thread until {@link #close()}. */
  public Listener start() {
    thread = new Thread(this, "rouse-listener");
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  /** Listens on this thread until another closes the listener, or this one is interrupted. */
  @Override
  public void run() {
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
          heard.accept(samples, 0, read);
          detector.accept(samples, 0, read);
        }
      }
      detector.finish();
    } finally {
      detector.close();
      microphone.close();
      ended.countDown();
    }
  }

  /** Asks the listening to end; returns at once. */
  public void stop() {
    closing = true;
  }

  /** Samples lost so far, at the microphone's rate. */
  public long lostSamples() {
    return microphone.lostSamples();
  }

  /**
   * Stops, and waits until the last event has been raised and the microphone given back; from an
   * event's own handler it only stops.
   */
  @Override
  public void close() {
    stop();
    if (thread == null || thread == Thread.currentThread()) {
      return;
    }
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
