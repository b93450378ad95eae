// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Standard output, which knows whether a write failed because nobody reads the pipe any more. */
public final class ResultStream extends PrintStream {
  // Java gives the system's text alone: EPIPE, and on Windows ERROR_NO_DATA and ERROR_BROKEN_PIPE.
  private static final Pattern UNREAD = Pattern.compile("(?i).*\\bpipe\\b.*");

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
  boolean unread() {
    return to.unread;
  }

  private static final class Checked extends FilterOutputStream {
    private boolean unread;

    Checked(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        unread = e.getMessage() != null && UNREAD.matcher(e.getMessage()).matches();
        throw e;
      }
    }
  }
}
