// SPDX-License-Identifier: Apache-2.0
import java.util.Arrays;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Simulates a scan of an archive on a cluster, from the costs measured in docs/scale.md: tasks in
 * order of length on cores that come free, a driver that starts them one by one, cores that are
 * lost and take with them what their task has scanned since its last checkpoint.
 *
 * <p>Usage: java src/test/scripts/ArchiveScale.java HOURS CORES [KEY=VALUE]...
 */
final class ArchiveScale {
  private static final double HOUR = 3600;
  private static final double TASK_HOURS = 1.0 / 6; // of sound in short files that share a task

  private double scanSeconds = 12; // of a core, for an hour of sound, decoding included
  private double decodeSeconds = 3; // of these, decoding
  private double taskSeconds = 0.1; // of a core, to start and end a task and write its rows
  private double driverSeconds = 0.002; // of the driver, per task
  private double listSeconds = 0.0005; // of the driver, per file
  private double startSeconds = 30; // until all executors run
  private double commitSeconds = 0.001; // per file, after the last task
  private double lossesPerCoreHour = 0.001; // cores lost and replaced
  private double replaceSeconds = 120; // until another core takes over
  private double checkpointHours = 0.5; // of sound between two checkpoints
  private double meanHours = 0.5; // of a file; log-normal, sigma 1
  private double longestHours = 10;
  private double bytesPerSecond = 8000; // of a file
  private double dollars = 0.04; // a core-hour

  public static void main(String[] args) {
    new ArchiveScale().run(args);
  }

  private void run(String[] args) {
    double hours = Double.parseDouble(args[0]);
    int cores = Integer.parseInt(args[1]);
    for (String arg : Arrays.copyOfRange(args, 2, args.length)) {
      set(arg.substring(0, arg.indexOf('=')), Double.parseDouble(arg.substring(arg.indexOf('=') + 1)));
    }
    Random random = new Random(1);
    double[] files = new double[(int) Math.ceil(hours / meanHours * 1.2)];
    int count = 0;
    double all = 0;
    double mu = Math.log(meanHours) - 0.5;
    while (all < hours) {
      double length = Math.min(longestHours, Math.exp(mu + random.nextGaussian()));
      if (count == files.length) {
        files = Arrays.copyOf(files, 2 * count);
      }
      files[count++] = length;
      all += length;
    }
    files = Arrays.copyOf(files, count);
    Arrays.sort(files);
    PriorityQueue<Double> free = new PriorityQueue<>();
    double listed = count * listSeconds;
    for (int i = 0; i < cores; i++) {
      free.add(startSeconds + listed);
    }
    double driver = startSeconds + listed;
    double busy = 0;
    double repeated = 0;
    double last = 0;
    int losses = 0;
    int tasks = 0;
    for (int i = count - 1; i >= 0; i--) {
      double length = files[i];
      while (length < TASK_HOURS && i > 0 && length + files[i - 1] < TASK_HOURS) {
        length += files[--i];
      }
      tasks++;
      driver = Math.max(driver, free.peek()) + driverSeconds;
      double begin = Math.max(driver, free.poll());
      double work = taskSeconds + length * scanSeconds;
      double lossAt = untilLoss(random);
      while (lossAt < work) { // scanned up to the last checkpoint; that is decoded again
        losses++;
        double kept = Math.floor(lossAt / scanSeconds / checkpointHours) * checkpointHours;
        double again = kept * decodeSeconds + (length - kept) * scanSeconds + taskSeconds;
        busy += lossAt;
        repeated += lossAt - kept * scanSeconds + kept * decodeSeconds;
        begin += lossAt + replaceSeconds;
        work = again;
        lossAt = untilLoss(random);
      }
      busy += work;
      free.add(begin + work);
      last = Math.max(last, begin + work);
    }
    double wall = last + count * commitSeconds;
    double coreHours = cores * wall / HOUR;
    System.out.printf(
        Locale.ROOT,
        "%,.0f h in %,d files, %,d tasks on %,d cores: %.2f h, %,.0f core-hours of which %.0f %% busy,"
            + " %,d losses cost %.2f %%, $%,.0f, read %.2f GB/s, driver busy %.0f %%%n",
        all,
        count,
        tasks,
        cores,
        wall / HOUR,
        coreHours,
        100 * busy / HOUR / coreHours,
        losses,
        100 * repeated / busy,
        coreHours * dollars,
        all * HOUR * bytesPerSecond / 1e9 / (last - startSeconds - listed),
        100 * (tasks * driverSeconds) / (last - startSeconds - listed));
  }

  /** Seconds until a core is lost. */
  private double untilLoss(Random random) {
    return -Math.log(1 - random.nextDouble()) / lossesPerCoreHour * HOUR;
  }

  private void set(String key, double value) {
    switch (key) {
      case "scan" -> scanSeconds = value;
      case "decode" -> decodeSeconds = value;
      case "task" -> taskSeconds = value;
      case "driver" -> driverSeconds = value;
      case "start" -> startSeconds = value;
      case "commit" -> commitSeconds = value;
      case "losses" -> lossesPerCoreHour = value;
      case "checkpoint" -> checkpointHours = value;
      case "mean" -> meanHours = value;
      case "dollars" -> dollars = value;
      default -> throw new IllegalArgumentException("key=" + key);
    }
  }
}
