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
 * Reads bodies up to {@link Limits#HEADER} before a thread handles the request, so that a slow
 * client holds no thread, with or without the token. {@link WebGuard} limits the number of longer
 * bodies, and of those of unknown length.
 */
final class ShortBodies extends Handler.Wrapper {
  private static final String LATE = ShortBodies.class.getName();

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
                Limits.HEADER, /* framingOverhead= */ -1, /* reject= */ false)));
    this.inside = inside;
    this.patience = patience;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (request.getLength() > Limits.HEADER) {
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
