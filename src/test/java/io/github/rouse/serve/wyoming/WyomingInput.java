// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import io.github.rouse.serve.StreamHub;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** Serves a client whose bytes are known, for tests of other packages. */
public final class WyomingInput {
  private final StreamHub hub;
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          2,
          run -> {
            Thread thread = new Thread(run);
            thread.setDaemon(true);
            return thread;
          });

  /** Prepares to serve clients one after another. */
  public WyomingInput(StreamHub hub) {
    this.hub = hub;
  }

  /** Serves a client until its bytes end, or it breaks the protocol for good. */
  public void serve(byte[] bytes) throws IOException {
    Outbox out =
        new Outbox(
            Channels.newChannel(new ByteArrayOutputStream()), threads, threads, reason -> {});
    EventReader in = new EventReader(Channels.newChannel(new ByteArrayInputStream(bytes)));
    try {
      new Session(hub, "fuzzer", in, out).run();
    } catch (BadEventException e) {
      if (!e.fatal()) {
        throw new IllegalStateException("ends the session without need", e);
      }
    }
  }
}
