// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import com.sun.management.ThreadMXBean;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Live streams against CPU: each is given 20 ms of sound every 20 ms, for a while in a pool, then
 * to a detector of its own. Prints of both how much of one processor they take, and of the pool how
 * late posteriors are.
 */
public final class LiveStreams {
  private static final int PACKETS_PER_SECOND = 50;
  private static final Duration LATENCY = Duration.ofMillis(50);
  private static final double WARM_UP_SECONDS = 15;

  private final WakeModel model;
  private final int streams;
  private final float[] sound;
  private final double[] late; // seconds, of a share of the posteriors
  private int counted;
  private long start;

  private LiveStreams(WakeModel model, int streams, double seconds) {
    this.model = model;
    this.streams = streams;
    int rate = model.features().sampleRate();
    sound = new float[(int) ((WARM_UP_SECONDS + seconds) * rate)];
    Random random = new Random(1);
    for (int i = 0; i < sound.length; i++) { // loud and soft by turns
      sound[i] = (float) (0.1 * random.nextGaussian() * (1 + Math.sin(i * 20.0 / rate)) / 2);
    }
    late = new double[1 << 20];
  }

  /** Measures; the arguments are the model, seconds, and numbers of streams. */
  public static void main(String[] args) throws IOException {
    WakeModel model = WakeModel.read(Path.of(args[0]));
    for (int i = 2; i < args.length; i++) {
      new LiveStreams(model, Integer.parseInt(args[i]), Double.parseDouble(args[1])).compare();
    }
  }

  /** Where a stream's samples go. */
  private interface Taker {
    void accept(float[] samples, int from, int length);
  }

  private void compare() {
    int rate = model.features().sampleRate();
    double pool;
    double[] delays;
    try (DetectorPool hears = new DetectorPool(List.of(model), streams, LATENCY)) {
      List<Taker> takers = new ArrayList<>();
      for (int stream = 0; stream < streams; stream++) {
        takers.add(hears.open(rate, new Delays(stream))::accept);
      }
      pool = play(takers, "rouse-pool");
      delays = Arrays.copyOf(late, counted);
    }
    List<Taker> takers = new ArrayList<>();
    for (int stream = 0; stream < streams; stream++) {
      takers.add(new Detector(List.of(model), rate, Engine.NATIVE, event -> {})::accept);
    }
    double apart = play(takers, Thread.currentThread().getName());
    Arrays.sort(delays);
    System.out.printf(
        Locale.ROOT,
        "%d streams: %.2f %% of a processor in a pool, %.2f %% each by itself; posteriors late by"
            + " %.0f ms (median), %.0f ms (p99.9)%n",
        streams,
        100 * pool,
        100 * apart,
        1000 * delays[delays.length / 2],
        1000 * delays[(int) (delays.length * 0.999)]);
  }

  /** How late posteriors are: after the moment at which their last sample was given. */
  private final class Delays implements DetectionHandler {
    private final int stream;

    Delays(int stream) {
      this.stream = stream;
    }

    @Override
    public void event(TriggerEvent event) {}

    @Override
    public void posteriors(WakeModel heard, long at, float[] posteriors) {
      double second = (double) at / model.features().sampleRate();
      if (second > WARM_UP_SECONDS) {
        double given = offset(stream) + Math.ceil(second * PACKETS_PER_SECOND) / PACKETS_PER_SECOND;
        synchronized (late) {
          if (counted < late.length) {
            late[counted++] = (System.nanoTime() - start) / 1e9 - given;
          }
        }
      }
    }
  }

  /** Streams are given their packets one after another, not all at once. */
  private double offset(int stream) {
    return (double) stream / streams / PACKETS_PER_SECOND;
  }

  /** Gives all streams their sound in its own time; the share of a processor these threads took. */
  private double play(List<Taker> takers, String threads) {
    int packet = model.features().sampleRate() / PACKETS_PER_SECOND;
    int packets = sound.length / packet;
    double busy = 0;
    double since = 0;
    start = System.nanoTime();
    for (int p = 0; p < packets; p++) {
      if (p == (int) (WARM_UP_SECONDS * PACKETS_PER_SECOND)) {
        busy = busy(threads);
        since = (System.nanoTime() - start) / 1e9;
      }
      for (int stream = 0; stream < streams; stream++) {
        double due = offset(stream) + (p + 1.0) / PACKETS_PER_SECOND;
        for (double early; (early = due - (System.nanoTime() - start) / 1e9) > 1e-3; ) {
          LockSupport.parkNanos((long) (early * 1e9));
        }
        takers.get(stream).accept(sound, p * packet, packet);
      }
    }
    return (busy(threads) - busy) / ((System.nanoTime() - start) / 1e9 - since);
  }

  /** CPU seconds of the threads of this name. */
  private static double busy(String threads) {
    ThreadMXBean all = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    double busy = 0;
    for (long id : all.getAllThreadIds()) {
      if (all.getThreadInfo(id) != null && all.getThreadInfo(id).getThreadName().equals(threads)) {
        busy += all.getThreadCpuTime(id) / 1e9;
      }
    }
    return busy;
  }
}
