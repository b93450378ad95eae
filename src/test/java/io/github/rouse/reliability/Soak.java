// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.reliability;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.rouse.Detector;
import io.github.rouse.audio.SampleRing;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Listens to weeks of sound at full speed, the way {@code Listener} does: {@code
 * src/test/scripts/soak HOURS [SEED] [MODEL]}. Sound passes through a microphone's ring to a
 * detector that runs all the time. Beside it, a new detector scans each stretch without a fault
 * like a file, and every half an hour one starts late and has to agree after a minute.
 *
 * <p>The first 2^31 samples are silence, so that all counts pass that number in the first minute of
 * sound.
 */
public final class Soak {
  private static final int RATE = 16_000;
  private static final int RING_SECONDS = 10; // as a microphone's
  private static final int RING =
      Integer.highestOneBit(RING_SECONDS * RATE) << 1; // samples it holds
  private static final int READ = RATE / 20; // samples, as a listener's
  private static final int SCANNED = 1 << 15; // samples that a scan takes at a time
  private static final long BEFORE = (1L << 31) - 60L * RATE; // samples of silence at the start
  private static final long SETTLING = 60L * RATE; // samples for a late detector
  private static final long COMPARED = 60L * RATE; // samples after that
  private static final long LATE_EVERY = 30L * 60 * RATE; // samples
  private static final float NEAR = 0.02f; // of posteriors
  private static final double LEAST_NEAR = 0.999; // share of the steps
  private static final double MOST_GROWTH = 0.1; // MB of heap a day
  private static final double LEAST_SPEECH = 0.5; // share of the samples
  private static final int DAY_HOURS = 24;
  private static final int READINGS = 20; // of threads and file handles
  private static final int BETWEEN_READINGS_MS = 50;

  private final WakeModel model;
  private final SoakSound sound;
  private final SplittableRandom random;
  private final int grid; // samples between places where a late detector may start
  private final SampleRing ring = new SampleRing(RING_SECONDS * RATE);
  private final float[] read = new float[READ];
  private final float[] block = new float[SCANNED];
  private final float[] scanned = new float[SCANNED];
  private int waiting; // samples, in scanned
  private final float[] stalled = new float[RING + RATE]; // a second more than the ring holds
  private final Deque<TriggerEvent> heard = new ArrayDeque<>(); // not yet found by the scan
  private final Detector live;
  private Detector scan;
  private long position; // samples of the live detector, including lost ones
  private long begun; // position at which the stretch began
  private Detector late; // or null
  private long lateSince; // position
  private long nextLate = 10L * 60 * RATE; // samples of sound
  private final float[] recent = new float[1 << 12]; // live posteriors of the first word
  private final long[] recentAt = new long[1 << 12];
  private long generated; // samples
  private long events;
  private long different; // events
  private long steps; // compared
  private long near; // of them
  private long broken; // steps that were not finite
  private long gaps;
  private long bursts; // of NaN
  private long overruns;
  private long lost; // samples that should be lost

  private Soak(WakeModel model, long seed) throws IOException {
    this.model = model;
    sound = new SoakSound(seed);
    random = new SplittableRandom(seed + 1);
    int step = model.features().hop() * model.network().stride();
    grid = step * 64;
    if (model.features().sampleRate() != RATE) {
      throw new IllegalArgumentException(model.name() + ": expected a model of 16 kHz");
    }
    live = new Detector(List.of(model), RATE, Engine.NATIVE, new Live());
    scan = newScan();
  }

  private Detector newScan() {
    return new Detector(List.of(model), RATE, Engine.NATIVE, this::compare);
  }

  private final class Live implements DetectionHandler {
    @Override
    public void event(TriggerEvent event) {
      events++;
      heard.add(event);
    }

    @Override
    public void posteriors(WakeModel of, long at, float[] posteriors) {
      broken += Float.isFinite(posteriors[0]) ? 0 : 1;
      int slot = (int) (at / model.features().hop() & recent.length - 1);
      recent[slot] = posteriors[0];
      recentAt[slot] = at;
    }
  }

  /** The scan's event has to be the next that was heard. */
  private void compare(TriggerEvent event) {
    TriggerEvent other = heard.poll();
    boolean same =
        other != null
            && other.word().equals(event.word())
            && other.at() - begun == event.at()
            && other.start() - begun == event.start()
            && other.end() - begun == event.end()
            && other.score() == event.score();
    if (!same) {
      different++;
      System.out.println("heard " + other + " from " + begun + ", but scanned " + event);
    }
  }

  private void compareLate(long at, float[] posteriors) {
    if (at < SETTLING) {
      return;
    }
    long same = lateSince + at;
    int slot = (int) (same / model.features().hop() & recent.length - 1);
    if (recentAt[slot] == same) {
      steps++;
      near += Math.abs(recent[slot] - posteriors[0]) <= NEAR ? 1 : 0;
    }
  }

