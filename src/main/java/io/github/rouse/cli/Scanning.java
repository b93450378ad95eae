// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.audio.ffmpeg.FfmpegVersion;
import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.options.JobsOption;
import io.github.rouse.cli.options.SoundOptions;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.EventFormat;
import io.github.rouse.cli.output.OrderedLines;
import io.github.rouse.cli.output.ScanProgress;
import io.github.rouse.cli.output.SoundWarnings;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds words in audio files: the options of the outputs, and the work. */
final class Scanning {
  @Option(
      names = "--labels",
      paramLabel = "DIR",
      description = "Write NAME.txt per file: an Audacity label track.")
  Path labels;

  @Option(
      names = "--posteriors",
      paramLabel = "DIR",
      description = "Write NAME.MODEL.f32: little-endian float32 [steps][words].")
  Path posteriors;

  @Option(
      names = "--plot",
      paramLabel = "DIR",
      description =
          "Write NAME.png per file, for its first minute, NAME.page2.png for the second and so on:"
              + " waveform, spectrogram, posteriors, events.")
  Path plots;

  @Option(
      names = "--chime",
      paramLabel = "DIR",
      description = "Write NAME.wav per file: a copy with a chime after each event.")
  Path chimes;

  @Mixin JobsOption jobs;

  private Console console;
  private CommonOptions common;

  /** Checks the options before models are read. */
  void check(List<Path> paths) {
    jobs.count();
    if (paths.stream().filter(AudioPaths.STDIN::equals).count() > 1) {
      throw new IllegalArgumentException("stdin (-) is given twice");
    }
  }

  /** Scans the files; returns the exit code. */
  int run(
      List<Path> paths,
      List<WakeModel> models,
      Engine engine,
      boolean nearMisses,
      SoundOptions sound,
      CommonOptions common,
      Console console)
      throws IOException {
    this.console = console;
    this.common = common;
    for (Path folder : new Path[] {labels, posteriors, plots, chimes}) {
      if (folder != null) {
        Files.createDirectories(folder);
      }
    }
    AudioPaths audio = new AudioPaths(paths);
    audio.problems().forEach(problem -> console.say(Console.describe(problem)));
    audio.skipped().ifPresent(common.notes(console));
    if (common.verbose) {
      console.say(FfmpegVersion.line());
    }
    boolean complete = scan(audio, settings(models, engine, nearMisses, sound));
    return complete && audio.problems().isEmpty() ? 0 : ExitCode.FAILED;
  }

  private ScanSettings settings(
      List<WakeModel> models, Engine engine, boolean nearMisses, SoundOptions sound) {
    return new ScanSettings(
        models,
        engine,
        sound.channel.orAuto(),
        EventFormat.orDefault(sound.format, console),
        nearMisses,
        labels,
        posteriors,
        plots,
        chimes,
        common.verbose);
  }

  /** Scans all files, some at a time; false if one could not be read to its end. */
  private boolean scan(AudioPaths audio, ScanSettings settings) {
    List<String> columns = FileScan.columns(settings.nearMisses());
    settings.format().header(columns).ifPresent(console::print);
    OrderedLines lines = new OrderedLines(console, audio.files().size());
    ScanProgress progress = new ScanProgress(console, audio.files().size(), common.quiet);
    SoundWarnings warnings = new SoundWarnings();
    Map<Path, String> names = audio.names();
    ExecutorService workers = Executors.newFixedThreadPool(jobs.count(), Scanning::daemon);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < audio.files().size(); i++) {
      Path file = audio.files().get(i);
      OrderedLines.JobLines part = lines.part(i);
      FileScan scan = new FileScan(settings, file, names.get(file), console, progress, warnings);
      running.add(workers.submit(() -> scan.run(part)));
    }
    boolean complete = true;
    try {
      for (Future<?> one : running) {
        complete &= finished(one);
      }
    } finally {
      running.forEach(one -> one.cancel(false)); // those not yet started
      workers.shutdown();
      progress.finish();
    }
    warnings.report(common.notes(console));
    return complete;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "rouse-scan");
    thread.setDaemon(true);
    return thread;
  }

  private boolean finished(Future<?> one) {
    try {
      return (Boolean) one.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Console.LostOutput lost) {
        throw lost;
      } else if (e.getCause() instanceof LinkageError missing) {
        throw missing; // of the installation, or too few file handles: the same for every file
      }
      // A bug rather than a bad file; scan the others all the same.
      console.say(Console.describe(e.getCause()));
      if (common.verbose) {
        e.getCause().printStackTrace(console.err());
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
