// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import io.github.rouse.serve.Limits;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * Messages on their way to a WebSocket client, sent one after another without blocking. A client
 * that leaves one unread for {@link Limits#UNREAD} is disconnected.
 */
final class SocketOutbox {
  private static final int WAITING = 1000; // events; far more than come in the time limit
  private static final int LIVE = 20; // waiting messages, from which levels are left out

  private final Session session;
  private final Deque<Consumer<Callback>> waiting = new ArrayDeque<>(); // guarded by this
  private long sendingSince; // ns, guarded by this; 0 if nothing is being sent
  private boolean closed; // guarded by this

  SocketOutbox(Session session) {
    this.session = session;
  }

  /** Queues a message. */
  void send(String message) {
    queue(sent -> session.sendText(message, sent));
  }

  /** Queues a binary message. */
  void send(ByteBuffer message) {
    queue(sent -> session.sendBinary(message, sent));
  }

  private void queue(Consumer<Callback> message) {
    synchronized (this) {
      if (closed) {
        return; // its failure would cut the connection before the client has read the rest
      }
      if (isStuck() || waiting.size() == WAITING) {
        waiting.clear();
        session.disconnect();
        return;
      }
      waiting.add(message);
    }
    sendNext();
  }

  /** Queues a message that is soon out of date, unless the client is slow. */
  void sendLive(String message) {
    boolean slow;
    synchronized (this) {
      slow = waiting.size() >= LIVE && !isStuck();
    }
    if (!slow) {
      send(message);
    }
  }

  private boolean isStuck() {
    return sendingSince != 0 && System.nanoTime() - sendingSince > Limits.UNREAD.toNanos();
  }

  private void sendNext() {
    Consumer<Callback> next;
    synchronized (this) {
      if (sendingSince != 0 || waiting.isEmpty()) {
        return;
      }
      next = waiting.remove();
      sendingSince = System.nanoTime();
    }
    next.accept(Callback.from(this::sent, problem -> session.disconnect()));
  }

  private void sent() {
    synchronized (this) {
      sendingSince = 0;
      notifyAll();
    }
    sendNext();
  }

  /**
   * Takes no more messages; closes the connection once everything is sent, or the client is too
   * slow.
   */
  void close(int status) {
    synchronized (this) {
      closed = true;
    }
    try {
      flush();
      session.close(status, "", Callback.NOOP);
    } catch (InterruptedException e) {
      session.disconnect();
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void flush() throws InterruptedException {
    long end = System.nanoTime() + Limits.UNREAD.toNanos();
    while ((sendingSince != 0 || !waiting.isEmpty()) && System.nanoTime() < end) {
      wait(100);
    }
  }
}
