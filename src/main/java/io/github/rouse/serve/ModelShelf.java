// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.github.rouse.model.Engine;
import io.github.rouse.model.Metadata;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The models on offer: fixed files, and those in a folder, which may come and go. A thread looks
 * into the folder again and again. It reads a file once two looks found it unchanged, so that it
 * does not read half a copy; a version that is no model is reported once, and the one before stays.
 *
 * <p>A word in two models is detected by one: by a given model rather than one of the folder, by
 * that rather than a shipped one, and in the folder by the newest.
 */
public final class ModelShelf implements AutoCloseable {
  /** The usual time between two looks. */
  public static final Duration INTERVAL =
      Duration.ofMillis(1500); // two looks and loading take under 5 s

  private static final String EXTENSION = ".onnx";

  private final List<Path> given;
  private final Path folder;
  private final List<Path> shipped;
  private final ModelSource reader;
  private final Duration interval;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(ModelShelf::daemon);
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private Consumer<Models> changed;
  private Consumer<String> notices;

  // Used in start, then only by the thread of the looks.
  private final Map<Path, Shelved> files = new LinkedHashMap<>();
  private final Set<String> told = new HashSet<>();

  /** Reads a model as its user wants it to run. */
  public interface ModelSource {
    WakeModel read(Path file) throws IOException;
  }

  /**
   * Creates a shelf that is still empty.
   *
   * @param given files that the user named
   * @param folder need not exist; may be null
   * @param shipped files whose words the other models may take
   * @param interval between two looks into the folder
   */
  public ModelShelf(
      List<Path> given, Path folder, List<Path> shipped, ModelSource reader, Duration interval) {
    this.given = List.copyOf(given);
    this.folder = folder;
    this.shipped = List.copyOf(shipped);
    this.reader = reader;
    this.interval = interval;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "rouse-models");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Reads the words of all models, then loads these and watches the folder on a thread of its own.
   *
   * @param changed called with each new state, first in this call, later on that thread
   * @param notices takes lines about files that cannot be used, and files that come and go
   * @throws IOException if a given or shipped file is no model
   */
  public void start(Consumer<Models> changed, Consumer<String> notices) throws IOException {
    this.changed = changed;
    this.notices = notices;
    for (Path file : fixed()) {
      Shelved shelved = new Shelved();
      shelved.metadata = Metadata.read(file);
      files.put(file, shelved);
    }
    look(true);
    publish();
    looks.execute(this::loadAll);
    long millis = interval.toMillis();
    var unused = looks.scheduleWithFixedDelay(this::lookAgain, millis, millis, MILLISECONDS);
  }

  private List<Path> fixed() {
    return Stream.concat(given.stream(), shipped.stream()).toList();
  }

  /** Done when the first models are loaded; fails if a given or shipped one cannot be. */
  public CompletableFuture<Void> ready() {
    return ready;
  }

  @Override
  public void close() {
    looks.shutdownNow();
    ready.completeExceptionally(new IllegalStateException("the server stops"));
  }

  private void loadAll() {
    try {
      for (Path file : fixed()) {
        files.get(file).model = load(file);
      }
    } catch (IOException | RuntimeException e) {
      ready.completeExceptionally(e);
      return;
    }
    loadNew();
    publish();
    ready.complete(null);
  }

  private void lookAgain() {
    try {
      boolean changes = look(false);
      changes |= loadNew();
      if (changes) {
        publish();
      }
    } catch (RuntimeException e) { // else no look would follow
      tell(folder + ": " + e);
    }
  }

  /**
   * Finds the folder's files that came, went or changed.
   *
   * @param first whether a file that is older than an interval counts as unchanged
   * @return whether the offers change
   */
  private boolean look(boolean first) {
    Map<Path, FileVersion> found = versions();
    boolean changes = files.keySet().removeIf(file -> !isFixed(file) && !found.containsKey(file));
    for (Map.Entry<Path, FileVersion> entry : found.entrySet()) {
      Shelved shelved = files.computeIfAbsent(entry.getKey(), unused -> new Shelved());
      FileVersion version = entry.getValue();
      boolean settled =
          first
              ? version.modified().toInstant().isBefore(Instant.now().minus(interval))
              : version.equals(shelved.seen);
      shelved.seen = version;
      if (settled && !version.equals(shelved.read)) {
        shelved.read = version;
        changes |= readWords(entry.getKey(), shelved);
      }
    }
    return changes;
  }

  private boolean isFixed(Path file) {
    return given.contains(file) || shipped.contains(file);
  }

