package io.github.rouse.audio;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sound.sampled.Mixer;

/**
 * A capture device as an endless stream of mono samples at one rate. A device that disappears is
 * looked for until it is back; what was missed meanwhile is counted, not waited for.
 *
 * <p>Three threads: a session reads the line and fills a ring, the caller reads the ring, and a
 * watcher looks ten times a second whether samples still come.
 */
public final class Microphone implements Closeable {
  private static final int RING_SECONDS = 10;
  private static final long OPEN_SECONDS = 5; // longest wait for a first opening
  private static final long RETRY_NANOS = 500_000_000L; // between attempts to reopen
  private static final long HOPELESS_NANOS = 1_200_000_000L; // an attempt without samples
  private static final int WATCH_MILLIS = 100;
  private static final int MOST_HANGING =
      8; // attempts stuck in native code before no more are made

  /** What happens to the device. Called on the watcher's thread. */
  public interface Events {
    /** Takes no notice. */
    Events NONE =
        new Events() {
          @Override
          public void lost(String reason) {}

          @Override
          public void recovered(double lostSeconds) {}
        };

    /**
     * The device no longer delivers. Told once, until it has recovered.
     *
     * @param reason what was noticed
     */
    void lost(String reason);

    /**
     * The device delivers again.
     *
     * @param lostSeconds since its last sample
     */
    void recovered(double lostSeconds);
  }

  private final Mixer.Info device;
  private final Channel channel;
  private final int sampleRate; // Hz
  private final Events events;
  private final SampleRing ring;
  private final Thread watcher;
  private final List<CaptureSession> hanging = new ArrayList<>(); // given up, not yet ended
  private volatile String description;
  private volatile boolean closed;

  // Of the line, guarded by this.
  private CaptureSession current; // the only one that may deliver
  private long heardAt; // nanoTime of the last samples
  private boolean lost;
  private double lostSeconds; // the last gap, once samples are back

  private Microphone(Mixer.Info device, Channel channel, int sampleRate, Events events) {
    this.device = device;
    this.channel = channel;
    this.sampleRate = sampleRate;
    this.events = events;
    ring = new SampleRing(RING_SECONDS * sampleRate);
    watcher = new Thread(this::watch, "rouse-microphone");
    watcher.setDaemon(true);
  }

  /**
   * Opens a device and starts to listen.
   *
   * @param deviceNameOrNumberOrNull as {@link CaptureDevices} lists it; null for the default
   * @param channel to listen to
   * @param sampleRate to deliver, Hz; the device is opened at this rate if it offers it, else what
   *     it gives is resampled
   * @param events hears of loss and recovery
   * @return the open microphone
   * @throws AudioUnavailableException if there is no such device, or it does not open
   */
  public static Microphone open(
      String deviceNameOrNumberOrNull, Channel channel, int sampleRate, Events events)
      throws AudioUnavailableException {
    if (sampleRate < 1000 || sampleRate > 1_000_000) {
      throw new IllegalArgumentException("sampleRate=" + sampleRate + ", expected 1000 to 1000000");
    }
    Mixer.Info device = CaptureDevices.find(deviceNameOrNumberOrNull);
    Microphone microphone = new Microphone(device, channel, sampleRate, events);
    microphone.openFirst();
    return microphone;
  }

