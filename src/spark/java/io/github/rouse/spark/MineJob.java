// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import static org.apache.spark.sql.functions.col;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.ChannelSelector;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.file.Problem;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Cuts the sound of events out of the archive; for {@code spark-submit}. */
@Command(
    name = "MineJob",
    mixinStandardHelpOptions = true,
    description =
        "Writes clips of the strongest events of ScanJob in an archive without the word, for `rouse"
            + " train --hard-negatives`. Scan with a low --threshold first.")
public final class MineJob implements Callable<Integer> {
  private static final double AROUND_SECONDS = 1; // of sound, before and after the word
  private static final int BLOCK = 4096; // frames

  @Option(
      names = "--results",
      required = true,
      paramLabel = "DIR",
      description = "The results of ScanJob.")
  String results;

  @Option(
      names = "--word",
      required = true,
      paramLabel = "W",
      description = "The word whose events are cut out.")
  String word;

  @Option(
      names = "--clips",
      required = true,
      paramLabel = "DIR",
      description = "The folder for the clips.")
  String clips;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1000",
      description = "The most clips, highest scores first. Default: ${DEFAULT-VALUE}.")
  int limit;

  @Option(
      names = "--channel",
      paramLabel = "auto|N|mix|best",
      defaultValue = "auto",
      description = "That of the scan, unless it was each. Default: ${DEFAULT-VALUE}.")
  String channel;

  private MineJob() {}

  /** Runs the job. */
  public static void main(String[] args) {
    System.exit(Jobs.run(new MineJob(), args));
  }

  /** A stretch of one pass over a file, seconds. */
  private record Cut(int track, int channel, double start, double end, double score)
      implements Serializable {
    @Serial private static final long serialVersionUID = 1;
  }

  /** All stretches of a file. */
  private record Cuts(String path, ArrayList<Cut> cuts) implements Serializable {
    @Serial private static final long serialVersionUID = 1;
  }

  @Override
  public Integer call() throws IOException {
    String mono = Channel.parse(channel).toString();
    SparkSession spark = SparkSession.builder().appName("rouse mine").getOrCreate();
    List<Row> events =
        RouseFunctions.events(spark, results)
            .where(col("word").equalTo(word))
            .orderBy(col("score").desc(), col("path"), col("at"))
            .limit(limit)
            .select("path", "track", "channel", "start", "at", "score")
            .collectAsList();
    Map<String, Cuts> byFile = new LinkedHashMap<>();
    for (Row e : events) {
      byFile
          .computeIfAbsent(e.getString(0), path -> new Cuts(path, new ArrayList<>()))
          .cuts
          .add(
              new Cut(
                  e.getInt(1),
                  e.isNullAt(2) ? 0 : e.getInt(2),
                  Math.max(0, e.getDouble(3) - AROUND_SECONDS),
                  e.getDouble(4) + AROUND_SECONDS,
                  e.getDouble(5)));
    }
    if (byFile.isEmpty()) {
      Jobs.say("no events of " + word);
      return 0;
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    String folder = clips;
    String name = word;
    List<String> problems =
        context
            .parallelize(new ArrayList<>(byFile.values()), byFile.size())
            .flatMap(file -> cut(file, mono, folder, name, hadoop.value().value()).iterator())
            .collect();
    problems.forEach(Jobs::say);
    Jobs.say(events.size() + " clips of " + byFile.size() + " files in " + clips);
    return 0;
  }

  /** Plays each pass that has events once; returns what went wrong. */
  private static List<String> cut(
      Cuts file, String mono, String folder, String word, Configuration hadoop) throws IOException {
    Map<List<Integer>, List<Cut>> passes = new LinkedHashMap<>();
    for (Cut cut : file.cuts) {
      passes.computeIfAbsent(List.of(cut.track, cut.channel), p -> new ArrayList<>()).add(cut);
    }
    List<String> problems = new ArrayList<>();
    Path path = new Path(file.path);
    FileSystem files = path.getFileSystem(hadoop);
    for (Map.Entry<List<Integer>, List<Cut>> pass : passes.entrySet()) {
      int number = pass.getKey().get(1);
      Channel channel = number > 0 ? Channel.of(number) : Channel.parse(mono);
      try (AudioFile audio =
          AudioFile.open(
              files.open(path),
              files.getFileStatus(path).getLen(),
              file.path,
              pass.getKey().get(0))) {
        cut(audio, channel, pass.getValue(), new Path(folder), stem(file.path, word), hadoop);
      } catch (IOException e) {
        problems.add(Problem.describe(e)); // clips before it are written
      }
    }
    return problems;
  }

  private static String stem(String path, String word) {
    String name = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^\\w.-]", "_");
    return word.replaceAll("\\W+", "-")
        + "-"
        + name
        + "-"
        + ScanSettings.sha256(path.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
  }

  /** Writes the clips of one pass; holds only the sound of those that are open. */
  private static void cut(
      AudioFile audio,
      Channel channel,
      List<Cut> cuts,
      Path folder,
      String stem,
      Configuration hadoop)
      throws IOException {
    cuts.sort(Comparator.comparingDouble(Cut::start));
    int rate = audio.sampleRate();
    List<OpenClip> open = new ArrayList<>();
    int next = 0;
    long at = 0;
    float[] interleaved = new float[BLOCK * audio.channels()];
    float[] samples = new float[BLOCK];
    ChannelSelector selector = new ChannelSelector(channel, audio.channels(), rate);
    try {
      for (int got; (got = audio.read(interleaved, samples.length)) >= 0; at += got) {
        selector.reduce(interleaved, got, samples);
        while (next < cuts.size() && cuts.get(next).start * rate < at + got) {
          open.add(new OpenClip(cuts.get(next++), rate));
        }
        for (OpenClip clip : open) {
          clip.take(samples, got, at);
        }
        for (OpenClip clip : open) {
          if (clip.last <= at + got) {
            clip.write(folder, stem, hadoop);
          }
        }
        long passed = at + got;
        open.removeIf(clip -> clip.last <= passed);
        if (open.isEmpty() && next == cuts.size()) {
          return;
        }
      }
    } finally {
      for (OpenClip clip : open) {
        clip.write(folder, stem, hadoop);
      }
    }
  }

  /** A clip whose sound is still coming. */
  private static final class OpenClip {
    private final Cut cut;
    private final int rate;
    private final long first; // sample
    private final long last; // sample after the last
    private final float[] sound;
    private int filled;

    OpenClip(Cut cut, int rate) {
      this.cut = cut;
      this.rate = rate;
      first = Math.round(cut.start * rate);
      last = Math.round(cut.end * rate);
      sound = new float[(int) (last - first)];
    }

    void take(float[] samples, int count, long at) {
      int from = (int) Math.max(0, first - at);
      int to = (int) Math.min(count, last - at);
      if (to > from) {
        System.arraycopy(samples, from, sound, filled, to - from);
        filled += to - from;
      }
    }

    /** Writes a local file, then copies it: a speculative twin writes the same bytes. */
    void write(Path folder, String stem, Configuration hadoop) throws IOException {
      java.nio.file.Path local = java.nio.file.Files.createTempFile("rouse", ".wav");
      try {
        try (WavWriter wav = new WavWriter(local, rate, 1)) {
          wav.write(sound, 0, filled);
          wav.commit();
        }
        String name =
            String.format(
                Locale.ROOT, "%s-%d-%d-%.3f.wav", stem, cut.track, cut.channel, cut.start);
        folder
            .getFileSystem(hadoop)
            .copyFromLocalFile(false, true, new Path(local.toUri()), new Path(folder, name));
      } finally {
        java.nio.file.Files.deleteIfExists(local);
      }
    }
  }
}
