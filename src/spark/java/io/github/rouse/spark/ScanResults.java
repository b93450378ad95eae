// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import static org.apache.spark.sql.functions.col;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * A folder of results. Each run that scanned something is a folder {@code run=N} with the tables
 * {@code events} and {@code files}, which appears by one rename. What a killed run leaves is below
 * {@code _unfinished}.
 */
final class ScanResults {
  static final String EVENTS = "events";
  static final String FILES = "files";
  private static final String RUN = "run=";

  private static final String UNFINISHED = "_unfinished";
  private static final int FILES_A_PART = 10_000; // of the archive, in a Parquet file

  private final SparkSession spark;
  private final Path out;
  private final FileSystem files;

  ScanResults(SparkSession spark, String folder, Configuration hadoop) throws IOException {
    this.spark = spark;
    out = new Path(folder);
    files = out.getFileSystem(hadoop);
  }

  /**
   * Claims the folder for results of these models and settings.
   *
   * @throws IllegalArgumentException if it holds others
   */
  void claim(String sha256) throws IOException {
    Path note = new Path(out, "_settings");
    try (FSDataInputStream in = files.open(note)) {
      String other = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      if (!other.equals(sha256)) {
        throw new IllegalArgumentException(
            out + ": holds results of other models or settings; give another folder");
      }
    } catch (FileNotFoundException e) {
      try (FSDataOutputStream to = files.create(note, true)) {
        to.write(sha256.getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** Where tasks save their checkpoints. */
  Path checkpoints() {
    return new Path(out, UNFINISHED + "/tasks");
  }

  /** The folders of the runs. */
  static List<Path> runs(String folder, Configuration hadoop) throws IOException {
    Path all = new Path(folder, RUN + "*");
    FileStatus[] runs = all.getFileSystem(hadoop).globStatus(all);
    return runs == null
        ? List.of()
        : Arrays.stream(runs)
            .map(FileStatus::getPath)
            .filter(run -> run.getName().matches(RUN + "\\d+"))
            .toList();
  }

  private int lastRun() throws IOException {
    return runs(out.toString(), files.getConf()).stream()
        .mapToInt(run -> Integer.parseInt(run.getName().substring(RUN.length())))
        .max()
        .orElse(0);
  }

  /** The paths that have a row. */
  Set<String> done() throws IOException {
    if (lastRun() == 0) {
      return Set.of();
    }
    Dataset<Row> table = RouseFunctions.files(spark, out.toString());
    Set<String> done = new HashSet<>();
    for (Row row : table.select("path").collectAsList()) {
      done.add(row.getString(0));
    }
    return done;
  }

  /**
   * Writes a run's rows and makes them appear.
   *
   * @param scanned a row per file with its events
   * @return the run's number
   */
  int commit(Dataset<Row> scanned, long count) throws IOException {
    Path own = new Path(out, UNFINISHED + "/" + UUID.randomUUID());
    String whole = new Path(own, "scanned").toString();
    scanned.write().mode(SaveMode.ErrorIfExists).parquet(whole); // one attempt of each task counts
    Dataset<Row> rows = spark.read().schema(Tables.FILE).parquet(whole);
    int parts = (int) (count / FILES_A_PART) + 1;
    Path ready = new Path(own, "ready");
    rows.drop(Tables.EVENTS).coalesce(parts).write().parquet(new Path(ready, FILES).toString());
    RouseFunctions.events(rows)
        .coalesce(parts)
        .sortWithinPartitions(col("model"), col("word"), col("path"), col("at"))
        .write()
        .parquet(new Path(ready, EVENTS).toString());
    int run = lastRun() + 1;
    Path target = new Path(out, RUN + run);
    if (files.exists(target) || !files.rename(ready, target)) {
      throw new IOException(target + ": cannot be written; does another job write here?");
    }
    files.delete(own, true);
    return run;
  }

  /** Removes the checkpoints of committed tasks. */
  void forget(List<String> tasks) throws IOException {
    for (String task : tasks) {
      files.delete(new Path(checkpoints(), task), true);
    }
    FileStatus[] left =
        files.exists(checkpoints()) ? files.listStatus(checkpoints()) : new FileStatus[0];
    if (left.length == 0) {
      files.delete(new Path(out, UNFINISHED), true);
    }
  }
}
