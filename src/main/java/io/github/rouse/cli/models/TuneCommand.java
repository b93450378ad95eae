// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.ChannelOption;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.JobsOption;
import io.github.rouse.cli.options.PolicyOptions;
import io.github.rouse.cli.output.CalibrationTable;
import io.github.rouse.cli.output.Console;
import io.github.rouse.eval.Calibrator;
import io.github.rouse.eval.Recording;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rouse tune}: calibrates thresholds to false alarms per hour. */
@Command(
    name = "tune",
    description =
        "Measures false alarms per hour against threshold on sound without the words, and writes"
            + " this calibration into the model.",
    footer = MeasuredFiles.UNREADABLE_FOOTER)
public final class TuneCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;

  @Parameters(paramLabel = "MODEL", description = "The model; the file is rewritten.")
  Path file;

  @Option(
      names = "--negatives",
      required = true,
      paramLabel = "PATH",
      description =
          "Sound without the words, not used in training; repeatable. More hours are better.")
  List<Path> negatives;

  @Option(
      names = "--false-alarms-per-hour",
      paramLabel = "X",
      description =
          "Print the threshold for this rate and make it the model's default; "
              + Calibration.LEAST_PER_HOUR
              + " to "
              + Calibration.MOST_PER_HOUR
              + ".")
  Double falseAlarmsPerHour;

  @Mixin ChannelOption channel;
  @Mixin JobsOption jobs;

  public TuneCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    int jobCount = jobs.count();
    if (falseAlarmsPerHour != null) { // fail now, not after hours
      Calibration.checkRate(falseAlarmsPerHour);
    }
    WakeModel model = WakeModel.read(file);
    AtomicFile.prepare(file);
    if (!Files.isWritable(file)) { // a rename would replace it despite its read-only mode
      throw new AccessDeniedException(file.toString());
    }
    List<Recording> recordings =
        AudioPaths.files(negatives, common.notes(console)).stream()
            .flatMap(path -> Recording.of(path, "", channel.orAuto()).stream())
            .toList();
    MeasuredFiles progress =
        new MeasuredFiles(console, Calibrator.times() * recordings.size(), common);
    Calibration calibration;
    try {
      calibration = new Calibrator(model, recordings).run(jobCount, progress);
    } finally {
      progress.finish();
    }
    WakeModel tuned = model.withCalibration(calibration);
    tuned.write(file); // kept even if no threshold gives the rate: it took hours
    if (!common.quiet) {
      console.say(
          String.format(
              Locale.ROOT,
              "wrote %s: the %d strongest false alarms in %.2f h (every file at %d speeds)",
              file,
              calibration.scores().size(),
              calibration.hours(),
              Calibrator.times()));
    }
    if (falseAlarmsPerHour == null) {
      CalibrationTable.lines(calibration).forEach(console::print);
    } else {
      float threshold = PolicyOptions.threshold(file, calibration, falseAlarmsPerHour);
      tuned.withPolicy(tuned.policy().withThreshold(threshold)).write(file);
      console.print(CalibrationTable.line(calibration, falseAlarmsPerHour));
    }
    return progress.exitCode();
  }
}
