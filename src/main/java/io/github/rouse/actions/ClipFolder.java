// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import com.google.gson.JsonObject;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.file.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A folder of saved clips. {@value #INDEX} has the event of each clip that was written here;
 * {@value Marks#FILE} has people's marks. Only clips in the index that have no mark are ever
 * deleted. Files are written and deleted on a thread of its own, in order.
 */
final class ClipFolder implements Closeable {
  static final String INDEX = "clips.jsonl";
  static final String CLIP_AT = "clip_at"; // field: seconds from the clip's start to the decision
  static final String CLIP = "clip"; // field: the file's name
  private static final double GIGABYTE = 1e9; // bytes
  private static final double DAY = 86_400; // seconds

  private record SavedClip(String name, Path path, long bytes, Instant saved) {}

  private final ClipSettings settings;
  private final Consumer<String> problems;
  private final Consumer<String> notes;
  private LocalDateTime stamp = LocalDateTime.MIN; // of the last clip, guarded by this
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread writer = new Thread(task, "rouse-clips");
            writer.setDaemon(true);
            return writer;
          });

  /**
   * Creates the folder, and deletes what is too old or too much.
   *
   * @param problems receives what fails later
   * @param notes receives what is kept, and what is deleted
   */
  ClipFolder(ClipSettings settings, Consumer<String> problems, Consumer<String> notes)
      throws IOException {
    this.settings = settings;
    this.problems = problems;
    this.notes = notes;
    Files.createDirectories(settings.folder());
    notes.accept(
        String.format(
            Locale.ROOT,
            "--save: keeps clips in %s for %s days, at most %s GB; then deletes the oldest that it"
                + " wrote and nobody marked",
            settings.folder(),
            number(settings.days()),
            number(settings.gigabytes())));
    thread.execute(this::tidy);
    var unused = thread.scheduleWithFixedDelay(this::tidy, 1, 1, TimeUnit.HOURS);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  ClipSettings settings() {
    return settings;
  }

  /** The time now to the millisecond, another for each clip. */
  synchronized LocalDateTime stamp() {
    LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS);
    stamp = now.isAfter(stamp) ? now : stamp.plus(1, ChronoUnit.MILLIS);
    return stamp;
  }

  /** The path of a clip, which {@link #write} writes. */
  Path resolve(String name) {
    return settings.folder().resolve(name);
  }

  /**
   * Writes a clip soon; returns at once.
   *
   * @param event of the clip
   */
  void write(Path clip, float[] samples, int sampleRate, JsonObject event) {
    thread.execute(
        () -> {
          try (WavWriter wav = new WavWriter(clip, sampleRate, 1)) {
            wav.write(samples, 0, samples.length);
            note(clip.getFileName().toString(), event);
            wav.commit();
          } catch (IOException e) {
            problems.accept("--save: " + Problem.describe(e)); // listening goes on
          }
          tidy();
        });
  }

  private void note(String name, JsonObject event) throws IOException {
    JsonObject line = event.deepCopy();
    line.addProperty(CLIP, name);
    AtomicFile.append(resolve(INDEX), line.toString());
  }

  /** Deletes unmarked clips of the index, oldest first, that are too old or too much. */
  private void tidy() {
    try {
      AtomicFile.rewrite(resolve(INDEX), this::tidied); // other processes may use the folder, too
    } catch (IOException | RuntimeException e) { // an exception would end the hourly round
      problems.accept("--save: " + Problem.describe(e));
    }
  }

  /** Deletes clips; returns the lines of the others. */
  private List<String> tidied(List<String> index) throws IOException {
    List<SavedClip> unmarked = clips(unmarked(index));
    double bytes = unmarked.stream().mapToLong(SavedClip::bytes).sum();
    Instant oldest = Instant.now().minusMillis(Math.round(1000 * DAY * settings.days()));
    List<SavedClip> deleted = new ArrayList<>();
    for (SavedClip clip : unmarked) {
      if (clip.saved().isBefore(oldest) || bytes > settings.gigabytes() * GIGABYTE) {
        Files.deleteIfExists(clip.path());
        bytes -= clip.bytes();
        deleted.add(clip);
      }
    }
    if (deleted.isEmpty()) {
      return index;
    }
    double megabytes = deleted.stream().mapToLong(SavedClip::bytes).sum() / 1e6;
    notes.accept(
        String.format(
            Locale.ROOT,
            "--save: deleted %s (%.1f MB): %s",
            deleted.size() == 1 ? "the oldest clip" : "the " + deleted.size() + " oldest clips",
            megabytes,
            deleted.get(0).name() + (deleted.size() == 1 ? "" : " ...")));
    Set<String> gone = deleted.stream().map(SavedClip::name).collect(Collectors.toSet());
    return index.stream().filter(line -> !gone.contains(name(line))).toList();
  }

  /** The names in the index that no mark names. */
  private Set<String> unmarked(List<String> index) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    index.stream().map(ClipFolder::name).filter(Objects::nonNull).forEach(names::add);
    for (String line : Marks.lines(resolve(Marks.FILE))) {
      String marked = name(line);
      if (marked == null) {
        names.removeIf(line::contains); // not a mark of this version: keep what it may mean
      } else {
        names.remove(marked);
      }
    }
    return names;
  }

  /** The clips of these names that are files, oldest first. */
  private List<SavedClip> clips(Collection<String> names) throws IOException {
    List<SavedClip> clips = new ArrayList<>();
    for (String name : names) {
      Path path = resolve(name);
      if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        Instant saved = Files.getLastModifiedTime(path).toInstant();
        clips.add(new SavedClip(name, path, Files.size(path), saved));
      }
    }
    clips.sort(Comparator.comparing(SavedClip::saved).thenComparing(SavedClip::name));
    return clips;
  }

  /** The clip that a line names; null if it names none of this folder. */
  private static String name(String line) {
    JsonObject json = Marks.object(line);
    return json == null ? null : Marks.clip(json);
  }

  /** Waits until the clips are written. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        problems.accept("--save: " + settings.folder() + ": clips are not written in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
