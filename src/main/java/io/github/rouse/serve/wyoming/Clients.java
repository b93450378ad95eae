// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import io.github.rouse.serve.StreamHub;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The connected clients of a door, and the threads that serve them. */
final class Clients implements AutoCloseable {
  private static final int LINGER = 1000; // ms in which a client may read why it was cut off

  private final StreamHub hub;
  private final ExecutorService threads = Executors.newCachedThreadPool(Clients::daemon);
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(1, Clients::daemon);
  private final Set<ByteChannel> connected = ConcurrentHashMap.newKeySet();

  Clients(StreamHub hub) {
    this.hub = hub;
    clock.setRemoveOnCancelPolicy(true);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "rouse-wyoming");
    thread.setDaemon(true);
    return thread;
  }

  int count() {
    return connected.size();
  }

  /**
   * Serves a client on a thread of its own, then closes the channel.
   *
   * @param source see {@link io.github.rouse.serve.Activity#event}
   * @param left runs after that
   */
  void add(ByteChannel channel, String source, Runnable left) {
    connected.add(channel);
    try {
      threads.execute(() -> run(channel, source, left));
    } catch (RejectedExecutionException e) { // the server stops
      close(channel);
    }
  }

  private void run(ByteChannel channel, String source, Runnable left) {
    try {
      serve(channel, source);
    } finally {
      close(channel);
      connected.remove(channel);
      left.run();
    }
  }

  private void serve(ByteChannel channel, String source) {
    Outbox outbox =
        new Outbox(
            channel,
            threads,
            clock,
            reason -> {
              close(channel);
              if (!reason.isEmpty()) {
                hub.activity().notice(source + " " + reason + "; disconnected");
              }
            });
    try {
      new Session(hub, source, new EventReader(channel), outbox).run();
      outbox.flush();
    } catch (BadEventException e) {
      hub.activity().notice(source + ": " + e.getMessage() + "; disconnected");
      outbox.flush();
      linger(channel);
    } catch (IOException e) {
      // the client is gone
    } catch (RuntimeException e) { // a bug, or the server stops
      if (!threads.isShutdown()) {
        hub.activity().notice(source + ": " + e);
        outbox.send(WireEvent.error("internal error", "internal"));
        outbox.flush();
      }
    }
  }

  /** Reads on for a moment: closing with unread input would discard what the client has to read. */
  private void linger(ByteChannel channel) {
    if (!(channel instanceof SocketChannel socket)) {
      return;
    }
    try {
      socket.shutdownOutput();
      var unused = clock.schedule(() -> close(channel), LINGER, TimeUnit.MILLISECONDS);
      ByteBuffer ignored = ByteBuffer.allocate(1 << 14);
      while (socket.read(ignored) >= 0) {
        ignored.clear();
      }
    } catch (IOException e) {
      // gone
    }
  }

  private static void close(ByteChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // nothing is left to do with it
    }
  }

  @Override
  public void close() {
    threads.shutdown();
    clock.shutdownNow();
    connected.forEach(Clients::close);
  }
}
