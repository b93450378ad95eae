// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.BadMessageException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** A request's body. It fails if it comes too slowly, because it holds a thread. */
final class Body extends FilterInputStream {
  private static final long GRACE = TimeUnit.SECONDS.toNanos(30);
  private static final double LEAST_RATE = 1000; // bytes a second on average, checked after that

  private final long begun = System.nanoTime();
  private long read; // bytes

  private Body(InputStream in) {
    super(in);
  }

  /** The body of a request. */
  static InputStream of(Request request) {
    return new Body(Content.Source.asInputStream(request));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int count = super.read(into, from, length);
    read += Math.max(0, count);
    long taken = System.nanoTime() - begun;
    if (count > 0 && taken > GRACE && read < LEAST_RATE * taken / 1e9) {
      throw new BadMessageException(HttpStatus.REQUEST_TIMEOUT_408, "the body comes too slowly");
    }
    return count;
  }
}
