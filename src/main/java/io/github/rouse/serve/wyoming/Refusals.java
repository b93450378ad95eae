// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import io.github.rouse.serve.Activity;

/** Counts the connections that were refused; reports them, but not each of a flood. */
final class Refusals implements AutoCloseable {
  private static final long BETWEEN = 60_000_000_000L; // ns between two reports

  private final Activity activity;
  private long last; // when the last report was
  private long untold;
  private String latest;

  Refusals(Activity activity) {
    this.activity = activity;
    last = System.nanoTime() - BETWEEN;
  }

  synchronized void refused(String host) {
    untold++;
    latest = host;
    if (System.nanoTime() - last >= BETWEEN) {
      report();
    }
  }

  private void report() {
    String others = untold == 1 ? "" : " and " + (untold - 1) + " other connections";
    activity.notice("Wyoming refused " + latest + others + ": see --allow");
    last = System.nanoTime();
    untold = 0;
  }

  @Override
  public synchronized void close() {
    if (untold > 0) {
      report();
    }
  }
}
