// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.reliability;

import io.github.rouse.audio.Sounds;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Sends damaged input through every door: {@code src/test/scripts/fuzz COUNT [DOOR...]}. A finding
 * is an exception that is not documented, one without a message, or an input that takes seconds or
 * too much memory. Its input is kept.
 */
public final class Fuzzer {
  private static final double MOST_SECONDS = 5; // of computing, for one input
  private static final int MOST_KEPT = 20; // findings of a door
  private static final int HANGING = 120; // seconds that this process ran

  private static volatile byte[] current;

  private Fuzzer() {}

  /** COUNT [DOOR...]; -Drouse.seed=N. */
  public static void main(String[] args) throws Exception {
    long count = Long.parseLong(args[0]);
    long seed = Long.getLong("rouse.seed", System.nanoTime());
    List<String> names = List.of(args).subList(1, args.length);
    Path kept = Files.createDirectories(Path.of("target", "fuzz"));
    PrintStream out = System.out;
    out.println("seed " + seed);
    Sounds.hideFfmpeg(); // it would take a process for each input
    List<FuzzDoor> doors = new ArrayList<>();
    for (FuzzDoor door : Doors.all()) {
      if (names.isEmpty() || names.stream().anyMatch(door.name()::startsWith)) {
        doors.add(door);
      }
    }
    if (doors.isEmpty()) {
      System.err.println("no door is named " + String.join(" or ", names));
      System.exit(2);
    }
    watch(kept);
    long all = 0;
    int findings = 0;
    for (FuzzDoor door : doors) {
      findings += fuzz(door, count, seed, kept, out);
      all += count;
    }
    out.println(all + " inputs for " + doors.size() + " doors, " + findings + " findings");
    System.exit(findings == 0 ? 0 : 1);
  }

  private static void watch(Path kept) {
    Thread watcher =
        new Thread(
            () -> {
              byte[] last = null;
              int seconds = 0; // a process that is stopped, or a machine that sleeps, counts none
              while (true) {
                try {
                  Thread.sleep(1000);
                } catch (InterruptedException e) {
                  return;
                }
                byte[] input = current;
                seconds = input == last ? seconds + 1 : 0;
                last = input;
                if (input != null && seconds >= HANGING) {
                  keep(kept.resolve("hanging"), input);
                  System.out.println("FINDING: an input hangs, kept as " + kept.resolve("hanging"));
                  Thread.getAllStackTraces()
                      .forEach(
                          (thread, stack) -> System.out.println(thread + " " + List.of(stack)));
                  Runtime.getRuntime().halt(1);
                }
              }
            });
    watcher.setDaemon(true);
    watcher.start();
  }

  private static void keep(Path file, byte[] input) {
    try {
      Files.write(file, input);
    } catch (IOException e) {
      System.out.println(e);
    }
  }

  /** Returns the number of findings. */
  static int fuzz(FuzzDoor door, long count, long seed, Path kept, PrintStream out) {
    Damage damage = new Damage(new SplittableRandom(seed + door.name().hashCode()));
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Map<String, Integer> found = new HashMap<>(); // by place
    long accepted = 0;
    long begun = System.nanoTime();
    double longest = 0;
    for (long i = 0; i < count; i++) {
      byte[] input = i < door.seeds().size() ? door.seeds().get((int) i) : damage.of(door);
      current = input;
      long start = threads.getCurrentThreadCpuTime();
      Throwable problem = null;
      try {
        door.reader().read(input);
        accepted++;
      } catch (Throwable e) { // also OutOfMemoryError and StackOverflowError
        problem = door.allows(e) && i > 0 ? null : e; // the first seed is valid
      }
      current = null;
      double seconds = (threads.getCurrentThreadCpuTime() - start) / 1e9;
      longest = Math.max(longest, seconds);
      if (seconds > MOST_SECONDS && problem == null) {
        problem = new IllegalStateException(seconds + " s for one input");
      }
      if (problem != null) {
        String place = place(problem);
        if (found.merge(place, 1, Integer::sum) == 1 && found.size() <= MOST_KEPT) {
          Path file = kept.resolve(door.name() + "-" + found.size());
          keep(file, input);
          out.println("FINDING: " + door.name() + ", kept as " + file + ": " + problem);
          StackTraceElement[] stack = problem.getStackTrace();
          for (int s = 0; s < Math.min(8, stack.length); s++) {
            out.println("    " + stack[s]);
          }
        }
      }
    }
    out.printf(
        Locale.ROOT,
        "%-14s %9d inputs, %8d accepted, %d findings at %d places; longest %.2f s; %.0f a second%n",
        door.name(),
        count,
        accepted,
        found.values().stream().mapToInt(Integer::intValue).sum(),
        found.size(),
        longest,
        count * 1e9 / (System.nanoTime() - begun));
    out.flush();
    return found.size();
  }

  /** What was thrown, and where in Rouse. */
  private static String place(Throwable problem) {
    for (StackTraceElement element : problem.getStackTrace()) {
      if (element.getClassName().startsWith("io.github.rouse")) {
        return problem.getClass().getName() + " " + element;
      }
    }
    return problem.getClass().getName();
  }
}
