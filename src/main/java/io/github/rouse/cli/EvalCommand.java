package io.github.rouse.cli;

import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.JobsOption;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.EvalFigures;
import io.github.rouse.eval.Clip;
import io.github.rouse.eval.Evaluation;
import io.github.rouse.eval.Evaluator;
import io.github.rouse.eval.Noise;
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

/** {@code rouse eval}: miss rate against false alarms per hour. */
@Command(
    name = "eval",
    description = "Measures a model: miss rate against false alarms per hour, with 95 %% bounds.",
    footer = MeasuredFiles.OF_UNREADABLE)
final class EvalCommand implements Callable<Integer> {
  /** How the figures look. */
  enum Format {
    /** For people. */
    TEXT,
    /** One object. */
    JSON
  }

  /** What is counted apart. */
  enum Slices {
    /** What lies in the same folder below the path given. */
    FOLDER,
    /** Each tenth of the stream of positives: whether hours of listening wear a model out. */
    TIME,
    /** Each {@code --snr} with each {@code --gain}. */
    CONDITION,
    /** Nothing. */
    NONE
  }

  private static final int MOST_REPEATS = 1000;
  private static final int MOST_DECIBELS = 150;

  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(paramLabel = "MODEL", description = "The model.")
  Path file;

  @Option(
      names = "--word",
      paramLabel = "W",
      description = "Which of the model's words. Default: the only one.")
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
          "Speech of which babble of eight voices is made, mixed in as --noise is, or under every"
              + " second clip beside it; repeatable.")
  List<Path> babble = List.of();

  @Option(
      names = "--snr",
      split = ",",
      paramLabel = "DB",
      description =
          "Power of each clip's speech over that of the noise. Several, as 20,10,0: the positives"
              + " are heard at each. The figures of all then count every clip so many times, and"
              + " the 95 %% bounds look narrower than they are; --slice condition tells them apart.")
  List<Double> snrs = List.of();

  @Option(
      names = "--gain",
      split = ",",
      paramLabel = "DB",
      defaultValue = "0",
      description =
          "Make the positives louder or, below 0, softer. Several, as -25,0,10: as with --snr."
              + " Default: ${DEFAULT-VALUE}.")
  List<Double> gains;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Hear the positives so many times over, in one stream. The 95 %% bounds then look narrower"
              + " than they are.")
  int repeat;

  @Option(
      names = "--slice",
      paramLabel = "folder|condition|time|none",
      description =
          "What is counted apart as well: folders; of the positives every --snr and --gain instead,"
              + " or tenths of their stream. Default: condition where several of these are given,"
              + " otherwise folder.")
  Slices slices;

  @Mixin JobsOption jobs;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "Write report.html: curves, figures, the worst cases to see and hear.")
  Path report;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "Figures to read, or one JSON object. Default: ${DEFAULT-VALUE}.")
  Format format;

  EvalCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    int atOnce = jobs.count();
    if (repeat < 1 || repeat > MOST_REPEATS) {
      throw new IllegalArgumentException("repeat=" + repeat + ", expected 1 to " + MOST_REPEATS);
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
    WakeModel model = WakeModel.read(file);
    Noise mixedIn = mixedIn();
    List<Clip> spoken = clips(recordings(positives));
    List<Recording> others = recordings(negatives);
    Evaluator evaluator = new Evaluator(model, word(model), spoken, mixedIn, others);
    if (report != null) { // now, not after hours
      AtomicFile.prepare(report.resolve("report.html"));
    }
    MeasuredFiles progress = new MeasuredFiles(console, spoken.size() + others.size(), common);
    Evaluation evaluation;
    try {
      evaluation = evaluator.run(atOnce, progress);
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
        page.paragraph("Not heard to the end: " + String.join("; ", progress.problems()));
      }
      Report.add(page, evaluator, evaluation);
      page.write(0);
    }
    return progress.exitCode();
  }

  private String conditions() {
    return (repeat == 1 ? "" : "Every positive " + repeat + " times. ")
        + "Positives "
        + (snrs.isEmpty() ? "without further noise" : "with noise, SNR " + decibels(snrs))
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
          file + ": has several words: choose one with --word: " + model.words());
    }
    return word == null ? model.words().get(0) : word;
  }

  private Noise mixedIn() throws IOException {
    boolean some = !noise.isEmpty() || !babble.isEmpty();
    if (some == snrs.isEmpty()) {
      throw new IllegalArgumentException(
          some ? "--noise and --babble need --snr DB" : "--snr needs --noise or --babble");
    }
    if (!some) {
      return Noise.NONE;
    }
    return new Noise(AudioPaths.files(noise), AudioPaths.files(babble));
  }

  private static void checkDecibels(String name, double value) {
    if (!(Math.abs(value) <= MOST_DECIBELS)) {
      throw new IllegalArgumentException(
          name + "=" + value + ", expected -" + MOST_DECIBELS + " to " + MOST_DECIBELS + " dB");
    }
  }

  /** Every positive as often as asked for, at every gain, with noise at every ratio. */
  private List<Clip> clips(List<Recording> once) {
    List<Clip> all = new ArrayList<>();
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
          all.add(new Clip(new Recording(recording.file(), slice), gain, snr, turn));
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
      for (Path found : AudioPaths.files(List.of(path))) {
        if (!seen.add(AudioPaths.real(found))) {
          continue; // another path led there before
        }
        Path below = path.relativize(found);
        boolean whole = slices == Slices.TIME || slices == Slices.NONE;
        boolean deep = below.getNameCount() > 1;
        Path slice = deep ? path.resolve(below.getName(0)) : path;
        String shown = deep && paths.size() == 1 ? below.getName(0).toString() : slice.toString();
        recordings.add(new Recording(found, whole ? "all" : shown));
      }
    }
    return recordings;
  }
}
