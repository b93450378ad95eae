// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Standard output that records whether a write failed because the pipe is closed. */
public final class ResultStream extends PrintStream {
  // Java gives the system's text alone: EPIPE, and on Windows ERROR_NO_DATA and ERROR_BROKEN_PIPE.
  private static final String CLOSED_PIPE = "(?i).*\\bpipe\\b.*";

  private final Checked to;

  /** Prints UTF-8 to a stream. */
  public ResultStream(OutputStream to) {
    this(new Checked(to));
  }

  private ResultStream(Checked to) {
    super(to, true, StandardCharsets.UTF_8);
    this.to = to;
  }

  /** Whether a write failed because the pipe's other end is closed. */
  boolean pipeClosed() {
    return to.pipeClosed;
  }

  private static final class Checked extends FilterOutputStream {
    private boolean pipeClosed;

    Checked(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        pipeClosed = e.getMessage() != null && e.getMessage().matches(CLOSED_PIPE);
        throw e;
      }
    }
  }
}
