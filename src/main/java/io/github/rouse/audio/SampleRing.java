package io.github.rouse.audio;

import java.util.concurrent.locks.LockSupport;

/**
 * Samples on their way from one thread to one other: the writer never waits. When the ring is full
 * it drops what is new and notes where in the stream that was; the reader, when it gets there,
 * learns of the gap.
 *
 * <p>Lock-free: each side writes its own counters and reads the other's. A dropped run becomes an
 * entry in a second small ring just before the first sample after it.
 */
public final class SampleRing {
  private static final int GAPS = 64; // unread gaps; with more, the last one grows

  private final float[] ring; // a power of two long
  private final long[] gapPlace = new long[GAPS]; // samples accepted before it
  private final long[] gapLength = new long[GAPS]; // samples
  private volatile long written; // samples accepted
  private volatile long taken; // samples read
  private volatile long gapsWritten;
  private volatile long gapsTaken;
  private volatile long lost; // samples dropped in all
  private volatile boolean ended;
  private volatile Thread waiting; // the reader, while it waits
  private long pending; // writer's: samples dropped since the last one accepted
  private long gap; // reader's: samples lost just before what was read last

  /**
   * An empty ring.
   *
   * @param capacity samples that fit in, at least
   */
  public SampleRing(int capacity) {
    if (capacity < 1 || capacity > 1 << 28) {
      throw new IllegalArgumentException("capacity=" + capacity + ", expected 1 to 2^28 samples");
    }
    ring = new float[capacity == 1 ? 1 : Integer.highestOneBit(capacity - 1) << 1];
  }

  /**
   * Puts samples in; drops those for which there is no room. For the writing thread.
   *
   * @param samples holds them
   * @param from index of the first
   * @param length how many
   */
  public void write(float[] samples, int from, int length) {
    long at = written;
    int room = (int) (ring.length - (at - taken));
    int fits = Math.min(room, length);
    if (pending > 0 && gapsWritten - gapsTaken == GAPS) {
      fits = 0; // nowhere to note the gap before these
    }
    if (fits > 0) {
      noteGap(at);
      int start = (int) (at & ring.length - 1);
      int first = Math.min(fits, ring.length - start);
      System.arraycopy(samples, from, ring, start, first);
      System.arraycopy(samples, from + first, ring, 0, fits - first);
      written = at + fits;
    }
    drop(length - fits);
    wake();
  }

  /**
   * Notes samples that never came, such as those of an unplugged microphone. For the writing
   * thread.
   *
   * @param samples how many
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  public void drop(long samples) {
    pending += samples;
    lost += samples;
  }

  /** Says that nothing more will come. */
  public void end() {
    ended = true;
    wake();
  }

  /**
   * Takes samples out, up to the next gap; waits for the first. For the reading thread.
   *
   * <p>While the thread's interrupt flag is set it does not wait: it hands out what is there, or
   * returns 0 at once. The flag stays set, so a loop around this must look at it, or it spins.
   *
   * @param into takes them
   * @param timeoutMillis longest time to wait
   * @return how many, 0 if none came in time or the thread is interrupted, -1 after the end
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
    long end = Math.min(written, at + into.length);
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

  /**
   * Samples lost just before those that the last {@link #read} returned; asked again, 0. For the
   * reading thread.
   *
   * @return how many
   */
  public long takeGap() {
    long length = gap;
    gap = 0;
    return length;
  }

  /**
   * All samples lost so far, those the reader has not come to included. For any thread.
   *
   * @return how many
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
