// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds words in an archive; for {@code spark-submit}. */
@Command(
    name = "ScanJob",
    mixinStandardHelpOptions = true,
    description = "Finds words in all files of an archive that have no row in the results yet.")
public final class ScanJob implements Callable<Integer> {
  @Mixin JobModels models;

  @Option(names = "--list", paramLabel = "FILE", description = "Paths, one a line; repeatable.")
  List<String> lists = List.of();

  @Option(
      names = "--results",
      required = true,
      paramLabel = "DIR",
      description = "The folder of results, on a file system that all machines see.")
  String results;

  @Option(
      names = "--checkpoint-interval",
      paramLabel = "SECONDS",
      defaultValue = "1800",
      description = "Seconds of audio from one checkpoint to the next. Default: ${DEFAULT-VALUE}.")
  double checkpointInterval;

  @Parameters(arity = "0..*", paramLabel = "PATH", description = "Files, folders of them, globs.")
  List<String> paths = List.of();

  private ScanJob() {}

  /** Runs the job; exits with 1 if it failed, with 0 whatever single files hold. */
  public static void main(String[] args) {
    System.exit(Jobs.run(new ScanJob(), args));
  }

  @Override
  public Integer call() throws IOException {
    if (!(checkpointInterval > 0)) {
      throw new IllegalArgumentException(
          "checkpoint-interval=" + checkpointInterval + ", expected above 0 seconds");
    }
    ScanSettings settings = models.settings();
    SparkSession spark = SparkSession.builder().appName("rouse scan").getOrCreate();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Configuration hadoop = context.hadoopConfiguration();
    List<String> all = new ArrayList<>(paths);
    for (String list : lists) {
      all.addAll(Archive.lines(list, hadoop));
    }
    ScanResults runs = new ScanResults(spark, results, hadoop);
    String sha256 = settings.sha256();
    runs.claim(sha256);
    Set<String> done = runs.done();
    Collection<AudioItem> found = Archive.list(all, hadoop);
    List<AudioItem> items = found.stream().filter(item -> !done.contains(item.path())).toList();
    Jobs.say(found.size() + " files, " + (found.size() - items.size()) + " of them done");
    if (items.isEmpty()) {
      return 0;
    }
    FirstTask first = new FirstTask();
    context.sc().addSparkListener(first);
    List<ArrayList<AudioItem>> tasks = Archive.tasks(items, context.defaultParallelism());
    List<String> names = tasks.stream().map(task -> name(task, sha256)).toList();
    JavaRDD<Row> rows = scan(context, tasks, names, settings, runs.checkpoints());
    int run = runs.commit(spark.createDataFrame(rows, Tables.FILE), items.size());
    Jobs.say(
        String.format(
            Locale.ROOT,
            "run %d: %d files in %d tasks, %.1f s from the first task to the commit",
            run,
            items.size(),
            tasks.size(),
            (System.currentTimeMillis() - first.launched) / 1e3));
    runs.forget(names);
    RouseFunctions.files(spark, results)
        .where("run = " + run)
        .groupBy("status")
        .count()
        .collectAsList()
        .forEach(row -> Jobs.say(row.getString(0) + ": " + row.getLong(1)));
    return 0;
  }

  /** A task's name: the same in every run with the same models, settings and unchanged files. */
  private static String name(List<AudioItem> task, String settings) {
    String text = task.stream().map(AudioItem::toString).collect(Collectors.joining("\n"));
    return ScanSettings.sha256((settings + text).getBytes(StandardCharsets.UTF_8));
  }

  private JavaRDD<Row> scan(
      JavaSparkContext context,
      List<ArrayList<AudioItem>> tasks,
      List<String> names,
      ScanSettings settings,
      Path checkpoints) {
    Broadcast<ScanSettings> shared = context.broadcast(settings);
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    String folder = checkpoints.toString();
    double seconds = checkpointInterval;
    List<Work> work =
        IntStream.range(0, tasks.size())
            .mapToObj(i -> new Work(names.get(i), tasks.get(i)))
            .collect(Collectors.toCollection(ArrayList::new));
    return context
        .parallelize(work, work.size())
        .flatMap(one -> rows(one, shared.value(), hadoop.value().value(), folder, seconds));
  }

  /** A task's name and files. */
  private record Work(String name, ArrayList<AudioItem> items) implements Serializable {
    @Serial private static final long serialVersionUID = 1;
  }

  /** Notes when the first task begins: executors may still start when the job is submitted. */
  private static final class FirstTask extends SparkListener {
    private volatile long launched; // milliseconds since 1970

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
      launched = launched == 0 ? start.taskInfo().launchTime() : launched;
    }
  }

  private static Iterator<Row> rows(
      Work work,
      ScanSettings settings,
      Configuration hadoop,
      String folder,
      double checkpointInterval)
      throws IOException {
    String attempt = UUID.randomUUID().toString();
    Checkpoints checkpoints = new Checkpoints(new Path(folder), work.name, attempt, hadoop);
    return new ArchiveTask(
            work.items, settings, hadoop, checkpoints, checkpointInterval, Jobs.isLastTry())
        .run().stream().map(Tables::row).iterator();
  }
}