  /** Writes the silence that brings all counts to 2^31. */
  private void silence() {
    long length = BEFORE - BEFORE % grid;
    Arrays.fill(block, 0);
    for (long done = 0; done < length; ) {
      int n = (int) Math.min(block.length, length - done);
      ring.write(block, 0, n);
      listen();
      done += n;
    }
    Arrays.fill(scanned, 0);
    int known = 10 * RATE / grid * grid; // the scan need not hear more than its last seconds
    begun = length - known;
    for (int done = 0; done < known; done += SCANNED) {
      scan.accept(scanned, 0, Math.min(SCANNED, known - done));
    }
  }

  /** Reads the ring until it is empty, as a listener does. */
  private void listen() {
    for (int n; (n = ring.read(read, 0)) > 0; ) {
      long gap = ring.takeGap();
      if (gap > 0) {
        live.skip(gap);
        position += gap;
        endStretch();
      }
      for (int from = 0; from < n; ) {
        long toGrid = grid - (position - begun) % grid;
        int until = late == null && wantsLate() ? (int) Math.min(n, from + toGrid) : n;
        live.accept(read, from, until - from);
        if (late != null) {
          late.accept(read, from, until - from);
        }
        position += until - from;
        from = until;
        if (late == null && wantsLate() && (position - begun) % grid == 0) {
          lateSince = position;
          late =
              new Detector(
                  List.of(model),
                  RATE,
                  Engine.NATIVE,
                  new DetectionHandler() {
                    @Override
                    public void event(TriggerEvent event) {}

                    @Override
                    public void posteriors(WakeModel of, long at, float[] posteriors) {
                      compareLate(at, posteriors);
                    }
                  });
        }
      }
      if (late != null && position - lateSince > SETTLING + COMPARED) {
        closeLate();
        nextLate = generated + LATE_EVERY;
      }
    }
  }

  private boolean wantsLate() {
    return generated >= nextLate;
  }

  /** The live detector has met a gap: so has the scan, which starts again like at a file. */
  private void endStretch() {
    scanWaiting();
    scan.finish();
    scan.close();
    if (!heard.isEmpty()) {
      different += heard.size();
      System.out.println("not scanned: " + heard);
      heard.clear();
    }
    scan = newScan();
    begun = position;
    closeLate();
  }

  private void closeLate() {
    if (late != null) {
      late.close();
      late = null;
    }
  }

  private void scanWaiting() {
    scan.accept(scanned, 0, waiting);
    waiting = 0;
  }

  private void alsoScan(float[] samples, int from, int length) {
    for (int done = 0; done < length; ) {
      int n = Math.min(length - done, SCANNED - waiting);
      System.arraycopy(samples, from + done, scanned, waiting, n);
      waiting += n;
      done += n;
      if (waiting == SCANNED) {
        scanWaiting();
      }
    }
  }

  /** Some sound without a fault. */
  private void play(long length) {
    for (long done = 0; done < length; ) {
      int n = (int) Math.min(length - done, 1 + random.nextInt(4 * READ));
      sound.next(block, n);
      ring.write(block, 0, n);
      generated += n;
      listen();
      alsoScan(block, 0, n);
      done += n;
    }
  }

  private void fault() {
    int choice = random.nextInt(3);
    if (choice == 0) {
      long gone = 1L + random.nextInt(30 * RATE);
      ring.drop(gone);
      lost += gone;
      gaps++;
    } else if (choice == 1) {
      int n = 1 + random.nextInt(RATE / 4);
      for (int i = 0; i < n; i++) {
        int what = random.nextInt(4);
        block[i] =
            what == 0
                ? Float.POSITIVE_INFINITY
                : what == 1 ? -Float.MAX_VALUE : Float.intBitsToFloat(0x7fc00000 + i);
      }
      ring.write(block, 0, n);
      lost += n;
      bursts++;
    } else { // the listener stalls
      sound.next(stalled, stalled.length);
      ring.write(stalled, 0, stalled.length);
      generated += stalled.length;
      listen();
      alsoScan(stalled, 0, stalled.length - RATE);
      lost += RATE;
      overruns++;
    }
  }

