// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.ChannelOption;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.JobsOption;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.EvalFigures;
import io.github.rouse.eval.Evaluation;
import io.github.rouse.eval.Evaluator;
import io.github.rouse.eval.FileProgress;
import io.github.rouse.eval.Noise;
import io.github.rouse.eval.PositiveClip;
import io.github.rouse.eval.Recording;
import io.github.rouse.eval.report.Page;
import io.github.rouse.eval.report.Report;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse eval}: measures miss rate against false alarms per hour. */
@Command(
    name = "eval",
    description = "Measures a model: miss rate against false alarms per hour, with 95 %% bounds.",
    footer = MeasuredFiles.UNREADABLE_FOOTER)
public final class EvalCommand implements Callable<Integer> {
  /** Output format of the figures. */
  enum Format {
    /** For people. */
    TEXT,
    /** One object. */
    JSON
  }

  /** How the figures are split. */
  enum Slices {
    /** By the first folder below the path given. */
    FOLDER,
    /** By tenth of the positive stream, to show drift over hours of listening. */
    TIME,
    /** By each pair of {@code --snr} and {@code --gain}. */
    CONDITION,
    /** No split. */
    NONE
  }

  private static final int MAX_REPEATS = 1000;
  private static final int MAX_DECIBELS = 150;

  /** Where an evaluation runs. */
  @FunctionalInterface
  public interface Place {
    /**
     * Runs it.
     *
     * @param parts of which the evaluator was made
     * @param jobs streams processed in parallel
     */
    Evaluation run(Evaluator evaluator, EvaluatorParts parts, int jobs, FileProgress progress)
        throws IOException;
  }

  /** The arguments of an evaluator, so that another machine can make the same one. */
  public record EvaluatorParts(
      WakeModel model,
      String word,
      List<PositiveClip> positives,
      Noise noise,
      List<Recording> negatives) {
    /** An evaluator of these parts. */
    public Evaluator evaluator() throws IOException {
      return new Evaluator(model, word, positives, noise, negatives);
    }
  }

  private final Console console;
  private final Place place;

  @Mixin CommonOptions common;

  @Parameters(paramLabel = "MODEL", description = "The model.")
  Path file;

  @Option(
      names = "--word",
      paramLabel = "W",
      description = "The word to measure. Needed if the model has several.")
  String word;

  @Option(
      names = "--positives",
      required = true,
      paramLabel = "PATH",
      description = "Clips of one word each; repeatable.")
  List<Path> positives;

  @Option(
      names = "--negatives",
      required = true,
      paramLabel = "PATH",
      description = "Sound without the word; repeatable.")
  List<Path> negatives;

  @Option(
      names = "--noise",
      paramLabel = "PATH",
      description = "Noise mixed into the positives, at --snr; repeatable.")
  List<Path> noise = List.of();

  @Option(
      names = "--babble",
      paramLabel = "PATH",
      description =
          "Speech to make eight-voice babble of, mixed in at --snr; alternates with --noise if both"
              + " are given; repeatable.")
  List<Path> babble = List.of();

  @Option(
      names = "--snr",
      split = ",",
      paramLabel = "DB",
      description =
          "Signal-to-noise ratio of each clip. A list such as 20,10,0 runs the positives at each."
              + " The overall figures then count every clip several times, so the 95 %% bounds are"
              + " too narrow; --slice condition gives each ratio separately.")
  List<Double> snrs = List.of();

  @Option(
      names = "--gain",
      split = ",",
      paramLabel = "DB",
      defaultValue = "0",
      description =
          "Level change of the positives. A list such as -25,0,10 runs them at each, as with --snr."
              + " Default: ${DEFAULT-VALUE}.")
  List<Double> gains;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Run the positives N times in one stream. The 95 %% bounds are then too narrow.")
  int repeat;

  @Option(
      names = "--no-verifier",
      description = "Measure the streaming network alone, without its second look.")
  boolean noVerifier;

  @Option(
      names = "--slice",
      paramLabel = "folder|condition|time|none",
      description =
          "Also give figures by folder; condition splits the positives by --snr and --gain instead,"
              + " time by tenths of their stream. Default: condition if several of --snr or --gain"
              + " are given, otherwise folder.")
  Slices slices;

