// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;

import io.github.rouse.audio.Channel;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Rouse in a notebook or {@code spark-shell}:
 *
 * <pre>{@code
 * var files = RouseFunctions.scan(spark.read().textFile("paths.txt"), WakeModel.named("jarvis"));
 * RouseFunctions.events(files).show();
 * }</pre>
 */
public final class RouseFunctions {
  private RouseFunctions() {}

  /**
   * Finds a model's words in sound files, each a task of its own.
   *
   * @param paths as Hadoop names them
   * @return a row per file with its status and its events, when an action asks for them
   */
  public static Dataset<Row> scan(Dataset<String> paths, WakeModel model) throws IOException {
    return scan(paths, List.of(model), Channel.AUTO);
  }

  /** The same, for several models and another channel. */
  public static Dataset<Row> scan(Dataset<String> paths, List<WakeModel> models, Channel channel)
      throws IOException {
    ScanSettings settings = new ScanSettings(models, channel, false);
    SparkSession spark = paths.sparkSession();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<ScanSettings> shared = context.broadcast(settings);
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    int files = (int) Math.max(1, Math.min(Integer.MAX_VALUE, paths.count()));
    return paths
        .repartition(files)
        .mapPartitions(
            (MapPartitionsFunction<String, Row>) some -> results(some, shared, hadoop),
            Encoders.row(Tables.FILE));
  }

  private static Iterator<Row> results(
      Iterator<String> paths,
      Broadcast<ScanSettings> settings,
      Broadcast<SerializableConfiguration> hadoop)
      throws IOException {
    List<AudioItem> items = new ArrayList<>();
    while (paths.hasNext()) {
      items.add(Archive.item(paths.next(), hadoop.value().value()));
    }
    ArchiveTask task =
        new ArchiveTask(
            items,
            settings.value(),
            hadoop.value().value(),
            null,
            Double.MAX_VALUE,
            Jobs.isLastTry());
    return task.run().stream().map(Tables::row).iterator();
  }

  /**
   * The events of scanned files.
   *
   * @param files with their events, from {@link #scan}
   * @return a row per event
   */
  public static Dataset<Row> events(Dataset<Row> files) {
    return files
        .select(col("path"), explode(col(Tables.EVENTS)).as("event"))
        .select("path", "event.*");
  }

  /**
   * The events that {@link ScanJob} has written, with the number of the run that found them.
   *
   * @param results the folder of results
   * @throws IllegalArgumentException if it holds none
   */
  public static Dataset<Row> events(SparkSession spark, String results) throws IOException {
    return table(spark, results, ScanResults.EVENTS);
  }

  /**
   * The files that {@link ScanJob} has finished, with the number of the run.
   *
   * @param results the folder of results
   * @throws IllegalArgumentException if it holds none
   */
  public static Dataset<Row> files(SparkSession spark, String results) throws IOException {
    return table(spark, results, ScanResults.FILES);
  }

  private static Dataset<Row> table(SparkSession spark, String results, String name)
      throws IOException {
    List<Path> runs = ScanResults.runs(results, spark.sparkContext().hadoopConfiguration());
    if (runs.isEmpty()) {
      throw new IllegalArgumentException(results + ": holds no results of ScanJob");
    }
    return spark
        .read()
        .option("basePath", results)
        .parquet(runs.stream().map(run -> run + "/" + name).toArray(String[]::new));
  }
}
