// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.Detector;
import io.github.rouse.Listener;
import io.github.rouse.actions.ClipRecorder;
import io.github.rouse.actions.Config;
import io.github.rouse.actions.EventActions;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.capture.Microphone;
import io.github.rouse.cli.options.ActionOptions;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.SoundOptions;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.EventFormat;
import io.github.rouse.cli.output.LiveCheck;
import io.github.rouse.cli.output.Meter;
import io.github.rouse.cli.service.Readiness;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.EventJson;
import io.github.rouse.trigger.TriggerEvent;
import java.io.Closeable;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Listens to a microphone: the options of the device and the actions, and the work. */
final class Listening {
  private static final String SOURCE = "microphone";
  private static final String TIME = "time"; // fields of an event
  private static final String CLIP = "clip";

  private final CountDownLatch finished = new CountDownLatch(1);

  @Mixin ActionOptions actionOptions;

  @Option(
      names = "--device",
      paramLabel = "NAME|N",
      description =
          "The capture device, by name or by number in `rouse devices`. Default: the system's.")
  String device;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      description = "Stop after this time. Default: on Ctrl-C.")
  Double duration;

  @Option(names = "--meter", description = "Show the live level and posterior, on a terminal.")
  boolean meter;

  private Console console;

  /** Whether any option is given. */
  boolean any() {
    return device != null || duration != null || meter || actionOptions.any();
  }

  /**
   * Checks the options and reads the file of settings, before models are read.
   *
   * @param nearMisses whether they are events, even if the file does not say so
   */
  Config settings(boolean nearMisses) throws IOException {
    if (duration != null && !(duration > 0)) {
      throw new IllegalArgumentException("duration=" + duration + ", expected above 0");
    }
    Config config = actionOptions.read();
    return nearMisses ? config.withNearMisses() : config;
  }

  /** Listens until the time is up or Ctrl-C; returns the exit code. */
  int run(
      List<WakeModel> loaded,
      Engine engine,
      Config config,
      SoundOptions sound,
      CommonOptions common,
      Console console)
      throws IOException {
    this.console = console;
    int rate = loaded.stream().mapToInt(m -> m.features().sampleRate()).max().orElseThrow();
    Channel channel = sound.channel.orAuto();
    if (meter && channel.choice() == Channel.Choice.EACH) {
      throw new IllegalArgumentException("--meter shows one channel: choose it with --channel N");
    }
    LiveCheck check = new LiveCheck(channel, LiveCheck.SECONDS, common.notes(console));
    List<String> columns = columns(config);
    EventFormat format = EventFormat.orDefault(sound.format, console);
    try (EventActions actions =
            new EventActions(config.actions(), console::say, common.notes(console));
        Recorders recorders = new Recorders()) {
      Microphone microphone = Microphone.open(device, channel, rate, new Messages(check));
      List<Detector> detectors = new ArrayList<>();
      List<SampleSink> taps = new ArrayList<>();
      for (int c = 1; c <= microphone.channels(); c++) {
        int number = microphone.channels() > 1 ? c : 0;
        String ending = number == 0 ? "" : "-channel" + number;
        ClipRecorder clips = recorders.add(actions.recorder(SOURCE, ending, rate));
        Meter level = meter ? new Meter(console, rate) : null;
        Reports reports = new Reports(format, actions, clips, level, number, columns);
        detectors.add(new Detector(loaded, rate, engine, reports));
        taps.add(reports::samples);
      }
      Listener listener = new Listener(microphone, detectors, taps);
      if (!common.quiet) {
        console.say("listening to " + microphone.describe() + " for " + words(loaded));
        if (config.actions().clips() != null) {
          console.say("the sound of events is kept in " + config.actions().clips().folder());
        }
      }
      Readiness.announce("listening for " + words(loaded), console::say);
      format.header(columns).ifPresent(console::print);
      stopInTime(listener);
      listener.run();
      check.finish();
      if (listener.lostSamples() > 0) {
        console.say(lost(listener.lostSamples(), rate) + " in all");
      }
    } finally {
      finished.countDown();
    }
    return 0;
  }

  /** The columns of a CSV besides those of every event. */
  private static List<String> columns(Config config) {
    List<String> columns = new ArrayList<>(List.of(TIME));
    if (config.nearMisses()) {
      columns.add(EventJson.NEAR_MISS);
    }
    if (config.actions().clips() != null) {
      columns.add(CLIP);
    }
    return columns;
  }

  /** The recorders of all channels; null for those that record nothing. */
  private static final class Recorders implements Closeable {
    private final List<ClipRecorder> all = new ArrayList<>();

    ClipRecorder add(Optional<ClipRecorder> recorder) {
      recorder.ifPresent(all::add);
      return recorder.orElse(null);
    }

    @Override
    public void close() {
      all.forEach(ClipRecorder::close);
    }
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
    private final EventFormat format;
    private final EventActions actions;
    private final ClipRecorder clips; // or null
    private final Meter level; // or null
    private final int channel; // 0 if there is only one sound
    private final List<String> columns;

    Reports(
        EventFormat format,
        EventActions actions,
        ClipRecorder clips,
        Meter level,
        int channel,
        List<String> columns) {
      this.format = format;
      this.actions = actions;
      this.clips = clips;
      this.level = level;
      this.channel = channel;
      this.columns = columns;
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
      Map<String, Object> extras = extras(event);
      if (clips != null) {
        clips.save(event).ifPresent(clip -> extras.put(CLIP, clip.toString()));
      }
      print(event, extras);
      actions.run(EventJson.of(SOURCE, event, extras));
    }

    @Override
    public void nearMiss(TriggerEvent miss) {
      if (columns.contains(EventJson.NEAR_MISS)) {
        Map<String, Object> extras = extras(miss);
        extras.put(EventJson.NEAR_MISS, true);
        print(miss, extras);
      }
    }

    private Map<String, Object> extras(TriggerEvent event) {
      Map<String, Object> extras = new LinkedHashMap<>();
      if (channel > 0) {
        extras.put(EventFormat.CHANNEL, channel);
      }
      extras.put(TIME, event.time().truncatedTo(ChronoUnit.MILLIS).toString());
      return extras;
    }

    private void print(TriggerEvent event, Map<String, Object> extras) {
      console.print(format.line(SOURCE, event, format.extras(extras, columns)));
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
