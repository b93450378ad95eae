// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Gemm;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The training threads. Work is divided into one contiguous part per thread, so that with the same
 * thread count the same numbers are always added in the same order.
 */
public final class WorkerPool implements AutoCloseable {
  /** A task on one part of the work. */
  @FunctionalInterface
  public interface WorkerTask {
    /**
     * Processes one part.
     *
     * @param part index, from 0
     * @param from first item
     * @param to item after the last
     * @param product this thread's scratch for matrix products
     */
    void run(int part, int from, int to, Gemm product);
  }

  private final ExecutorService pool;
  private final Gemm[] products;

  public WorkerPool(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads=" + threads + ", expected at least 1");
    }
    products = new Gemm[threads];
    for (int i = 0; i < threads; i++) {
      products[i] = new Gemm();
    }
    pool =
        threads == 1
            ? null
            : Executors.newFixedThreadPool(
                threads - 1,
                work -> {
                  Thread thread = new Thread(work, "rouse-train");
                  thread.setDaemon(true);
                  return thread;
                });
  }

  public int count() {
    return products.length;
  }

  /** Runs a task on all parts of {@code items} and waits for them. */
  public void each(int items, WorkerTask work) {
    int parts = products.length;
    List<Future<?>> running = new ArrayList<>(parts - 1);
    for (int part = 1; part < parts; part++) {
      int p = part;
      running.add(
          pool.submit(() -> work.run(p, start(items, p), start(items, p + 1), products[p])));
    }
    work.run(0, 0, start(items, 1), products[0]);
    try {
      for (Future<?> one : running) {
        one.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException problem) {
        throw problem;
      } else if (e.getCause() instanceof Error problem) {
        throw problem;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private int start(int items, int part) {
    return (int) ((long) items * part / products.length);
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.shutdown();
    }
  }
}
