// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import com.google.gson.JsonObject;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.trigger.EventJson;
import io.github.rouse.trigger.TriggerEvent;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Keeps the last seconds of one stream, and saves the sound around each event. Not thread-safe; the
 * files are written elsewhere.
 */
public final class ClipRecorder implements SampleSink, Closeable {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");

  private record Pending(Path path, TriggerEvent event, long until) {} // stream position, samples

  private final ClipFolder folder;
  private final Predicate<String> wanted;
  private final String source;
  private final String ending;
  private final int rate;
  private final float[] recent; // ring buffer
  private long position; // samples since the start
  private final Deque<Pending> pending = new ArrayDeque<>();

  /**
   * Starts at the beginning of a stream.
   *
   * @param wanted whether events of a word are saved
   * @param ending of the clips' names, before the time
   */
  ClipRecorder(
      ClipFolder folder, Predicate<String> wanted, String source, String ending, int rate) {
    this.folder = folder;
    this.wanted = wanted;
    this.source = source;
    this.ending = ending;
    this.rate = rate;
    ClipSettings settings = folder.settings();
    recent = new float[(settings.before() + settings.after() + 1) * rate];
  }

  @Override
  public void accept(float[] samples, int from, int length) {
    for (int i = from; i < from + length; i++) {
      recent[(int) (position++ % recent.length)] = samples[i];
      while (!pending.isEmpty() && pending.peek().until == position) {
        write(pending.remove());
      }
    }
  }

  /**
   * Saves the sound of an event. Returns the path of its clip, which is written once its last
   * sample has arrived; none if clips of the word are not wanted.
   */
  public Optional<Path> save(TriggerEvent event) {
    if (!wanted.test(event.word())) {
      return Optional.empty();
    }
    String word = event.word().replaceAll("[^\\p{L}\\p{N}_-]+", "-");
    Path path = folder.resolve(word + ending + "-" + STAMP.format(folder.stamp()) + ".wav");
    Pending clip = new Pending(path, event, position + (long) folder.settings().after() * rate);
    if (clip.until == position) {
      write(clip);
    } else {
      pending.add(clip);
    }
    return Optional.of(path);
  }

  /** Writes the pending clips, cut short. */
  @Override
  public void close() {
    while (!pending.isEmpty()) {
      write(pending.remove());
    }
  }

  private void write(Pending clip) {
    long longest = (long) (folder.settings().before() + folder.settings().after()) * rate;
    long start = Math.max(0, clip.until - longest);
    float[] samples = new float[(int) (position - start)];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = recent[(int) ((start + i) % recent.length)];
    }
    Map<String, ?> time =
        clip.event.time() == null ? Map.of() : Map.of("time", clip.event.time().toString());
    JsonObject event = EventJson.of(source, clip.event, time);
    long decision = clip.until - (long) folder.settings().after() * rate;
    event.addProperty(ClipFolder.CLIP_AT, (double) (decision - start) / rate);
    folder.write(clip.path, samples, rate, event);
  }
}