  private void openFirst() throws AudioUnavailableException {
    CaptureSession session = newSession();
    try {
      CaptureLine line = session.opened.get(OPEN_SECONDS, TimeUnit.SECONDS);
      description = line.describe();
      synchronized (this) {
        heardAt = Math.max(heardAt, System.nanoTime());
      }
      watcher.start();
    } catch (ExecutionException e) {
      closed = true;
      String why = e.getCause().getMessage();
      throw new AudioUnavailableException(
          why == null ? e.getCause().toString() : why, e.getCause());
    } catch (TimeoutException e) {
      close();
      throw new AudioUnavailableException(
          "capture device " + device.getName() + " did not open in " + OPEN_SECONDS + " s", e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new AudioUnavailableException("interrupted while opening " + device.getName(), e);
    }
  }

  /**
   * Waits for samples.
   *
   * @param into takes them, mono in [-1, 1]
   * @param timeoutMillis longest time to wait
   * @return how many came, 0 if none did in time, -1 after {@link #close}
   */
  public int read(float[] into, int timeoutMillis) {
    return ring.read(into, timeoutMillis);
  }

  /**
   * Samples lost just before those that the last {@link #read} returned; asked again, 0.
   *
   * @return how many
   */
  public long takeGap() {
    return ring.takeGap();
  }

  /**
   * All samples lost so far, because the device was gone or the caller was late.
   *
   * @return how many
   */
  public long lostSamples() {
    return ring.lost();
  }

  /**
   * The device and the format its line really has.
   *
   * @return such as {@code default [default] at 44100 Hz, 1 channel, 16 bit}
   */
  public String describe() {
    return description;
  }

  /**
   * The rate of the samples delivered.
   *
   * @return samples per second
   */
  public int sampleRate() {
    return sampleRate;
  }

  /** Closes the device. Returns at once; what was captured before can still be read. */
  @Override
  public void close() {
    closed = true;
    synchronized (this) {
      if (current != null) {
        current.giveUp();
        current = null;
      }
    }
    ring.end();
  }

  private CaptureSession newSession() {
    CaptureSession session = new CaptureSession(device, channel, sampleRate, this::deliver);
    synchronized (this) {
      if (!closed) {
        current = session;
      }
    }
    session.start();
    return session;
  }

  private synchronized void deliver(CaptureSession from, float[] samples, int at, int length) {
    if (from != current || length == 0) {
      return; // given up: a later session has the ring
    }
    long now = System.nanoTime();
    if (lost && lostSeconds == 0) {
      lostSeconds = (now - heardAt) * 1e-9;
      ring.drop(Math.max(0, Math.round(lostSeconds * sampleRate) - length));
    }
    heardAt = now;
    ring.write(samples, at, length);
  }

  private void watch() {
    long attemptedAt = System.nanoTime();
    while (!closed) {
      try {
        Thread.sleep(WATCH_MILLIS);
      } catch (InterruptedException e) {
        return; // nobody does this to our own thread
      }
      hanging.removeIf(session -> !session.isAlive());
      String reason = null;
      double recovered = 0;
      boolean again = false;
      synchronized (this) {
        long now = System.nanoTime();
        boolean ended = current == null || !current.isAlive();
        if (!lost) {
          if (ended || now - heardAt > CaptureLine.STALL_NANOS + RETRY_NANOS) {
            lost = true;
            lostSeconds = 0;
            reason = device.getName() + " no longer delivers sound";
            dropSession();
            again = true;
          }
        } else if (lostSeconds > 0) {
          lost = false;
          recovered = lostSeconds;
        } else {
          long since = now - attemptedAt;
          again = ended ? since > RETRY_NANOS : since > HOPELESS_NANOS;
          if (again) {
            dropSession();
          }
        }
      }
      if (again && !closed && hanging.size() < MOST_HANGING) {
        attemptedAt = System.nanoTime();
        newSession();
      }
      tell(reason, recovered);
    }
  }

  private synchronized void dropSession() {
    if (current != null) {
      current.giveUp();
      hanging.add(current);
      current = null;
    }
  }

  private void tell(String reason, double recovered) {
    if (closed) {
      return;
    }
    if (reason != null) {
      events.lost(reason);
    }
    if (recovered > 0) {
      CaptureSession session;
      synchronized (this) {
        session = current;
      }
      CaptureLine line = session == null ? null : session.opened.getNow(null);
      if (line != null) {
        description = line.describe(); // it may have come back in another format
      }
      events.recovered(recovered);
    }
  }
}
