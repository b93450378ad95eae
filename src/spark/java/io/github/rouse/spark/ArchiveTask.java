// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import io.github.rouse.Detector;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.ChannelSelector;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.file.Problem;
import io.github.rouse.model.Engine;
import io.github.rouse.state.Snapshot;
import io.github.rouse.trigger.TriggerEvent;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;

/** Scans the files of one task as {@code rouse scan} does, and saves checkpoints. */
final class ArchiveTask {
  private static final int BLOCK = 4096; // frames

  private final List<AudioItem> items;
  private final ScanSettings settings;
  private final Configuration hadoop;
  private final Checkpoints checkpoints; // null to save none
  private final double checkpointInterval; // seconds of audio
  private final boolean lastTry;
  private TaskState state = new TaskState();
  private double sinceCheckpoint; // seconds of audio

  /**
   * Prepares a task.
   *
   * @param checkpoints null to save none
   * @param checkpointInterval seconds of audio from one checkpoint to the next
   * @param lastTry whether a fault of the file system becomes a row rather than another try
   */
  ArchiveTask(
      List<AudioItem> items,
      ScanSettings settings,
      Configuration hadoop,
      Checkpoints checkpoints,
      double checkpointInterval,
      boolean lastTry) {
    this.items = items;
    this.settings = settings;
    this.hadoop = hadoop;
    this.checkpoints = checkpoints;
    this.checkpointInterval = checkpointInterval;
    this.lastTry = lastTry;
  }

  /** The results of all files, in order. */
  List<FileResult> run() throws IOException {
    state = checkpoints == null ? state : checkpoints.last();
    boolean all = state.finished.size() == items.size();
    while (state.finished.size() < items.size()) {
      scan(items.get(state.finished.size()));
      state.current.sort();
      state.finished.add(state.current);
      state.next();
    }
    if (checkpoints != null && !all) {
      checkpoints.save(state);
    }
    return state.finished;
  }

  private void scan(AudioItem item) throws IOException {
    long begun = System.nanoTime() - 1_000_000 * state.current.millis;
    FileResult result = state.current;
    result.path = item.path();
    result.bytes = Math.max(0, item.bytes());
    result.resumedSeconds = result.heardSeconds;
    if (!state.within) {
      result.tracks = 1;
      state.within = true;
    }
    for (; state.track <= result.tracks; state.track++) {
      for (; state.channel <= state.passes; state.channel++) {
        pass(item, begun);
        state.nextPass();
      }
      state.channel = 1;
      state.passes = 1;
    }
    result.millis = millis(begun);
  }

  private static long millis(long begun) {
    return (System.nanoTime() - begun) / 1_000_000;
  }

  /** One pass over a track, or over one of its channels. */
  private void pass(AudioItem item, long begun) throws IOException {
    FileResult result = state.current;
    boolean first = state.channel == 1;
    Path path = new Path(item.path());
    ArchiveStream in;
    try {
      in = new ArchiveStream(path.getFileSystem(hadoop).open(path));
    } catch (IOException e) {
      if (!(e instanceof FileNotFoundException)) {
        failUnlessLastTry(e);
      }
      result.problem(reason(e, item));
      result.unheardKnown = false;
      return;
    }
    try {
      play(item, in, begun);
    } catch (IOException
        | UncheckedIOException
        | IllegalArgumentException
        | IllegalStateException e) {
      if (in.fault() != null) {
        failUnlessLastTry(in.fault());
      }
      result.problem(reason(e, item));
    } finally {
      try {
        if (first && state.track == 1) {
          result.sha256 = in.fault() == null ? in.sha256() : "";
        }
      } catch (IOException e) {
        result.problem(reason(e, item));
      }
      in.end();
    }
  }

  /** Fails the task if there is another try, perhaps on a machine that can read the file. */
  private void failUnlessLastTry(IOException fault) throws IOException {
    if (!lastTry) {
      throw new IOException("trying again: " + fault.getMessage(), fault);
    }
  }

  private String reason(Exception e, AudioItem item) {
    String reason = Problem.describe(e).replace(item.path() + ": ", "");
    return state.track > 1 ? "track " + state.track + ": " + reason : reason;
  }

