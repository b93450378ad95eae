// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import io.github.rouse.serve.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The events that a client has still to read. A thread writes them while there are any. A client
 * that leaves output unread for {@link Limits#UNREAD}, or for which too much waits, is cut off;
 * nobody else waits for it.
 */
final class Outbox {
  private static final int MOST = 256; // events
  private static final String UNREAD = "left output unread";

  private final WritableByteChannel out;
  private final Executor writers;
  private final ScheduledExecutorService clock;
  private final Consumer<String> cutOff;

  // Guarded by this.
  private final Queue<byte[]> waiting = new ArrayDeque<>();
  private boolean writing;
  private boolean broken;

  /**
   * Creates an empty outbox.
   *
   * @param writers run the threads that write
   * @param clock ends writes that take too long
   * @param cutOff closes the connection for this reason, empty if the client has left
   */
  Outbox(
      WritableByteChannel out,
      Executor writers,
      ScheduledExecutorService clock,
      Consumer<String> cutOff) {
    this.out = out;
    this.writers = writers;
    this.clock = clock;
    this.cutOff = cutOff;
  }

  /** Sends an event, without waiting. */
  void send(WireEvent event) {
    if (!add(event.bytes())) {
      cut(UNREAD);
    }
  }

  private synchronized boolean add(byte[] event) {
    if (broken) {
      return true;
    }
    if (waiting.size() == MOST) {
      return false;
    }
    waiting.add(event);
    if (!writing) {
      try {
        writers.execute(this::write);
        writing = true;
      } catch (RejectedExecutionException e) { // the server stops
        broken = true;
      }
    }
    return true;
  }

  /** Waits until half of the room is free, or the client is cut off. */
  void awaitRoom() {
    awaitUntil(() -> waiting.size() <= MOST / 2);
  }

  /** Waits until all is written, or the client is cut off. */
  void flush() {
    awaitUntil(() -> !writing);
  }

  private synchronized void awaitUntil(BooleanSupplier holds) {
    try {
      while (!broken && !holds.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException e) { // the server stops
      broken = true;
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try {
      for (byte[] event = next(); event != null; event = next()) {
        Future<?> late =
            clock.schedule(() -> cut(UNREAD), Limits.UNREAD.toMillis(), TimeUnit.MILLISECONDS);
        ByteBuffer bytes = ByteBuffer.wrap(event);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        late.cancel(false);
      }
    } catch (IOException | RuntimeException e) { // the client is gone, or was cut off
      cut("");
    }
  }

  private synchronized byte[] next() {
    byte[] event = waiting.poll();
    writing = event != null;
    notifyAll();
    return event;
  }

  private void cut(String reason) {
    synchronized (this) {
      if (broken) {
        return;
      }
      broken = true;
      waiting.clear();
      notifyAll();
    }
    cutOff.accept(reason);
  }
}
