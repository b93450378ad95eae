// SPDX-License-Identifier: Apache-2.0
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
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.Mixer;

/**
 * Reads a capture device as an endless stream of samples at one rate: mono, or with {@link
 * Channel#EACH} frames of all channels, interleaved. It reopens a lost device when it returns, and
 * counts the samples lost meanwhile as a gap.
 *
 * <p>Three threads take part: a session reads the line and fills a ring, the caller reads the ring,
 * and a watcher checks five times a second that samples still arrive.
 *
 * <pre>{@code
 * try (Microphone microphone =
 *     Microphone.open(null, Channel.FIRST, 16_000, Microphone.Events.NONE)) {
 *   float[] samples = new float[1600];
 *   int read;
 *   while ((read = microphone.read(samples, 1000)) >= 0) { // another thread closes it
 *     System.out.println(read + " samples after a gap of " + microphone.takeGap());
 *   }
 * }
 * }</pre>
 */
public final class Microphone implements Closeable {
  private static final int RING_SECONDS = 10;
  private static final long OPEN_SECONDS = 5; // longest wait for the first opening
  private static final long GRACE_NANOS = 500_000_000L; // for the line to notice its end first
  private static final int WATCH_MILLIS = 200;

  /** Reports loss and recovery of the device, on the watcher's thread. */
  public interface Events {
    /** Ignores both. */
    Events NONE =
        new Events() {
          @Override
          public void lost(String reason) {}

          @Override
          public void recovered(double lostSeconds) {}
        };

    /**
     * The device no longer delivers samples. Called once per loss, and a second time if attempts to
     * reopen the device keep hanging in the sound system. Further attempts become less frequent,
     * down to one an hour, so a restart may be quicker.
     *
     * @param reason the problem, in one line
     */
    void lost(String reason);

    /**
     * The device delivers samples again.
     *
     * @param lostSeconds since its last sample
     */
    void recovered(double lostSeconds);

    /**
     * The device delivered sound, before resampling: for a level meter or a check of the sound.
     * Called on the capturing thread, which it must not delay. The arrays hold the sound only
     * during the call.
     *
     * @param interleaved [frames * channels], of all channels of the line
     * @param heard [frames], mono; with {@link Channel#EACH} [frames * channels]
     * @param frames number of frames
     * @param channels of the line
     * @param sampleRate of the line, Hz
     */
    default void captured(
        float[] interleaved, float[] heard, int frames, int channels, int sampleRate) {}
  }

  private final Mixer.Info device;
  private final Channel channel;
  private final int channels; // of a frame that is read
  private final int sampleRate; // Hz
  private final Events events;
  private final SampleRing ring;
  private final Thread watcher;
  private volatile String description;
  private volatile boolean closed;

  // State of the sessions, guarded by this.
  private final Map<CaptureSession, Long> sessions = new HashMap<>(); // with start times, nanoTime
  private final List<CaptureSession> hanging = new ArrayList<>(); // abandoned, not yet ended
  private CaptureSession current; // the delivering session; null before the first samples
  private AudioFormat lastFormat;
  private long lastSamplesAt; // nanoTime
  private Reopening reopening; // schedule for the current loss
  private boolean reportedHanging; // in the current loss
  private int attempts;
  private double lostSeconds; // length of the gap that just ended, or 0
  private volatile boolean lost; // written by the watcher only

  private Microphone(Mixer.Info device, Channel channel, int sampleRate, Events events) {
    this.device = device;
    this.channel = channel;
    boolean each = channel.choice() == Channel.Choice.EACH;
    channels = each ? CaptureLine.channels(AudioSystem.getMixer(device)) : 1;
    this.sampleRate = sampleRate;
    this.events = events;
    ring = new SampleRing(RING_SECONDS * sampleRate * channels, channels);
    watcher = new Thread(this::watch, "rouse-microphone");
    watcher.setDaemon(true);
  }

  /**
   * Opens a device and starts capture.
   *
   * @param deviceNameOrNumberOrNull as {@link CaptureDevices} lists it; null for the default
   * @param channel to listen to; {@link Channel#EACH} delivers all of them
   * @param sampleRate to deliver, Hz; if the device does not support it, its samples are resampled
   * @param events receives loss and recovery
   * @return the open microphone
   * @throws AudioUnavailableException if there is no such device, or it cannot be opened
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
    CaptureSession session = newSession(null); // not null: no other thread can close this yet
    try {
      CaptureLine line = session.opened.get(OPEN_SECONDS, TimeUnit.SECONDS);
      description = line.describe();
      synchronized (this) {
        lastSamplesAt = Math.max(lastSamplesAt, System.nanoTime());
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
   * <p>While the thread's interrupt flag is set, this method does not wait: it returns the samples
   * present, or 0. It leaves the flag set, so a calling loop that ignores the flag spins.
   *
   * @param into receives the samples in [-1, 1], in whole frames of {@link #channels}
   * @param timeoutMillis longest time to wait
   * @return samples read; 0 if none came in time or the thread is interrupted; -1 after {@link
   *     #close}
   */
  public int read(float[] into, int timeoutMillis) {
    return ring.read(into, timeoutMillis);
  }

  /** Frames captured that wait to be read. */
  public int available() {
    return ring.available() / channels;
  }