  private void play(AudioItem item, ArchiveStream in, long begun) throws IOException {
    FileResult result = state.current;
    boolean first = state.channel == 1;
    try (AudioFile audio = AudioFile.open(in, item.bytes(), item.path(), state.track)) {
      List<Channel> passes = settings.channel().passes(audio.channels());
      int rate = audio.sampleRate();
      result.tracks = audio.tracks();
      state.passes = passes.size();
      if (state.track == 1 && first) {
        result.sampleRate = rate;
        result.channels = audio.channels();
      }
      Channel channel = passes.get(state.channel - 1);
      if (channel.number() > audio.channels()) {
        throw new IOException(
            "channel=" + channel + ", but the sound has " + audio.channels() + " channels");
      }
      double others = result.heardSeconds - (double) state.frames / rate;
      try {
        detect(audio, channel, others, begun);
        unheard(audio, 0, first);
      } catch (IOException | RuntimeException e) {
        unheard(audio, audio.frames() - state.frames, first);
        throw e;
      } finally {
        if (first) {
          result.heardSeconds = others + (double) state.frames / rate;
        }
      }
    } catch (IOException | RuntimeException e) {
      result.unheardKnown &= result.heardSeconds > 0;
      throw e;
    }
  }

  private void unheard(AudioFile audio, long frames, boolean first) {
    if (first) {
      state.current.unheardSeconds += (double) Math.max(0, frames) / audio.sampleRate();
      state.current.unheardKnown &= frames == 0 || audio.frames() >= 0;
    }
  }

  /**
   * Detects words from where the state stands.
   *
   * @param others seconds scanned of the earlier tracks
   */
  private void detect(AudioFile audio, Channel channel, double others, long begun)
      throws IOException {
    FileResult result = state.current;
    int rate = audio.sampleRate();
    int shown = state.passes > 1 ? state.channel : 0;
    DetectionHandler handler =
        new DetectionHandler() {
          @Override
          public void event(TriggerEvent event) {
            result.events.add(FileResult.Event.of(event, state.track, shown, false));
          }

          @Override
          public void nearMiss(TriggerEvent miss) {
            if (settings.nearMisses()) {
              result.events.add(FileResult.Event.of(miss, state.track, shown, true));
            }
          }
        };
    float[] interleaved = new float[BLOCK * audio.channels()];
    float[] mono = new float[BLOCK];
    ChannelSelector selector = new ChannelSelector(channel, audio.channels(), rate);
    try (Detector detector = new Detector(settings.models(), rate, Engine.NATIVE, handler)) {
      if (state.frames > 0) {
        skip(audio, state.frames, interleaved);
        detector.restore(state.detector);
        selector.state(Snapshot.from(state.selector));
      }
      try {
        while (true) {
          stopIfKilled();
          long left = Math.max(1, Math.round((checkpointInterval - sinceCheckpoint) * rate));
          int got = audio.read(interleaved, (int) Math.min(BLOCK, left));
          if (got < 0) {
            break;
          }
          selector.reduce(interleaved, got, mono);
          detector.accept(mono, 0, got);
          state.frames += got;
          sinceCheckpoint += (double) got / rate;
          if (checkpoints != null && got >= left) {
            if (state.channel == 1) {
              result.heardSeconds = others + (double) state.frames / rate;
            }
            result.millis = millis(begun);
            save(detector, selector);
          }
        }
      } finally {
        detector.finish(); // even after a read error: what came before it counts
      }
    }
  }

  /** Decodes what another attempt has scanned: few formats can be entered exactly in the middle. */
  private static void skip(AudioFile audio, long frames, float[] interleaved) throws IOException {
    for (long left = frames; left > 0; ) {
      stopIfKilled();
      int got = audio.read(interleaved, (int) Math.min(BLOCK, left));
      if (got < 0) {
        throw new IOException("the file is shorter than it was");
      }
      left -= got;
    }
  }

  /** Ends the task if its twin was faster or the job was cancelled. */
  private static void stopIfKilled() {
    TaskContext task = TaskContext.get();
    if (task != null && task.isInterrupted()) {
      throw new TaskKilledException("killed");
    }
  }

  private void save(Detector detector, ChannelSelector selector) throws IOException {
    sinceCheckpoint = 0;
    try {
      state.detector = detector.save();
    } catch (UnsupportedOperationException e) {
      return; // a third-party engine: the task begins again
    }
    state.selector = Snapshot.save(selector::state);
    try {
      checkpoints.save(state);
    } catch (IOException e) {
      throw new CannotSave(e);
    }
  }

  /** Fails the task: the sound is not at fault. */
  private static final class CannotSave extends RuntimeException {
    CannotSave(IOException cause) {
      super("cannot save a checkpoint: " + cause.getMessage(), cause);
    }
  }
}
