// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.file.Problem;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A command's standard streams: results on {@code out}, everything else on {@code err}.
 *
 * @param in standard input
 * @param out results
 * @param err progress and messages
 * @param outIsTerminal whether {@code out} is a terminal
 * @param errIsTerminal whether {@code err} is a terminal
 */
public record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean outIsTerminal,
    boolean errIsTerminal) {

  private static final String CLEAR_LINE = "\r\033[K";

  /** The process's streams; the launcher sets properties for those that are terminals. */
  public static Console system() {
    return new Console(
        System.in,
        new ResultStream(new FileOutputStream(FileDescriptor.out)),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        Boolean.getBoolean("rouse.out.terminal"),
        Boolean.getBoolean("rouse.err.terminal"));
  }

  /** Prints a message line, replacing any progress line. */
  public synchronized void say(String message) {
    err.println((errIsTerminal ? CLEAR_LINE : "") + "rouse: " + harmless(message));
  }

  /** Text without characters that control a terminal, which a file's name may hold. */
  static String harmless(String text) {
    return text.replaceAll("[\\p{Cntrl}\\x{80}-\\x{9f}&&[^\\t\\n]]", "\ufffd");
  }

  /** Standard output is closed or full, so the command should stop. */
  public static final class LostOutput extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final boolean pipeClosed;

    private LostOutput(boolean pipeClosed) {
      super("stdout: cannot write");
      this.pipeClosed = pipeClosed;
    }

    /** Whether the pipe is closed, as {@code head} does once it has its lines; not an error. */
    public boolean pipeClosed() {
      return pipeClosed;
    }
  }

  /**
   * Prints a line of results, replacing any progress line.
   *
   * @throws LostOutput if it cannot be written, such as to a closed pipe
   */
  public synchronized void print(String line) {
    if (errIsTerminal && outIsTerminal) {
      err.print(CLEAR_LINE);
      err.flush();
    }
    out.print(line + System.lineSeparator()); // one write: lines of several processes do not mix
    if (out.checkError()) {
      throw new LostOutput(out instanceof ResultStream results && results.pipeClosed());
    }
  }

  /** Shows a line that the next one replaces, if {@code err} is a terminal. */
  public synchronized void progress(String line) {
    if (errIsTerminal) {
      err.print(CLEAR_LINE + line);
      err.flush();
    }
  }

  /** One line with the place and the reason of a failure. */
  public static String describe(Throwable problem) {
    return Problem.describe(problem);
  }
}
