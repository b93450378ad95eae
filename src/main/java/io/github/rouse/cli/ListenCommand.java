// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.Detector;
import io.github.rouse.Listener;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.capture.Chime;
import io.github.rouse.audio.capture.Microphone;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ModelOptions;
import io.github.rouse.cli.options.SoundOptions;
import io.github.rouse.cli.output.ClipSaver;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.EventActions;
import io.github.rouse.cli.output.EventFormat;
import io.github.rouse.cli.output.LiveCheck;
import io.github.rouse.cli.output.Meter;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rouse listen}: the background listener. */
@Command(name = "listen", description = "Listens to a microphone and reports detections.")
final class ListenCommand implements Callable<Integer> {
  private static final int CHECK_SECONDS = 10; // of sound, before its faults are reported

  private final Console console;
  private final CountDownLatch finished = new CountDownLatch(1);

  @Mixin CommonOptions common;
  @Mixin ModelOptions models;
  @Mixin SoundOptions sound;

  @Option(
      names = "--device",
      paramLabel = "NAME|N",
      description =
          "The capture device, by name or by number in `rouse devices`. Default: the system's.")
  String device;

  @Option(
      names = "--exec",
      paramLabel = "CMD",
      description =
          "Run this shell command on each event. {word}, {score}, {time} (UTC), {source} and {clip}"
              + " (with --save) are filled in. Its output is shown.")
  String exec;

  @Option(names = "--webhook", paramLabel = "URL", description = "POST each event to URL as JSON.")
  URI webhook;

  @Option(
      names = "--save",
      paramLabel = "DIR",
      description = "Write a WAV of each event, with the sound before and after.")
  Path save;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      description = "Stop after this time. Default: on Ctrl-C.")
  Double duration;

  @Option(names = "--meter", description = "Show the live level and posterior, on a terminal.")
  boolean meter;

  @Option(names = "--chime", description = "Play a chime on each event.")
  boolean chime;

  ListenCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (duration != null && !(duration > 0)) {
      throw new IllegalArgumentException("duration=" + duration + ", expected above 0");
    }
    EventActions actions = new EventActions(exec, webhook, console);
    List<WakeModel> loaded = models.load();
    int rate = loaded.stream().mapToInt(m -> m.features().sampleRate()).max().orElseThrow();
    Channel channel = sound.channel.orAuto();
    if (meter && channel.choice() == Channel.Choice.EACH) {
      throw new IllegalArgumentException("--meter shows one channel: choose it with --channel N");
    }
    LiveCheck check = new LiveCheck(channel, CHECK_SECONDS, common.notes(console));
    List<ClipSaver> clips = new ArrayList<>();
    try (Chime bell = chime ? new Chime() : null) {
      Microphone microphone = Microphone.open(device, channel, rate, new Messages(check));
      List<Detector> detectors = new ArrayList<>();
      List<SampleSink> taps = new ArrayList<>();
      for (int c = 1; c <= microphone.channels(); c++) {
        int number = microphone.channels() > 1 ? c : 0;
        String ending = number == 0 ? "" : "-channel" + number;
        ClipSaver saver = save == null ? null : new ClipSaver(save, ending, rate, console);
        if (saver != null) {
          clips.add(saver);
        }
        Meter level = meter ? new Meter(console, rate) : null;
        Reports reports = new Reports(actions, saver, level, bell, number);
        detectors.add(new Detector(loaded, rate, models.engine, reports));
        taps.add(reports::samples);
      }
      Listener listener = new Listener(microphone, detectors, taps);
      if (!common.quiet) {
        console.say("listening to " + microphone.describe() + " for " + words(loaded));
      }
      if (EventFormat.orDefault(sound.format, console) == EventFormat.CSV) {
        console.print(EventFormat.CSV_HEADER + ",time" + (save == null ? "" : ",clip"));
      }
      stopInTime(listener);
      listener.run();
      check.finish();
      if (listener.lostSamples() > 0) {
        console.say(lost(listener.lostSamples(), rate) + " in all");
      }
    } finally {
      clips.forEach(ClipSaver::close);
      finished.countDown();
    }
    return 0;
  }

  /** Stops the listener when its time is up or on Ctrl-C; waits for clips to be written. */
  private void stopInTime(Listener listener) {
    if (duration != null) {
      long millis = Math.round(duration * 1000);
      CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(listener::stop);
    }
    Thread shutdown =
        new Thread(
            () -> {
              listener.stop();
              try {
                finished.await(2, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(shutdown);
  }

  private static String words(List<WakeModel> models) {
    return String.join(", ", models.stream().flatMap(m -> m.words().stream()).distinct().toList());
  }

  private static String lost(long samples, int rate) {
    return String.format(
        Locale.ROOT, "%d samples (%.2f s) were lost", samples, (double) samples / rate);
  }

  /** Passes samples and events to the outputs, on the listening thread. */
  private final class Reports implements DetectionHandler {
    private final EventFormat chosen = EventFormat.orDefault(sound.format, console);
    private final EventActions actions;
    private final ClipSaver clips;
    private final Meter level;
    private final Chime bell;
    private final int channel; // 0 if there is only one sound

    Reports(EventActions actions, ClipSaver clips, Meter level, Chime bell, int channel) {
      this.actions = actions;
      this.clips = clips;
      this.level = level;
      this.bell = bell;
      this.channel = channel;
    }

    void samples(float[] samples, int from, int length) {
      if (clips != null) {
        clips.accept(samples, from, length);
      }
      if (level != null) {
        level.accept(samples, from, length);
      }
    }

    @Override
    public void posteriors(WakeModel model, long at, float[] posteriors) {
      if (level != null) {
        level.posteriors(posteriors);
      }
    }

    @Override
    public void event(TriggerEvent event) {
      Map<String, Object> extras = new LinkedHashMap<>();
      if (channel > 0) {
        extras.put(EventFormat.CHANNEL, channel);
      }
      extras.put("time", event.time().truncatedTo(ChronoUnit.MILLIS).toString());
      if (clips != null) {
        extras.put("clip", clips.save(event).toString());
      }
      console.print(chosen.line("microphone", event, extras));
      if (bell != null) {
        bell.play();
      }
      actions.run(EventFormat.JSONL.line("microphone", event, extras));
    }
  }

  /** Prints when the microphone goes and comes back, and checks its sound. */
  private final class Messages implements Microphone.Events {
    private final LiveCheck check;

    Messages(LiveCheck check) {
      this.check = check;
    }

    @Override
    public void captured(
        float[] interleaved, float[] heard, int frames, int channels, int sampleRate) {
      check.captured(interleaved, heard, frames, channels, sampleRate);
    }

    @Override
    public void lost(String reason) {
      console.say("microphone lost (" + reason + "); waiting for it to come back");
    }

    @Override
    public void recovered(double seconds) {
      console.say(String.format(Locale.ROOT, "microphone back after %.1f s", seconds));
    }
  }
}
