// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns of the results; {@code docs/scale.md} explains each. */
final class Tables {
  /** The column of a file's events. */
  static final String EVENTS = "events";

  /** An event, without its path. */
  static final StructType EVENT =
      new StructType()
          .add("track", DataTypes.IntegerType, false)
          .add("channel", DataTypes.IntegerType, true)
          .add("model", DataTypes.StringType, false)
          .add("word", DataTypes.StringType, false)
          .add("start", DataTypes.DoubleType, false)
          .add("end", DataTypes.DoubleType, false)
          .add("at", DataTypes.DoubleType, false)
          .add("score", DataTypes.DoubleType, false)
          .add("first", DataTypes.DoubleType, true)
          .add("second", DataTypes.DoubleType, true)
          .add("near_miss", DataTypes.BooleanType, false);

  /** A file with its events. */
  static final StructType FILE =
      new StructType()
          .add("path", DataTypes.StringType, false)
          .add("status", DataTypes.StringType, false)
          .add("heard_seconds", DataTypes.DoubleType, false)
          .add("unheard_seconds", DataTypes.DoubleType, true)
          .add("error", DataTypes.StringType, true)
          .add("sha256", DataTypes.StringType, true)
          .add("bytes", DataTypes.LongType, false)
          .add("sample_rate", DataTypes.IntegerType, true)
          .add("channels", DataTypes.IntegerType, true)
          .add("tracks", DataTypes.IntegerType, true)
          .add("scan_seconds", DataTypes.DoubleType, false)
          .add("resumed_seconds", DataTypes.DoubleType, false)
          .add(EVENTS, new ArrayType(EVENT, false), false);

  private Tables() {}

  static Row row(FileResult f) {
    boolean opened = f.sampleRate > 0;
    return RowFactory.create(
        f.path,
        f.status().name().toLowerCase(Locale.ROOT),
        seconds(f.heardSeconds),
        f.unheardKnown ? seconds(f.unheardSeconds) : null,
        f.error.isEmpty() ? null : f.error,
        f.sha256.isEmpty() ? null : f.sha256,
        f.bytes,
        opened ? f.sampleRate : null,
        opened ? f.channels : null,
        opened ? f.tracks : null,
        f.millis / 1000.0,
        seconds(f.resumedSeconds),
        events(f.events).toArray(Row[]::new));
  }

  private static double seconds(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  private static List<Row> events(List<FileResult.Event> events) {
    return events.stream()
        .map(
            e ->
                RowFactory.create(
                    e.track(),
                    e.channel() == 0 ? null : e.channel(),
                    e.model(),
                    e.word(),
                    e.start(),
                    e.end(),
                    e.at(),
                    e.score(),
                    e.first(),
                    e.second(),
                    e.nearMiss()))
        .toList();
  }
}
