// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs work in parallel. */
final class Jobs {
  private Jobs() {}

  /**
   * Returns the results in the order of the work, for any {@code jobs}.
   *
   * @throws IOException from the first task that failed; its unchecked exceptions and errors
   *     propagate too
   */
  static <T> List<T> inOrder(List<Callable<T>> work, int jobs) throws IOException {
    ExecutorService workers =
        Executors.newFixedThreadPool(
            jobs,
            task -> {
              Thread thread = new Thread(task, "rouse-eval");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> one : work.stream().map(workers::submit).toList()) {
        results.add(one.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      } else if (e.getCause() instanceof RuntimeException runtime) {
        throw runtime;
      } else if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      workers.shutdownNow();
    }
  }
}