  private boolean run(double hours) throws InterruptedException {
    long start = System.nanoTime();
    silence();
    System.out.printf(
        Locale.ROOT,
        "%s; the counts begin at %d, after %.1f h of silence in %.1f s%n",
        model.name(),
        position,
        position / 3600.0 / RATE,
        (System.nanoTime() - start) / 1e9);
    start = System.nanoTime();
    play(5L * 60 * RATE); // beyond 2^31
    int longest = (int) Math.min(3600, hours * 1800); // seconds between faults
    double every = hours < DAY_HOURS ? hours / 2 : DAY_HOURS; // hours between figures
    List<double[]> heaps = new ArrayList<>(); // hours, MB
    long[] first = null; // threads, handles
    for (int figure = 1; figure * every <= hours + 1e-9; figure++) {
      while (generated < figure * every * 3600 * RATE) {
        fault();
        play(RATE * (60L + random.nextInt(longest)));
      }
      closeLate(); // it takes memory, too
      double heap = heap();
      double passed = (double) generated / RATE / 3600;
      heaps.add(new double[] {passed, heap});
      long[] now = threadsAndHandles();
      first = first == null ? now : first;
      System.out.printf(
          Locale.ROOT,
          "%6.1f h: %d events, %d differ from the scan; %.3f %% of %d late steps near; %d gaps, %d"
              + " NaN bursts, %d overruns, %d samples lost, %d expected; heap %.2f MB, %d threads, %d handles; %.0f times real"
              + " time%n",
          passed,
          events,
          different,
          100.0 * near / Math.max(1, steps),
          steps,
          gaps,
          bursts,
          overruns,
          ring.lost(),
          lost,
          heap,
          now[0],
          now[1],
          passed * 3600e9 / (System.nanoTime() - start));
      System.out.flush();
    }
    endOfSound();
    double growth = slope(heaps);
    long[] last = threadsAndHandles();
    System.out.printf(
        Locale.ROOT,
        "%.1f h simulated, %.0f %% speech; %d events, %d differ from the scan; posteriors near in"
            + " %.4f %% of %d steps, %d not finite; lost %d samples, expected %d; heap %+.3f MB a"
            + " day, threads %+d, handles %+d%n",
        (double) generated / RATE / 3600,
        100 * sound.speechShare(),
        events,
        different,
        100.0 * near / Math.max(1, steps),
        steps,
        broken,
        ring.lost(),
        lost,
        growth,
        last[0] - first[0],
        last[1] - first[1]);
    boolean isLong = hours >= 2 * DAY_HOURS; // a heap's slope needs days
    List<String> failures = new ArrayList<>();
    check(different == 0, "events differ from the scan", failures);
    check(events > 0, "no event", failures);
    check(broken == 0, "posteriors are not finite", failures);
    check(ring.lost() == lost, "lost samples are miscounted", failures);
    check(sound.speechShare() >= LEAST_SPEECH, "too little speech", failures);
    check(steps > 0 && near >= LEAST_NEAR * steps, "late detectors disagree", failures);
    check(!isLong || growth <= MOST_GROWTH, "the heap grows", failures);
    check(last[0] <= first[0], "threads leak", failures);
    check(last[1] <= first[1], "file handles leak", failures);
    failures.forEach(failure -> System.out.println("FAILED: " + failure));
    return failures.isEmpty();
  }

  private static void check(boolean holds, String otherwise, List<String> failures) {
    if (!holds) {
      failures.add(otherwise);
    }
  }

  private void endOfSound() {
    live.finish();
    endStretch();
    live.close();
    scan.close();
  }

  /** The lowest of some readings: the JVM briefly opens files of its own, such as cgroup limits. */
  private static long[] threadsAndHandles() throws InterruptedException {
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long threads = Long.MAX_VALUE;
    long handles = Long.MAX_VALUE;
    for (int i = 0; i < READINGS; i++) {
      threads = Math.min(threads, ManagementFactory.getThreadMXBean().getThreadCount());
      handles = Math.min(handles, system.getOpenFileDescriptorCount());
      Thread.sleep(BETWEEN_READINGS_MS);
    }
    return new long[] {threads, handles};
  }

  /** MB in use after collections. */
  @SuppressWarnings("SystemGc") // garbage must not count
  private static double heap() {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 3; i++) {
      System.gc();
      double used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
      least = Math.min(least, used);
    }
    return least;
  }

  /** MB a day, by least squares, without the first figure. */
  private static double slope(List<double[]> heaps) {
    List<double[]> used = heaps.subList(Math.min(1, heaps.size() - 1), heaps.size());
    double x = used.stream().mapToDouble(h -> h[0]).average().orElse(0);
    double y = used.stream().mapToDouble(h -> h[1]).average().orElse(0);
    double products = used.stream().mapToDouble(h -> (h[0] - x) * (h[1] - y)).sum();
    double squares = used.stream().mapToDouble(h -> (h[0] - x) * (h[0] - x)).sum();
    return squares == 0 ? 0 : products / squares * DAY_HOURS;
  }

  /** HOURS [SEED] [MODEL]. */
  public static void main(String[] args) throws IOException, InterruptedException {
    double hours = Double.parseDouble(args[0]);
    long seed = args.length > 1 ? Long.parseLong(args[1]) : 1;
    Path file = Path.of(args.length > 2 ? args[2] : "models/jarvis.onnx");
    if (!new Soak(WakeModel.read(file), seed).run(hours)) {
      System.exit(1);
    }
  }
}
