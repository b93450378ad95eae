// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.Detector;
import io.github.rouse.Rouse;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.audio.capture.Chime;
import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.OrderedLines;
import io.github.rouse.cli.output.PosteriorFiles;
import io.github.rouse.cli.output.ScanOutput;
import io.github.rouse.cli.output.ScanProgress;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.eval.report.ScanPlot;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Scans one file and writes its output files. */
final class FileScan {
  private final ScanSettings settings;
  private final Path path;
  private final String name; // stem of the output files
  private final Console console;
  private final ScanProgress progress;
  private final List<TriggerEvent> events = new ArrayList<>();
  private long samplesRead;
  private double seconds; // of samplesRead

  FileScan(ScanSettings settings, Path path, String name, Console console, ScanProgress progress) {
    this.settings = settings;
    this.path = path;
    this.name = name;
    this.console = console;
    this.progress = progress;
  }

  /** Scans the file; on a read error prints a message and returns false. */
  boolean run(OrderedLines.Part lines) {
    try {
      detect(lines);
      if (settings.labels() != null) {
        writeLabels();
      }
      if (settings.chimes() != null) {
        writeChimes();
      }
      if (settings.plots() != null) {
        writePlot();
      }
      return true;
    } catch (IOException
        | UncheckedIOException
        | IllegalArgumentException
        | IllegalStateException e) {
      String problem = Console.describe(e);
      lines.say(problem.contains(path.toString()) ? problem : path + ": " + problem);
      if (settings.verbose()) {
        e.printStackTrace(console.err());
      }
      return false;
    } finally {
      progress.fileDone();
      lines.finish();
    }
  }

  private void detect(OrderedLines.Part lines) throws IOException {
    try (AudioFile audio = AudioPaths.open(path, console);
        PosteriorFiles posteriors =
            new PosteriorFiles(settings.posteriors(), name, settings.models());
        Detector detector =
            new Detector(
                settings.models(),
                audio.sampleRate(),
                settings.engine(),
                new DetectionHandler() {
                  @Override
                  public void event(TriggerEvent event) {
                    events.add(event);
                    lines.print(settings.format().line(path.toString(), event, Map.of()));
                  }

                  @Override
                  public void posteriors(WakeModel model, long at, float[] values) {
                    posteriors.write(model, values);
                  }
                })) {
      try {
        Rouse.scan(
            audio,
            settings.channel(),
            (samples, from, length) -> {
              detector.accept(samples, from, length);
              samplesRead += length;
              progress.heard((double) length / audio.sampleRate());
            });
      } finally {
        detector.finish(); // even after a read error: what came before it counts
        seconds = (double) samplesRead / audio.sampleRate();
      }
      posteriors.commit();
    }
  }

  /** An Audacity label track: start and end in seconds, label; tab-separated. */
  private void writeLabels() throws IOException {
    try (ScanOutput file = new ScanOutput(settings.labels().resolve(name + ".txt"))) {
      for (TriggerEvent e : events) {
        String line =
            String.format(
                Locale.ROOT, "%.6f\t%.6f\t%s%n", e.startSeconds(), e.endSeconds(), e.word());
        file.out().write(line.getBytes(StandardCharsets.UTF_8));
      }
      file.commit();
    }
  }

  private void writeChimes() throws IOException {
    Path target = settings.chimes().resolve(name + ".wav");
    if (Files.exists(target) && Files.isSameFile(target, path)) {
      throw new IOException(target + ": the copy with chimes would overwrite it");
    }
    try (AudioFile audio = AudioPaths.open(path, console);
        WavWriter copy = new WavWriter(target, audio.sampleRate(), audio.channels())) {
      mixChimes(audio, copy);
      copy.commit();
    }
  }

  private void mixChimes(AudioFile audio, WavWriter copy) throws IOException {
    float[] chime = Chime.samples(audio.sampleRate());
    float[] frames = new float[4096 * audio.channels()];
    long start = 0; // index in the file of the first frame in the buffer
    for (int read; (read = audio.read(frames, 4096)) >= 0; start += read) {
      for (TriggerEvent event : events) {
        long from = Math.round(event.atSeconds() * audio.sampleRate());
        mix(chime, from - start, frames, read, audio.channels());
      }
      copy.write(frames, 0, read * audio.channels());
    }
  }

  /** Adds the chime to all channels from frame {@code at}, which may lie outside the buffer. */
  private static void mix(float[] chime, long at, float[] frames, int count, int channels) {
    int first = (int) Math.max(0, -at);
    for (int i = first; i < chime.length && at + i < count; i++) {
      for (int c = 0; c < channels; c++) {
        frames[(int) (at + i) * channels + c] += chime[i];
      }
    }
  }

  private void writePlot() throws IOException {
    ScanPlot plot;
    try (AudioFile audio = AudioPaths.open(path, console)) {
      plot =
          ScanPlot.of(
              audio, seconds, settings.channel(), settings.models(), settings.engine(), events);
    }
    try (ScanOutput file = new ScanOutput(settings.plots().resolve(name + ".png"))) {
      plot.write(file.out());
      file.commit();
    }
  }
}
