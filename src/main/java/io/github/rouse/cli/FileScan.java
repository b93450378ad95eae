// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.Detector;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.cli.options.AudioPaths;
import io.github.rouse.cli.options.ChannelOption;
import io.github.rouse.cli.output.ChimedCopy;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.EventFormat;
import io.github.rouse.cli.output.LabelTrack;
import io.github.rouse.cli.output.OrderedLines;
import io.github.rouse.cli.output.PlotFile;
import io.github.rouse.cli.output.PosteriorFiles;
import io.github.rouse.cli.output.ScanFile;
import io.github.rouse.cli.output.ScanProgress;
import io.github.rouse.cli.output.SoundWarnings;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.feature.SoundCheck;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.EventJson;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Scans one file, each track (or channel) in one pass, and writes the files beside its results. */
final class FileScan {
  private final ScanSettings settings;
  private final Path path;
  private final String name; // stem of the output files
  private final Console console;
  private final ScanProgress progress;
  private final SoundWarnings warnings;
  private int track = 1; // under way
  private int channel = 1; // under way, if each is searched
  private int channels = 1; // to be searched

  FileScan(
      ScanSettings settings,
      Path path,
      String name,
      Console console,
      ScanProgress progress,
      SoundWarnings warnings) {
    this.settings = settings;
    this.path = path;
    this.name = name;
    this.console = console;
    this.progress = progress;
    this.warnings = warnings;
  }

  /** Scans the file; on a read error prints a message and returns false. */
  boolean run(OrderedLines.JobLines lines) {
    try {
      boolean heard = true;
      int tracks = 1;
      for (; track <= tracks; track++) {
        channels = 1;
        for (channel = 1; channel <= channels; channel++) {
          try (AudioFile audio = AudioPaths.open(path, track, console)) {
            tracks = Files.isRegularFile(path) ? audio.tracks() : 1;
            List<Channel> passes = ChannelOption.passes(settings.channel(), path, audio);
            channels = passes.size();
            scan(audio, passes.get(channel - 1), lines);
          } catch (IOException
              | UncheckedIOException
              | IllegalArgumentException
              | IllegalStateException e) {
            say(e, lines);
            heard = false;
          }
        }
      }
      return heard;
    } finally {
      progress.fileDone();
      lines.finish();
    }
  }

  private void say(Exception e, OrderedLines.JobLines lines) {
    String problem = Console.describe(e);
    String line = problem.contains(path.toString()) ? problem : path + ": " + problem;
    lines.say(track > 1 ? line.replace(path + ": ", path + ": track " + track + ": ") : line);
    if (settings.verbose()) {
      e.printStackTrace(console.err());
    }
  }

  /** Stem of the output files of the track and channel. */
  private String stem() {
    String stem = track > 1 ? name + "-track" + track : name;
    return channels > 1 ? stem + "-channel" + channel : stem;
  }

  /** What an event's line says of the track and channel. */
  private Map<String, Object> extras() {
    Map<String, Object> extras = new LinkedHashMap<>();
    if (track > 1) {
      extras.put(EventFormat.TRACK, track);
    }
    if (channels > 1) {
      extras.put(EventFormat.CHANNEL, channel);
    }
    return extras;
  }

  private void print(TriggerEvent event, Map<String, Object> extras, OrderedLines.JobLines lines) {
    EventFormat format = settings.format();
    Map<String, ?> fields = format.extras(extras, columns(settings.nearMisses()));
    lines.print(format.line(path.toString(), event, fields));
  }

  /** The columns of a CSV besides those of every event. */
  static List<String> columns(boolean nearMisses) {
    return nearMisses ? List.of(EventJson.NEAR_MISS) : List.of();
  }

  private void scan(AudioFile audio, Channel used, OrderedLines.JobLines lines) throws IOException {
    List<ScanFile> files = new ArrayList<>();
    try {
      open(audio, files);
      detect(audio, used, files, lines);
      for (ScanFile file : files) {
        file.commit();
      }
    } finally {
      for (ScanFile file : files) {
        file.close();
      }
    }
  }

  /** Opens the files that the settings ask for. */
  private void open(AudioFile audio, List<ScanFile> files) throws IOException {
    int rate = audio.sampleRate();
    if (settings.posteriors() != null) {
      files.add(new PosteriorFiles(settings.posteriors(), stem(), settings.models()));
    }
    if (settings.labels() != null) {
      files.add(new LabelTrack(settings.labels().resolve(stem() + ".txt")));
    }
    if (settings.chimes() != null) {
      Path target = settings.chimes().resolve(stem() + ".wav");
      if (Files.exists(target) && Files.exists(path) && Files.isSameFile(target, path)) {
        throw new IOException(target + ": the copy with chimes would overwrite it");
      }
      files.add(new ChimedCopy(target, rate, audio.channels(), settings.models()));
    }
    if (settings.plots() != null) {
      files.add(new PlotFile(settings.plots(), stem(), audio.name(), rate, settings.models()));
    }
  }

  /** The one pass over the sound. */
  private void detect(
      AudioFile audio, Channel used, List<ScanFile> files, OrderedLines.JobLines lines)
      throws IOException {
    DetectionHandler handler =
        new DetectionHandler() {
          @Override
          public void event(TriggerEvent event) {
            print(event, extras(), lines);
            files.forEach(file -> file.event(event));
          }

          @Override
          public void nearMiss(TriggerEvent miss) {
            if (settings.nearMisses()) {
              Map<String, Object> extras = extras();
              extras.put(EventJson.NEAR_MISS, true);
              print(miss, extras, lines);
            }
          }

          @Override
          public void posteriors(WakeModel model, long at, float[] values) {
            files.forEach(file -> file.posteriors(model, at, values));
          }
        };
    SoundCheck check = new SoundCheck(settings.channel(), audio.channels(), audio.sampleRate());
    try (Detector detector =
        new Detector(settings.models(), audio.sampleRate(), settings.engine(), handler)) {
      try {
        audio.play(
            used,
            (interleaved, from, length) -> {
              check.frames(interleaved, from, length);
              files.forEach(file -> file.frames(interleaved, from, length));
            },
            (samples, from, length) -> {
              check.heard(samples, from, length);
              detector.accept(samples, from, length);
              files.forEach(file -> file.samples(samples, from, length));
              progress.heard((double) length / audio.sampleRate());
            });
        warnings.add(EventFormat.within(path.toString(), extras()), check.faults());
      } finally {
        detector.finish(); // even after a read error: what came before it counts
      }
    }
  }
}