  private boolean readWords(Path file, Shelved shelved) {
    try {
      shelved.fresh = Metadata.read(file);
      if (shelved.model == null) {
        shelved.metadata = shelved.fresh;
        return true;
      }
    } catch (IOException | RuntimeException e) {
      tell(unusable(file, e));
    }
    return false;
  }

  private Map<Path, FileVersion> versions() {
    Map<Path, FileVersion> found = new LinkedHashMap<>();
    if (folder == null || !Files.isDirectory(folder)) {
      return found;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path file : (Iterable<Path>) entries.sorted()::iterator) {
        String name = file.getFileName().toString();
        if (name.endsWith(EXTENSION) && !name.startsWith(".") && !isFixed(file)) {
          FileVersion version = FileVersion.of(file);
          if (version != null) {
            found.put(file, version);
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      tell(folder + ": cannot list it: " + e.getMessage());
    }
    return found;
  }

  /** Loads the folder's models whose words are new; returns whether the offers change. */
  private boolean loadNew() {
    boolean came = false;
    for (Map.Entry<Path, Shelved> entry : files.entrySet()) {
      Shelved shelved = entry.getValue();
      if (shelved.fresh != null) {
        try {
          shelved.model = load(entry.getKey());
          shelved.metadata = shelved.fresh;
        } catch (IOException | RuntimeException e) {
          shelved.metadata = shelved.model == null ? null : shelved.metadata;
          tell(unusable(entry.getKey(), e));
        }
        shelved.fresh = null;
        came = true;
      }
    }
    return came;
  }

  private WakeModel load(Path file) throws IOException {
    WakeModel model = reader.read(file);
    model.start(Engine.NATIVE, 1).close(); // throws if it cannot run on a stream
    return model;
  }

  private static String unusable(Path file, Exception e) {
    String message = String.valueOf(e.getMessage());
    return "cannot use "
        + (message.contains(file.toString()) ? message : file + ": " + message).replace('\n', ' ');
  }

  /** Says a line that has not been said before. */
  private void tell(String line) {
    if (told.add(line)) {
      notices.accept(line);
    }
  }

  private void publish() {
    List<Models.Offer> offers = new ArrayList<>();
    Map<String, Path> taken = new HashMap<>(); // by word
    for (Path file : inOrder()) {
      Shelved shelved = files.get(file);
      List<String> words = new ArrayList<>();
      for (String word : shelved.metadata.words()) {
        if (taken.containsKey(word)) {
          tell(word + ": " + taken.get(word) + " detects it, not " + file);
        } else {
          words.add(word);
        }
      }
      if (!words.isEmpty()) {
        try {
          offers.add(shelved.offer(file, !isFixed(file), words));
          words.forEach(word -> taken.put(word, file));
        } catch (IllegalArgumentException e) { // its network cannot be divided
          tell(unusable(file, e));
        }
      }
    }
    changed.accept(new Models(offers));
  }

  /** The usable files, those whose words win first. */
  private List<Path> inOrder() {
    List<Path> order = new ArrayList<>(given);
    files.entrySet().stream()
        .filter(entry -> !isFixed(entry.getKey()))
        .sorted(
            Comparator.comparing((Map.Entry<Path, Shelved> e) -> e.getValue().time()).reversed())
        .forEach(entry -> order.add(entry.getKey()));
    order.addAll(shipped);
    return order.stream().filter(file -> files.get(file).metadata != null).toList();
  }

  /** What tells one version of a file from another. */
  private record FileVersion(long size, FileTime modified, Object key) {
    /** The file's; null if it is gone again, or is no regular file. */
    static FileVersion of(Path file) {
      try {
        BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
        return facts.isRegularFile()
            ? new FileVersion(facts.size(), facts.lastModifiedTime(), facts.fileKey())
            : null;
      } catch (IOException e) {
        return null;
      }
    }
  }

  /** What is known of a file. */
  private static final class Shelved {
    private FileVersion seen; // by the last look; null for a fixed file
    private FileVersion read; // the last that was
    private Metadata fresh; // of a version that is not loaded yet; null if there is none
    private Metadata metadata; // of the model on offer; null if none is
    private WakeModel model; // null until loaded
    private WakeModel part; // the model with some of its words only, or null

    FileTime time() {
      return read == null ? FileTime.fromMillis(0) : read.modified();
    }

    Models.Offer offer(Path file, boolean own, List<String> words) {
      WakeModel used = model;
      if (model != null && !model.words().equals(words)) {
        if (part == null || !part.words().equals(words)) {
          part = model.of(words, model.name());
        }
        used = part;
      }
      return new Models.Offer(file, own, metadata, words, used);
    }
  }
}
