// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.mqtt;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/**
 * The events that wait for the broker: at most {@value #MOST}, none older than an hour. Counts
 * those it drops. Thread-safe.
 */
final class EventBacklog {
  static final int MOST = 1000;
  static final Duration OLDEST = Duration.ofHours(1);

  /** An event for a topic. */
  record Message(long number, String topic, String payload, long since) {} // since: ns

  private final LongSupplier clock; // ns
  private final ArrayDeque<Message> waiting = new ArrayDeque<>();
  private long added;
  private int dropped;

  EventBacklog(LongSupplier clock) {
    this.clock = clock;
  }

  synchronized void add(String topic, String payload) {
    if (waiting.size() == MOST) {
      waiting.remove();
      dropped++;
    }
    waiting.add(new Message(added++, topic, payload, clock.getAsLong()));
  }

  /** The oldest event that is not too old, which stays until {@link #delivered}; or null. */
  synchronized Message first() {
    while (!waiting.isEmpty() && clock.getAsLong() - waiting.peek().since() > OLDEST.toNanos()) {
      waiting.remove();
      dropped++;
    }
    return waiting.peek();
  }

  /** The broker has this event. It may have been dropped meanwhile. */
  synchronized void delivered(Message message) {
    if (!waiting.isEmpty() && waiting.peek().number() == message.number()) {
      waiting.remove();
    }
  }

  synchronized int size() {
    return waiting.size();
  }

  /** How many events were dropped since the last call. */
  synchronized int takeDropped() {
    int taken = dropped;
    dropped = 0;
    return taken;
  }
}
