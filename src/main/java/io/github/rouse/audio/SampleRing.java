// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.util.concurrent.locks.LockSupport;

/**
 * Passes samples from one writing thread to one reading thread. The writer never waits: when the
 * ring is full it drops new samples and notes their place. The reader learns of the gap when it
 * gets there.
 *
 * <p>Lock-free: each side writes its own counters and reads the other's. A run of dropped samples
 * becomes one entry in a small second ring, noted just before the next sample is written.
 */
public final class SampleRing {
  private static final int GAPS = 64; // unread gaps; when full, the last gap grows

  private final float[] ring; // a power of two long
  private final int channels; // samples that stay together
  private final long[] gapPlace = new long[GAPS]; // samples accepted before the gap
  private final long[] gapLength = new long[GAPS]; // samples
  private volatile long written; // samples accepted
  private volatile long taken; // samples read
  private volatile long gapsWritten;
  private volatile long gapsTaken;
  private volatile long lost; // samples dropped so far
  private volatile boolean ended;
  private volatile Thread waiting; // the reader, while it waits
  private long pending; // writer only: samples dropped since the last one accepted
  private long gap; // reader only: samples lost just before the last read

  /**
   * Creates an empty ring.
   *
   * @param capacity samples that fit, at least
   */
  public SampleRing(int capacity) {
    this(capacity, 1);
  }

  /**
   * Creates an empty ring for frames of several channels, of which none is dropped or read in part.
   *
   * @param capacity samples that fit, at least
   * @param channels samples of a frame
   */
  public SampleRing(int capacity, int channels) {
    this.channels = channels;
    if (capacity < 1 || capacity > 1 << 28) {
      throw new IllegalArgumentException("capacity=" + capacity + ", expected 1 to 2^28 samples");
    }
    ring = new float[capacity == 1 ? 1 : Integer.highestOneBit(capacity - 1) << 1];
  }

  /**
   * Writes samples; drops those that do not fit, and frames with a value that is no sample, such as
   * NaN. For the writing thread.
   *
   * @param samples holds them
   * @param from index of the first sample
   * @param length number of samples
   */
  public void write(float[] samples, int from, int length) {
    int end = from + length;
    int next = from; // first sample neither written nor dropped
    for (int i = from; i < end; i++) {
      if (!SampleFormat.isSample(samples[i])) {
        int frame = i - (i - from) % channels;
        put(samples, next, frame - next);
        next = Math.min(frame + channels, end);
        drop(next - frame);
        i = next - 1;
      }
    }
    put(samples, next, end - next);
    wake();
  }

  private void put(float[] samples, int from, int length) {
    long at = written;
    int room = (int) (ring.length - (at - taken));
    int fits = Math.min(room, length);
    if (pending > 0 && gapsWritten - gapsTaken == GAPS) {
      fits = 0; // no room to note the gap before these samples
    }
    fits -= fits % channels;
    if (fits > 0) {
      noteGap(at);
      int start = (int) (at & ring.length - 1);
      int first = Math.min(fits, ring.length - start);
      System.arraycopy(samples, from, ring, start, first);
      System.arraycopy(samples, from + first, ring, 0, fits - first);
      written = at + fits;
    }
    drop(length - fits);
  }

  /**
   * Records samples that never arrived, such as an unplugged microphone's. For the writing thread.
   *
   * @param samples number of samples
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public void drop(long samples) {
    pending += samples;
    lost += samples;
  }

  /** Ends the stream: no more samples will come. */
  public void end() {
    ended = true;
    wake();
  }

  /**
   * Reads samples, up to the next gap; waits for the first. For the reading thread.
   *
   * <p>While the thread's interrupt flag is set, this method does not wait: it returns the samples
   * present, or 0. It leaves the flag set, so a calling loop that ignores the flag spins.
   *
   * @param into receives the samples
   * @param timeoutMillis longest time to wait
   * @return samples read; 0 if none came in time or the thread is interrupted; -1 after the end
   */
  public int read(float[] into, int timeoutMillis) {
    long deadline = System.nanoTime() + timeoutMillis * 1_000_000L;
    waiting = Thread.currentThread();
    boolean over = ended;
    while (written == taken && !over && !Thread.currentThread().isInterrupted()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      LockSupport.parkNanos(this, left);
      over = ended;
    }
    waiting = null;
    long at = taken;
    long end = Math.min(written, at + into.length - into.length % channels);
    gap = 0;
    if (end == at) {
      return over && written == at ? -1 : 0;
    }
    long open = gapsTaken;
    if (open < gapsWritten && gapPlace[(int) (open % GAPS)] == at) {
      gap = gapLength[(int) (open % GAPS)];
      gapsTaken = ++open;
    }
    if (open < gapsWritten) {
      end = Math.min(end, gapPlace[(int) (open % GAPS)]);
    }
    int n = (int) (end - at);
    int start = (int) (at & ring.length - 1);
    int first = Math.min(n, ring.length - start);
    System.arraycopy(ring, start, into, 0, first);
    System.arraycopy(ring, 0, into, first, n - first);
    taken = end;
    return n;
  }

  /** Samples that wait to be read. For the reading thread. */
  public int available() {
    return (int) (written - taken);
  }

  /**
   * Returns the samples lost just before the last {@link #read}, and resets the count to 0. For the
   * reading thread.
   *
   * @return number of samples
   */
  public long takeGap() {
    long length = gap;
    gap = 0;
    return length;
  }

  /**
   * All samples lost so far, including gaps the reader has not reached. For any thread.
   *
   * @return number of samples
   */
  public long lost() {
    return lost;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  private void noteGap(long at) {
    if (pending > 0) {
      int slot = (int) (gapsWritten % GAPS);
      gapPlace[slot] = at;
      gapLength[slot] = pending;
      gapsWritten++;
      pending = 0;
    }
  }

  private void wake() {
    Thread reader = waiting;
    if (reader != null) {
      LockSupport.unpark(reader);
    }
  }
}
