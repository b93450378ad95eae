// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.capture.Microphone;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.detect.SpeakingGuard;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Listens to this machine's microphone, as one of the server's streams, on a thread of its own. */
public final class LocalMicrophone implements Activity, AutoCloseable {
  /** The source of its events. */
  public static final String SOURCE = "microphone";

  private static final int READ_MILLIS = 200; // longest delay of an end
  private static final int READS_PER_SECOND = 20;
  private static final double LEAST_POWER = 1e-12; // -120 dB
  private static final int REMEMBERED = 3; // seconds that a new stream hears again

  private final StreamHub hub;
  private final String device;
  private final Channel channel;
  private final Follower follower;
  private final SpeakingGuard guard = new SpeakingGuard(SpeakingGuard.DEFAULT_SCORE);
  private final Thread thread = new Thread(this::run, "rouse-microphone-stream");
  private final Map<String, Double> ends = new ConcurrentHashMap<>(); // see News
  private long heard; // samples; by the stream's thread only
  private volatile boolean closing;
  private volatile boolean stale; // the models have changed since the stream was opened
  private volatile long lost; // samples
  private volatile double power; // mean square, averaged over about a second
  private final AtomicInteger reconnects = new AtomicInteger();

  /** Receives the samples, and what is detected in them. */
  public interface Follower {
    /** A stream begins; also when the models have changed. */
    Sinks begin(int sampleRate, List<String> words);

    /** Receives what {@link Microphone.Events#captured} does. */
    default void captured(
        float[] interleaved, float[] heard, int frames, int channels, int sampleRate) {}
  }

  /** Where a stream's samples and detections go. */
  public record Sinks(SampleSink samples, DetectionHandler detections) {}

  /**
   * Creates a microphone that is not open.
   *
   * @param device as {@link Microphone#open} takes it
   */
  public LocalMicrophone(StreamHub hub, String device, Channel channel, Follower follower) {
    this.hub = hub;
    this.device = device;
    this.channel = channel;
    this.follower = follower;
    thread.setDaemon(true);
  }

  /** Begins to listen once the models are loaded. */
  public void start() {
    hub.observe(this);
    thread.start();
  }

  @Override
  public void modelsChanged(Models models) {
    stale = true;
  }

  /** Keeps the device that has this microphone from waking itself. */
  public SpeakingGuard guard() {
    return guard;
  }

  /** Samples lost so far. */
  public long lostSamples() {
    return lost;
  }

  /** The RMS level of the last second, in dB of full scale. */
  public double level() {
    return 10 * Math.log10(Math.max(power, LEAST_POWER));
  }

  /** How often a lost device came back. */
  public int reconnects() {
    return reconnects.get();
  }

  private void run() {
    try {
      Models models = hub.awaitModels();
      int rate =
          models.loaded().stream()
              .map(WakeModel::features)
              .mapToInt(features -> features.sampleRate())
              .max()
              .orElse(16_000);
      try (Microphone microphone = Microphone.open(device, channel, rate, new MicrophoneEvents())) {
        hub.activity().notice("listening to " + microphone.describe());
        listen(microphone);
      }
    } catch (IOException e) {
      hub.activity().notice(e.getMessage());
      hub.activity().notice("the server runs without a microphone of its own");
    } catch (IllegalStateException e) { // the server stops, or has no models: it says so itself
      if (!closing) {
        hub.activity().notice("the microphone's stream ended: " + e.getMessage());
      }
    }
  }

  private void listen(Microphone microphone) {
    float[] samples = new float[microphone.sampleRate() / READS_PER_SECOND];
    Deque<float[]> recent = new ArrayDeque<>(); // what the latest reads brought
    StreamHub.Stream stream = null;
    Sinks sinks = null;
    try {
      while (!closing) {
        if (stale || stream == null) {
          stale = false;
          if (stream != null) {
            stream.close();
          }
          Models models = hub.models();
          boolean any = !models.loaded().isEmpty();
          sinks = any ? follower.begin(microphone.sampleRate(), models.words()) : null;
          stream = any ? open(microphone.sampleRate(), sinks, length(recent)) : null;
          if (stream != null) { // a word that is being spoken now is not lost
            for (float[] read : recent) {
              sinks.samples().accept(read, 0, read.length);
              stream.accept(read, 0, read.length);
            }
          }
        }
        int read = microphone.read(samples, READ_MILLIS);
        long gap = microphone.takeGap();
        lost = microphone.lostSamples();
        if (read < 0) {
          break;
        }
        if (gap > 0) {
          recent.clear();
          heard += gap;
          if (stream != null) {
            stream.skip(gap);
          }
        }
        if (read > 0) {
          measure(samples, read);
          heard += read;
          recent.addLast(Arrays.copyOf(samples, read));
          while (length(recent) > REMEMBERED * microphone.sampleRate()) {
            recent.removeFirst();
          }
        }
        if (stream != null && read > 0) {
          sinks.samples().accept(samples, 0, read);
          stream.accept(samples, 0, read);
        }
      }
    } finally {
      if (stream != null) {
        stream.close();
      }
    }
  }

  private static int length(Deque<float[]> reads) {
    return reads.stream().mapToInt(read -> read.length).sum();
  }

  private void measure(float[] samples, int count) {
    double squares = 0;
    for (int i = 0; i < count; i++) {
      squares += samples[i] * samples[i];
    }
    double before = power;
    power = before + (squares / count - before) / READS_PER_SECOND; // by one thread only
  }

  /**
   * Opens a stream.
   *
   * @param known samples at its start that the stream before has heard
   */
  private StreamHub.Stream open(int rate, Sinks sinks, int known) {
    double begin = (double) known / rate;
    double origin = (double) heard / rate - begin;
    return hub.open(
        SOURCE,
        rate,
        Set.of(),
        sinks.detections(),
        seen -> guard.guarding(new News(seen, begin, origin, ends)));
  }

  @Override
  public void close() {
    closing = true;
    try {
      thread.join(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Leaves out what the stream before has said.
   *
   * @param begin what it has not heard begins here, in seconds
   * @param origin seconds of the microphone's sound before the stream's first sample
   * @param ends when each word last ended, in seconds of the microphone's sound
   */
  private record News(DetectionHandler sink, double begin, double origin, Map<String, Double> ends)
      implements DetectionHandler {
    @Override
    public void event(TriggerEvent event) {
      double start = origin + event.startSeconds();
      boolean said = start < ends.getOrDefault(event.word(), Double.NEGATIVE_INFINITY);
      if (event.at() > begin * event.sampleRate() && !said) {
        ends.put(event.word(), origin + event.endSeconds());
        sink.event(event);
      }
    }

    @Override
    public void nearMiss(TriggerEvent miss) {
      if (miss.at() > begin * miss.sampleRate()) {
        sink.nearMiss(miss);
      }
    }

    @Override
    public void posteriors(WakeModel model, long at, float[] posteriors) {
      if (at > begin * model.features().sampleRate()) {
        sink.posteriors(model, at, posteriors);
      }
    }
  }

  private final class MicrophoneEvents implements Microphone.Events {
    @Override
    public void captured(
        float[] interleaved, float[] heard, int frames, int channels, int sampleRate) {
      follower.captured(interleaved, heard, frames, channels, sampleRate);
    }

    @Override
    public void lost(String reason) {
      hub.activity().notice("microphone lost (" + reason + "); waiting for it to come back");
    }

    @Override
    public void recovered(double seconds) {
      reconnects.incrementAndGet();
      hub.activity().notice(String.format(Locale.ROOT, "microphone back after %.1f s", seconds));
    }
  }
}
