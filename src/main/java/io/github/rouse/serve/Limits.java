// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import java.time.Duration;

/** How much of the server a client may use. */
public final class Limits {
  /** Bytes in a message's header. */
  public static final int HEADER = 64 << 10;

  /** Bytes in a message's JSON. */
  public static final int DATA = 1 << 20;

  /** Bytes in a message's audio. */
  public static final int PAYLOAD = 4 << 20;

  /** Streams at a time, of all clients. */
  public static final int STREAMS = 64;

  /** Connections at a time to one door. */
  public static final int CONNECTIONS = 256;

  /** Connections of one address at a time to the web server: others find room. */
  public static final int CONNECTIONS_OF_ONE = CONNECTIONS * 3 / 4;

  /** Bytes of a request's body that arrive before a thread handles it. */
  public static final int SHORT_BODY = 7 << 10;

  /** Requests with longer bodies at a time. */
  public static final int BODIES = 16;

  /** Bytes of a file to scan. */
  public static final long UPLOAD = 2L << 30;

  /** How long a client may leave output unread. */
  public static final Duration UNREAD = Duration.ofSeconds(10);

  private Limits() {}
}
