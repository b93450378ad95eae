package io.github.rouse;

import io.github.rouse.audio.Microphone;
import io.github.rouse.audio.SampleSink;
import java.io.Closeable;
import java.io.IOException;

/**
 * Keeps a detector listening to a microphone, on a thread of its own or on the caller's. Samples
 * the microphone lost are passed on as a gap, so that event times stay true to the clock.
 */
public final class Listener implements Runnable, Closeable {
  private static final int READ_MILLIS = 200; // how long a stop may take
  private static final int READ_SECONDS_PART = 20; // at most 50 ms of samples at a time

  private final Microphone microphone;
  private final Detector detector;
  private final SampleSink heard;
  private volatile boolean closing;
  private Thread thread;

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

  /** Listens on this thread until another closes the listener. */
  @Override
  public void run() {
    float[] samples = new float[microphone.sampleRate() / READ_SECONDS_PART];
    for (int read; !closing && (read = microphone.read(samples, READ_MILLIS)) >= 0; ) {
      long gap = microphone.takeGap();
      if (gap > 0) {
        detector.skip(gap);
      }
      if (read > 0) {
        heard.accept(samples, 0, read);
        detector.accept(samples, 0, read);
      }
    }
    detector.finish();
  }

  /** Asks the listening to end; returns at once. */
  public void stop() {
    closing = true;
  }

  /** Samples lost so far, at the microphone's rate. */
  public long lostSamples() {
    return microphone.lostSamples();
  }

  /** Stops, waits for the last event, and gives the microphone back. */
  @Override
  public void close() throws IOException {
    stop();
    if (thread != null && thread != Thread.currentThread()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    microphone.close();
    detector.close();
  }
}
