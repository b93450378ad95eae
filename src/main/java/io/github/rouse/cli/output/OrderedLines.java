// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import java.util.ArrayList;
import java.util.List;

/**
 * Prints the lines of parallel jobs in job order: the first unfinished part prints at once, later
 * parts are buffered.
 */
public final class OrderedLines {
  private final Console console;
  private final List<JobLines> parts = new ArrayList<>();
  private int current; // the part that prints directly

  public OrderedLines(Console console, int count) {
    this.console = console;
    for (int i = 0; i < count; i++) {
      parts.add(new JobLines(i));
    }
  }

  public JobLines part(int index) {
    return parts.get(index);
  }

  /** The lines of one part. */
  public final class JobLines {
    private final int index;
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean done;

    JobLines(int index) {
      this.index = index;
    }

    /** Adds a line of results. */
    public void print(String line) {
      add(() -> console.print(line));
    }

    /** Adds a message, in its place among the results. */
    public void say(String message) {
      add(() -> console.say(message));
    }

    private void add(Runnable output) {
      synchronized (OrderedLines.this) {
        if (index == current) {
          output.run();
        } else {
          waiting.add(output);
        }
      }
    }

    /** Ends this part. */
    public void finish() {
      synchronized (OrderedLines.this) {
        done = true;
        while (current < parts.size() && parts.get(current).done) {
          current++;
          if (current < parts.size()) {
            parts.get(current).waiting.forEach(Runnable::run);
            parts.get(current).waiting.clear();
          }
        }
      }
    }
  }
}