  @Mixin ChannelOption channel;
  @Mixin JobsOption jobs;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write report.html: curves, figures and the worst cases, with audio.")
  Path report;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "Text, or one JSON object. Default: ${DEFAULT-VALUE}.")
  Format format;

  public EvalCommand(Console console) {
    this(console, (evaluator, parts, jobs, progress) -> evaluator.run(jobs, progress));
  }

  /** A command whose evaluation runs at {@code place}. */
  public EvalCommand(Console console, Place place) {
    this.console = console;
    this.place = place;
  }

  @Override
  public Integer call() throws IOException {
    int atOnce = jobs.count();
    if (repeat < 1 || repeat > MAX_REPEATS) {
      throw new IllegalArgumentException("repeat=" + repeat + ", expected 1 to " + MAX_REPEATS);
    }
    if (gains.isEmpty()) {
      throw new IllegalArgumentException("gain=, expected at least one level");
    }
    gains.forEach(gain -> checkDecibels("gain", gain));
    snrs.forEach(snr -> checkDecibels("snr", snr));
    gains = gains.stream().distinct().toList();
    snrs = snrs.stream().distinct().toList();
    if (slices == null) {
      slices = snrs.size() > 1 || gains.size() > 1 ? Slices.CONDITION : Slices.FOLDER;
    }
    WakeModel read = WakeModel.read(file);
    WakeModel model = noVerifier ? read.withoutVerifier() : read;
    Noise added = noise();
    List<PositiveClip> spoken = clips(recordings(positives));
    List<Recording> others = recordings(negatives);
    EvaluatorParts parts = new EvaluatorParts(model, word(model), spoken, added, others);
    Evaluator evaluator = parts.evaluator();
    if (report != null) { // fail now, not after hours
      AtomicFile.prepare(report.resolve("report.html"));
    }
    MeasuredFiles progress = new MeasuredFiles(console, spoken.size() + others.size(), common);
    Evaluation evaluation;
    try {
      evaluation = place.run(evaluator, parts, atOnce, progress);
    } finally {
      progress.finish();
    }
    if (format == Format.JSON) {
      console.print(EvalFigures.json(evaluation, model).toString());
    } else {
      EvalFigures.text(evaluation, model).forEach(console::print);
    }
    if (report != null) {
      Page page = new Page(report, model.name() + ": evaluation");
      page.paragraph(conditions());
      if (!progress.problems().isEmpty()) {
        page.paragraph("Not read to the end: " + String.join("; ", progress.problems()));
      }
      Report.add(page, evaluator, evaluation);
      page.write(0);
    }
    return progress.exitCode();
  }

  private String conditions() {
    return (repeat == 1 ? "" : "Every positive runs " + repeat + " times. ")
        + "Positives "
        + (snrs.isEmpty() ? "without added noise" : "with noise, SNR " + decibels(snrs))
        + ", gain "
        + decibels(gains)
        + ".";
  }

  private static String decibels(List<Double> values) {
    return values.stream().map(EvalCommand::plain).collect(Collectors.joining(", ")) + " dB";
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  private String word(WakeModel model) {
    if (word == null && model.words().size() > 1) {
      throw new IllegalArgumentException(
          file + ": has several words; choose one with --word: " + model.words());
    }
    return word == null ? model.words().get(0) : word;
  }

  private Noise noise() throws IOException {
    boolean some = !noise.isEmpty() || !babble.isEmpty();
    if (some == snrs.isEmpty()) {
      throw new IllegalArgumentException(
          some ? "--noise and --babble need --snr DB" : "--snr needs --noise or --babble");
    }
    if (!some) {
      return Noise.NONE;
    }
    return new Noise(noises(noise), noises(babble));
  }

  private List<Recording> noises(List<Path> paths) throws IOException {
    return AudioPaths.files(paths, common.notes(console)).stream()
        .flatMap(file -> Recording.of(file, "", channel.orAuto()).stream())
        .toList();
  }

  private static void checkDecibels(String name, double value) {
    if (!(Math.abs(value) <= MAX_DECIBELS)) {
      throw new IllegalArgumentException(
          name + "=" + value + ", expected -" + MAX_DECIBELS + " to " + MAX_DECIBELS + " dB");
    }
  }

  /** Every positive, repeated, at every gain and every signal-to-noise ratio. */
  private List<PositiveClip> clips(List<Recording> once) {
    List<PositiveClip> all = new ArrayList<>();
    List<Double> ratios = snrs.isEmpty() ? List.of(Double.POSITIVE_INFINITY) : snrs;
    long count = (long) gains.size() * ratios.size() * repeat * once.size();
    for (double gain : gains) {
      for (double snr : ratios) {
        String condition = condition(snr, gain);
        for (int turn = 0; turn < repeat * once.size(); turn++) {
          Recording recording = once.get(turn % once.size());
          String slice =
              switch (slices) {
                case TIME -> "tenth " + (1 + all.size() * 10L / count);
                case CONDITION -> condition;
                case FOLDER, NONE -> recording.slice();
              };
          all.add(new PositiveClip(recording.in(slice), gain, snr, turn));
        }
      }
    }
    return all;
  }

  private String condition(double snr, double gain) {
    String level = "gain " + plain(gain) + " dB";
    return snrs.isEmpty() ? level : "SNR " + plain(snr) + " dB, " + level;
  }

  private List<Recording> recordings(List<Path> paths) throws IOException {
    List<Recording> recordings = new ArrayList<>();
    Set<Path> seen = new HashSet<>();
    for (Path path : paths) {
      for (Path found : AudioPaths.files(List.of(path), common.notes(console))) {
        if (!seen.add(AudioPaths.real(found))) {
          continue; // an earlier path led to the same file
        }
        Path below = path.relativize(found);
        boolean whole = slices == Slices.TIME || slices == Slices.NONE;
        boolean deep = below.getNameCount() > 1;
        Path slice = deep ? path.resolve(below.getName(0)) : path;
        String shown = deep && paths.size() == 1 ? below.getName(0).toString() : slice.toString();
        recordings.addAll(Recording.of(found, whole ? "all" : shown, channel.orAuto()));
      }
    }
    return recordings;
  }
}
