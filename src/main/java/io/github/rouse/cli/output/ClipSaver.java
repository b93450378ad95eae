// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.audio.WavWriter;
import io.github.rouse.trigger.TriggerEvent;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes the sound around each event: {@value #BEFORE_SECONDS} s up to the decision and {@value
 * #AFTER_SECONDS} s after it.
 */
public final class ClipSaver implements Closeable {
  static final int BEFORE_SECONDS = 3;
  static final int AFTER_SECONDS = 1;
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");

  private record Pending(Path path, long until) {} // until: stream position of its end, samples

  private final Path folder;
  private final String ending;
  private final int rate;
  private final Console console;
  private final float[] recent; // ring buffer
  private long position; // samples since the start
  private final Deque<Pending> pending = new ArrayDeque<>();

  /**
   * Creates the folder.
   *
   * @param ending of the clips' names, before the time
   */
  public ClipSaver(Path folder, String ending, int rate, Console console) throws IOException {
    this.ending = ending;
    this.folder = Files.createDirectories(folder);
    this.rate = rate;
    this.console = console;
    recent = new float[(BEFORE_SECONDS + AFTER_SECONDS + 1) * rate]; // chunks may be up to 1 s long
  }

  public void accept(float[] samples, int from, int length) {
    for (int i = from; i < from + length; i++) {
      recent[(int) (position++ % recent.length)] = samples[i];
    }
    while (!pending.isEmpty() && pending.peek().until <= position) {
      write(pending.remove());
    }
  }

  /** Returns the path of the event's clip, which is written once its last sample arrives. */
  public Path save(TriggerEvent event) {
    String word = event.word().replaceAll("[^\\p{L}\\p{N}_-]+", "-");
    Path path =
        folder.resolve(
            word + ending + "-" + LocalDateTime.now(ZoneId.systemDefault()).format(STAMP) + ".wav");
    pending.add(new Pending(path, position + (long) AFTER_SECONDS * rate));
    return path;
  }

  /** Writes the pending clips, cut short. */
  @Override
  public void close() {
    while (!pending.isEmpty()) {
      write(pending.remove());
    }
  }

  private void write(Pending clip) {
    long end = Math.min(position, clip.until);
    long longest = (long) (BEFORE_SECONDS + AFTER_SECONDS) * rate;
    long start = Math.max(0, Math.max(clip.until - longest, position - recent.length));
    float[] samples = new float[(int) (end - start)];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = recent[(int) ((start + i) % recent.length)];
    }
    try (WavWriter wav = new WavWriter(clip.path, rate, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    } catch (IOException e) {
      console.say("--save: " + Console.describe(e)); // listening goes on
    }
  }
}
