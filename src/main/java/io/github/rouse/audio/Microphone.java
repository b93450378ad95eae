package io.github.rouse.audio;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sound.sampled.AudioFormat;
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
  private static final long RETRY_NANOS = 500_000_000L; // half the time an attempt may hang alone
  private static final long QUICK_RETRY_NANOS = 200_000_000L; // and while they fail at once
  private static final int WATCH_MILLIS = 50;
  private static final int MOST_ATTEMPTS = 8; // at once, stuck ones included

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
  private volatile String description;
  private volatile boolean closed;

  // Of the line, guarded by this.
  private final Map<CaptureSession, Long> sessions = new HashMap<>(); // with their start, nanoTime
  private final List<CaptureSession> hanging = new ArrayList<>(); // given up, not yet ended
  private CaptureSession current; // the one that delivers, or null before the first samples
  private AudioFormat lastFormat;
  private long heardAt; // nanoTime of the last samples
  private long attemptAt; // nanoTime of the next attempt to reopen
  private int attempts;
  private double lostSeconds; // the gap that has just ended, or 0
  private volatile boolean lost; // written by the watcher only

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
    CaptureSession session = newSession(null);
    try {
      CaptureLine line = session.opened.get(OPEN_SECONDS, TimeUnit.SECONDS);
      description = line.describe();
      synchronized (this) {
        heardAt = Math.max(heardAt, System.nanoTime());
        lastFormat = line.lineFormat();
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
      sessions.keySet().forEach(CaptureSession::giveUp);
      sessions.clear();
    }
    ring.end();
  }

  private CaptureSession newSession(AudioFormat before) {
    CaptureSession session = new CaptureSession(device, before, channel, sampleRate, this::deliver);
    synchronized (this) {
      if (closed) {
        return session; // never started: nobody would give it up
      }
      sessions.put(session, System.nanoTime());
    }
    session.start();
    return session;
  }

  private synchronized void deliver(CaptureSession from, float[] samples, int at, int length) {
    if (closed || length == 0 || !sessions.containsKey(from) || from.isOver()) {
      return;
    }
    long now = System.nanoTime();
    if (current == null) { // of several attempts, the first to deliver has the ring
      current = from;
      if (lost) {
        lostSeconds = (now - heardAt) * 1e-9;
        notifyAll();
        ring.drop(Math.max(0, Math.round(lostSeconds * sampleRate) - length));
      }
    }
    if (from == current) {
      heardAt = now;
      ring.write(samples, at, length);
    }
  }

  private void watch() {
    while (!closed) {
      synchronized (this) {
        try {
          if (!lost || lostSeconds == 0) {
            wait(WATCH_MILLIS); // deliver() cuts it short
          }
        } catch (InterruptedException e) {
          return; // nobody does this to our own thread
        }
      }
      if (!lost) {
        noticeLoss();
      } else {
        noticeRecovery();
      }
    }
  }

  private void noticeLoss() {
    synchronized (this) {
      long patience =
          current == null ? CaptureLine.START_NANOS : CaptureLine.STALL_NANOS + RETRY_NANOS;
      boolean over = current != null ? current.isOver() : allOver();
      if (!over && System.nanoTime() - heardAt < patience) {
        return;
      }
      List.copyOf(sessions.keySet()).forEach(this::giveUp);
      lost = true;
      lostSeconds = 0;
      attempts = 0;
      attemptAt = System.nanoTime();
    }
    if (!closed) {
      events.lost(device.getName() + " no longer delivers sound");
    }
  }

  private void noticeRecovery() {
    double seconds;
    AudioFormat format = null;
    synchronized (this) {
      seconds = lostSeconds;
      long now = System.nanoTime();
      for (var attempt : List.copyOf(sessions.entrySet())) {
        CaptureSession session = attempt.getKey();
        boolean rival = current != null && session != current;
        boolean hopeless = current == null && now - attempt.getValue() > CaptureLine.START_NANOS;
        if (session.isOver() || rival || hopeless) {
          giveUp(session);
        }
      }
      hanging.removeIf(session -> !session.isAlive());
      if (seconds > 0) {
        lost = false;
        if (current != null) {
          description = current.line().describe(); // it may have come back in another format
          lastFormat = current.line().lineFormat();
        }
      } else if (now < attemptAt || sessions.size() + hanging.size() >= MOST_ATTEMPTS) {
        return;
      } else {
        // An attempt that merely waits may yet succeed, so the next one comes later and beside it.
        attemptAt = now + (sessions.isEmpty() ? QUICK_RETRY_NANOS : 2 * RETRY_NANOS);
        format = attempts++ % 50 == 49 ? null : lastFormat;
      }
    }
    if (closed) {
      return;
    }
    if (seconds > 0) {
      events.recovered(seconds);
    } else {
      newSession(format);
    }
  }

  private boolean allOver() {
    return sessions.keySet().stream().allMatch(CaptureSession::isOver);
  }

  /** Of the line's end: whatever the session still delivers is ignored from now on. */
  private void giveUp(CaptureSession session) {
    session.giveUp();
    sessions.remove(session);
    hanging.add(session);
    if (session == current) {
      current = null;
    }
  }
}
