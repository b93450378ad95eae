package io.github.rouse.audio.capture;

import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SampleRing;
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
 * watcher looks twenty times a second whether samples still come.
 */
public final class Microphone implements Closeable {
  private static final int RING_SECONDS = 10;
  private static final long OPEN_SECONDS = 5; // longest wait for a first opening
  private static final long GRACE_NANOS = 500_000_000L; // for the line to notice its end first
  private static final int WATCH_MILLIS = 50;

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
     * The device no longer delivers. Told once until it has recovered; and a second time if
     * attempts to open it again hang in the sound system, one after another. Those that follow come
     * ever more rarely, at last once an hour, so a restart may be quicker.
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
  private Reopening reopening; // of the present loss
  private boolean toldOfHanging; // of the present loss
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
    CaptureSession session = newSession(null); // not null: nobody else can close this yet
    try {
      CaptureLine line = session.opened.get(OPEN_SECONDS, TimeUnit.SECONDS);
      description = line.describe();
      synchronized (this) {
        heardAt = Math.max(heardAt, System.nanoTime());
        lastFormat = line.lineFormat();
      }
      watcher.start();
    } catch (ExecutionException e) {
      close();
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
   * <p>While the thread's interrupt flag is set it does not wait: it hands out what is there, or
   * returns 0 at once. The flag stays set, so a loop around this must look at it, or it spins.
   *
   * @param into takes them, mono in [-1, 1]
   * @param timeoutMillis longest time to wait
   * @return how many came, 0 if none did in time or the thread is interrupted, -1 after {@link
   *     #close}
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

  /** Starts a session, or returns null if closed: nobody would ever give it up. */
  CaptureSession newSession(AudioFormat before) {
    CaptureSession session = new CaptureSession(device, before, channel, sampleRate, this::deliver);
    synchronized (this) {
      if (closed) {
        return null;
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
          current == null ? CaptureLine.START_NANOS : CaptureLine.STALL_NANOS + GRACE_NANOS;
      boolean over = current != null ? current.isOver() : allOver();
      if (!over && System.nanoTime() - heardAt < patience) {
        return;
      }
      List.copyOf(sessions.keySet()).forEach(this::giveUp);
      lost = true;
      lostSeconds = 0;
      attempts = 0;
      reopening = new Reopening(System.nanoTime());
      toldOfHanging = false;
    }
    if (!closed) {
      events.lost(device.getName() + " no longer delivers sound");
    }
  }

  private void noticeRecovery() {
    double seconds;
    AudioFormat format = null;
    boolean attempt = false;
    boolean hangs = false;
    synchronized (this) {
      long now = System.nanoTime();
      sortOut(now);
      seconds = lostSeconds;
      if (seconds > 0) {
        lost = false;
        if (current != null) {
          description = current.line().describe(); // it may have come back in another format
          lastFormat = current.line().lineFormat();
        }
      } else {
        attempt = reopening.attempt(now, sessions.size(), hanging.size());
        if (attempt) {
          format = attempts++ % 50 == 49 ? null : lastFormat;
        }
        hangs = hanging.size() >= Reopening.MOST_UNANSWERED && !toldOfHanging;
        toldOfHanging |= hangs;
      }
    }
    if (closed) {
      return;
    }
    if (seconds > 0) {
      events.recovered(seconds);
    }
    if (hangs) {
      events.lost(
          Reopening.MOST_UNANSWERED
              + " attempts to open "
              + device.getName()
              + " again hang in the sound system; trying ever more rarely");
    }
    if (attempt) {
      newSession(format);
    }
  }

  /** Gives up the attempts that came to nothing, and forgets those that have ended. */
  private void sortOut(long now) {
    for (var attempt : List.copyOf(sessions.entrySet())) {
      CaptureSession session = attempt.getKey();
      boolean rival = current != null && session != current;
      boolean hopeless = current == null && now - attempt.getValue() > CaptureLine.START_NANOS;
      if (session.isOver() || rival || hopeless) {
        giveUp(session);
      }
    }
    hanging.removeIf(session -> !session.isAlive());
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
