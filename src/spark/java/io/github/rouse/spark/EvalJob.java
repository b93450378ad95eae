// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import io.github.rouse.audio.Channel;
import io.github.rouse.cli.models.EvalCommand;
import io.github.rouse.cli.models.EvalCommand.EvaluatorParts;
import io.github.rouse.cli.output.Console;
import io.github.rouse.eval.Evaluation;
import io.github.rouse.eval.Evaluator;
import io.github.rouse.eval.FileProgress;
import io.github.rouse.eval.Noise;
import io.github.rouse.eval.PositiveClip;
import io.github.rouse.eval.Recording;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/**
 * Evaluates a model over thousands of hours: {@code rouse eval} with its options and its output,
 * each stream of recordings a task. The figures are the same. The recordings must have the same
 * paths on all machines.
 */
public final class EvalJob {
  private EvalJob() {}

  /** Runs the job; exits as {@code rouse eval} does. */
  public static void main(String[] args) {
    System.exit(Jobs.run(new EvalCommand(Console.system(), EvalJob::onSpark), args));
  }

  /** A recording on its way to an executor. */
  private record SentRecording(String file, String slice, String channel) implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    static ArrayList<SentRecording> all(List<Recording> recordings) {
      ArrayList<SentRecording> all = new ArrayList<>();
      for (Recording one : recordings) {
        all.add(
            new SentRecording(
                one.file().toAbsolutePath().toString(), one.slice(), one.channel().toString()));
      }
      return all;
    }

    static List<Recording> received(List<SentRecording> all) {
      return all.stream().map(SentRecording::received).toList();
    }

    Recording received() {
      return new Recording(Path.of(file), slice, Channel.parse(channel));
    }
  }

  /** A clip on its way to an executor. */
  private record SentClip(SentRecording recording, double gain, double snr, int turn)
      implements Serializable {
    @Serial private static final long serialVersionUID = 1;
  }

  /** All that an executor needs to evaluate a stream. */
  private record SentParts(
      PackedModel model,
      String word,
      ArrayList<SentClip> positives,
      ArrayList<SentRecording> noise,
      ArrayList<SentRecording> voices,
      ArrayList<SentRecording> negatives)
      implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    static SentParts of(EvaluatorParts parts) throws IOException {
      List<Recording> clips = parts.positives().stream().map(PositiveClip::recording).toList();
      ArrayList<SentRecording> sent = SentRecording.all(clips);
      ArrayList<SentClip> positives = new ArrayList<>();
      for (int i = 0; i < sent.size(); i++) {
        PositiveClip clip = parts.positives().get(i);
        positives.add(new SentClip(sent.get(i), clip.gain(), clip.snr(), clip.turn()));
      }
      return new SentParts(
          PackedModel.of(parts.model()),
          parts.word(),
          positives,
          SentRecording.all(parts.noise().recordings()),
          SentRecording.all(parts.noise().voices()),
          SentRecording.all(parts.negatives()));
    }

    Evaluator evaluator() throws IOException {
      List<PositiveClip> clips = new ArrayList<>();
      for (SentClip one : positives) {
        clips.add(new PositiveClip(one.recording.received(), one.gain, one.snr, one.turn));
      }
      Noise added = new Noise(SentRecording.received(noise), SentRecording.received(voices));
      return new Evaluator(model.unpack(), word, clips, added, SentRecording.received(negatives));
    }
  }

  /** A stream's outcome and progress. */
  private static final class StreamOutcome implements FileProgress, Serializable {
    @Serial private static final long serialVersionUID = 1;

    private byte[] outcome;
    private final ArrayList<Double> seconds = new ArrayList<>();
    private final ArrayList<IOException> problems = new ArrayList<>();

    @Override
    public void fileHeard(double heard) {
      seconds.add(heard);
    }

    @Override
    public void unreadable(IOException problem) {
      problems.add(new IOException(problem.getMessage()));
    }
  }

  private static Evaluation onSpark(
      Evaluator evaluator, EvaluatorParts parts, int jobs, FileProgress progress)
      throws IOException {
    SparkSession spark = SparkSession.builder().appName("rouse eval").getOrCreate();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SentParts> sent = context.broadcast(SentParts.of(parts));
    List<Integer> streams = IntStream.range(0, evaluator.streams()).boxed().toList();
    List<StreamOutcome> outcomes =
        context
            .parallelize(streams, streams.size())
            .map(
                stream -> {
                  StreamOutcome one = new StreamOutcome();
                  one.outcome = sent.value().evaluator().hear(stream, one);
                  return one;
                })
            .collect();
    for (StreamOutcome one : outcomes) {
      for (IOException problem : one.problems) {
        progress.unreadable(problem);
      }
      one.seconds.forEach(progress::fileHeard);
    }
    return evaluator.sumOf(outcomes.stream().map(one -> one.outcome).toList());
  }
}