  /**
   * Returns the frames lost just before the last {@link #read}, and resets the count to 0.
   *
   * @return number of frames
   */
  public long takeGap() {
    return ring.takeGap() / channels;
  }

  /**
   * All frames lost so far, because the device was lost or the caller was late.
   *
   * @return number of frames
   */
  public long lostSamples() {
    return ring.lost() / channels;
  }

  /**
   * The device and its line's actual format.
   *
   * @return such as {@code default [default] at 44100 Hz, 1 channel, 16 bit}
   */
  public String describe() {
    return description;
  }

  /**
   * The channels delivered.
   *
   * @return samples of a frame: 1, or with {@link Channel#EACH} as many as the device offers; 2 of
   *     a sound server, which offers any number
   */
  public int channels() {
    return channels;
  }

  /**
   * The rate of the samples delivered.
   *
   * @return frames per second
   */
  public int sampleRate() {
    return sampleRate;
  }

  /** Closes the device; returns at once. Samples captured before can still be read. */
  @Override
  public void close() {
    synchronized (this) {
      if (!closed && lost && current == null) { // the gap has lasted until now
        ring.drop(frames(System.nanoTime() - lastSamplesAt) * channels);
      }
      closed = true;
      sessions.keySet().forEach(CaptureSession::abandon);
      sessions.clear();
    }
    ring.end();
  }

  /** Starts a session, or returns null if the microphone is closed. */
  CaptureSession newSession(AudioFormat before) {
    CaptureSession[] self = new CaptureSession[1]; // set before its thread starts
    CaptureTap tap =
        (interleaved, heard, frames, lineChannels, lineRate) -> {
          if (owns(self[0])) { // another session may still hang in the device
            events.captured(interleaved, heard, frames, lineChannels, lineRate);
          }
        };
    CaptureSession session =
        new CaptureSession(device, before, channel, channels, sampleRate, tap, this::deliver);
    self[0] = session;
    synchronized (this) {
      if (closed) {
        return null;
      }
      sessions.put(session, System.nanoTime());
    }
    session.start();
    return session;
  }

  private synchronized boolean owns(CaptureSession session) {
    return session == current;
  }

  private synchronized void deliver(CaptureSession from, float[] samples, int at, int length) {
    if (closed || length == 0 || !sessions.containsKey(from) || from.isOver()) {
      return;
    }
    long now = System.nanoTime();
    if (current == null) { // of several sessions, the first to deliver owns the ring
      current = from;
      if (lost) {
        lostSeconds = (now - lastSamplesAt) * 1e-9;
        notifyAll();
        ring.drop(Math.max(0, frames(now - lastSamplesAt) * channels - length));
      }
    }
    if (from == current) {
      lastSamplesAt = now;
      ring.write(samples, at, length);
    }
  }

  private long frames(long nanos) {
    return Math.round(nanos * 1e-9 * sampleRate);
  }

  private void watch() {
    while (!closed) {
      synchronized (this) {
        try {
          if (!lost || lostSeconds == 0) {
            wait(WATCH_MILLIS); // deliver() cuts it short
          }
        } catch (InterruptedException e) {
          return; // no one interrupts this private thread
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
      if (!over && System.nanoTime() - lastSamplesAt < patience) {
        return;
      }
      List.copyOf(sessions.keySet()).forEach(this::abandon);
      lost = true;
      lostSeconds = 0;
      attempts = 0;
      reopening = new Reopening(System.nanoTime());
      reportedHanging = false;
    }
    if (!closed) {
      events.lost(device.getName() + " stopped delivering sound");
    }
  }

  private void noticeRecovery() {
    double seconds;
    AudioFormat format = null;
    boolean attempt = false;
    boolean hangs = false;
    synchronized (this) {
      long now = System.nanoTime();
      cleanUp(now);
      seconds = lostSeconds;
      if (seconds > 0) {
        lost = false;
        if (current != null) {
          description = current.line().describe(); // its format may have changed
          lastFormat = current.line().lineFormat();
        }
      } else {
        attempt = reopening.attempt(now, sessions.size(), hanging.size());
        if (attempt) {
          format = attempts++ % 50 == 49 ? null : lastFormat;
        }
        hangs = hanging.size() >= Reopening.MAX_UNANSWERED && !reportedHanging;
        reportedHanging |= hangs;
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
          Reopening.MAX_UNANSWERED
              + " attempts to reopen "
              + device.getName()
              + " hang in the sound system; retrying less and less often");
    }
    if (attempt) {
      newSession(format);
    }
  }

  /** Abandons sessions that failed, and forgets those that have ended. */
  private void cleanUp(long now) {
    for (var attempt : List.copyOf(sessions.entrySet())) {
      CaptureSession session = attempt.getKey();
      boolean rival = current != null && session != current;
      boolean hopeless = current == null && now - attempt.getValue() > CaptureLine.START_NANOS;
      if (session.isOver() || rival || hopeless) {
        abandon(session);
      }
    }
    hanging.removeIf(session -> !session.isAlive());
  }

  private boolean allOver() {
    return sessions.keySet().stream().allMatch(CaptureSession::isOver);
  }

  /** Abandons a session; samples it still delivers are ignored. */
  private void abandon(CaptureSession session) {
    session.abandon();
    sessions.remove(session);
    hanging.add(session);
    if (session == current) {
      current = null;
    }
  }
}
