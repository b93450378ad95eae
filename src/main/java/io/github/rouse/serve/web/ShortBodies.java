// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import io.github.rouse.serve.Limits;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Reads bodies up to {@link Limits#SHORT_BODY} before a thread handles the request, so that a slow
 * client holds no thread, with or without the token. {@link WebGuard} limits how many requests with
 * longer bodies, or bodies of unknown length, run at a time.
 */
final class ShortBodies extends Handler.Wrapper {
  private static final String LATE = ShortBodies.class.getName();
  private static final int OVERHEAD = 8; // bytes that Jetty counts for each piece that arrives
  private static final int MOST = Limits.SHORT_BODY * (1 + OVERHEAD) + 1; // also byte by byte

  private final Handler inside;
  private final Duration patience;

  /**
   * Wraps a handler.
   *
   * @param inside handles requests whose bodies have been read, or are long
   * @param patience how long a short body may take before its client is disconnected
   */
  ShortBodies(Handler inside, Duration patience) {
    super(
        new EagerContentHandler(
            new Read(inside),
            new EagerContentHandler.RetainedContentLoaderFactory(
                MOST, OVERHEAD, /* reject= */ false)));
    this.inside = inside;
    this.patience = patience;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (request.getLength() > Limits.SHORT_BODY) {
      return inside.handle(request, response, callback);
    }
    EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
    request.setAttribute(
        LATE,
        request
            .getComponents()
            .getScheduler()
            .schedule(
                () -> client.close(new TimeoutException("the body came too slowly")),
                patience.toMillis(),
                TimeUnit.MILLISECONDS));
    return super.handle(request, response, callback);
  }

  /** Handles a request whose short body has arrived. */
  private static final class Read extends Handler.Wrapper {
    Read(Handler inside) {
      super(inside);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      ((Scheduler.Task) request.getAttribute(LATE)).cancel();
      return super.handle(request, response, callback);
    }
  }
}
