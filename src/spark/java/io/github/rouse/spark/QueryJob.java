// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Queries the results of {@link ScanJob} in SQL; for {@code spark-submit}. */
@Command(
    name = "QueryJob",
    mixinStandardHelpOptions = true,
    description = "Prints the rows of a query on the views events and files, each as JSON.")
public final class QueryJob implements Callable<Integer> {
  @Option(
      names = "--results",
      required = true,
      paramLabel = "DIR",
      description = "The results of ScanJob.")
  String results;

  @Parameters(paramLabel = "SQL", description = "Such as: SELECT word, count(*) FROM events ...")
  String query;

  private QueryJob() {}

  /** Runs the query. */
  public static void main(String[] args) {
    System.exit(Jobs.run(new QueryJob(), args));
  }

  @Override
  public Integer call() throws IOException {
    if (!new SparkConf().contains("spark.log.level")) {
      Configurator.setRootLevel(Level.ERROR); // a query is short: only its rows matter
    }
    SparkSession spark = SparkSession.builder().appName("rouse query").getOrCreate();
    RouseFunctions.events(spark, results).createOrReplaceTempView("events");
    RouseFunctions.files(spark, results).createOrReplaceTempView("files");
    spark.sql(query).toJSON().toLocalIterator().forEachRemaining(System.out::println);
    return 0;
  }
}
