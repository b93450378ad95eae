// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventBacklogTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE); // ns; overflows
  private final EventBacklog backlog = new EventBacklog(now::get);

  @Test
  void aThousandEventsWaitAndTheOldestAreDropped() {
    for (int i = 0; i < 1003; i++) {
      backlog.add("t", "" + i);
    }
    assertEquals("3", backlog.first().payload());
    assertEquals(3, backlog.takeDropped());
    assertEquals(0, backlog.takeDropped());
  }

  @Test
  void anEventWaitsAnHour() {
    backlog.add("t", "old");
    now.addAndGet(Duration.ofMinutes(30).toNanos());
    backlog.add("t", "young");
    now.addAndGet(Duration.ofMinutes(30).toNanos());
    assertEquals("old", backlog.first().payload());
    now.addAndGet(1);
    assertEquals("young", backlog.first().payload());
    assertEquals(1, backlog.takeDropped());
  }

  @Test
  void onlyADeliveredEventLeaves() {
    backlog.add("t", "1");
    backlog.add("t", "2");
    EventBacklog.Message first = backlog.first();
    assertEquals(first, backlog.first());
    backlog.delivered(first);
    backlog.delivered(first); // again
    assertEquals("2", backlog.first().payload());
    backlog.delivered(backlog.first());
    assertNull(backlog.first());
    assertEquals(0, backlog.takeDropped());
  }
}
