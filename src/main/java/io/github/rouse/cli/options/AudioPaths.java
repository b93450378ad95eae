// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.cli.output.Console;
import io.github.rouse.file.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** Resolves the audio paths of a command: files, folders to search, "-" for stdin. */
public final class AudioPaths {
  public static final Path STDIN = Path.of("-");

  private final List<Path> files = new ArrayList<>();
  private final List<IOException> problems = new ArrayList<>();
  private final Map<String, Integer> others = new TreeMap<>(); // files by extension

  public AudioPaths(List<Path> paths) {
    for (Path path : paths) {
      if (path.equals(STDIN) || Files.isRegularFile(path)) {
        files.add(path);
      } else if (Files.isDirectory(path)) {
        search(path);
      } else if (Files.exists(path)) {
        files.add(path); // a pipe or a device
      } else {
        problems.add(new NoSuchFileException(path.toString()));
      }
    }
  }

  /** The files to read, in order. */
  public List<Path> files() {
    return files;
  }

  /** Paths that do not exist or cannot be searched. */
  public List<IOException> problems() {
    return problems;
  }

  /** One line about the files of folders that are no sound, or nothing. */
  public Optional<String> skipped() {
    int count = others.values().stream().mapToInt(n -> n).sum();
    String kinds =
        others.entrySet().stream()
            .map(kind -> kind.getValue() + " " + kind.getKey())
            .collect(joining(", "));
    String what = count == 1 ? " file that is no sound: " : " files that are no sound: ";
    return count == 0 ? Optional.empty() : Optional.of("skipped " + count + what + kinds);
  }

  /**
   * All files, each once even if several paths lead to it. Fails on the first problem, because
   * figures from incomplete data would look valid.
   *
   * @param notes receives a line about files that are no sound
   */
  public static List<Path> files(List<Path> paths, Consumer<String> notes) throws IOException {
    AudioPaths audio = new AudioPaths(paths);
    for (IOException problem : audio.problems()) {
      throw problem;
    }
    audio.skipped().ifPresent(notes);
    Set<Path> seen = new HashSet<>();
    List<Path> files = new ArrayList<>();
    for (Path file : audio.files()) {
      if (seen.add(real(file))) {
        files.add(file);
      }
    }
    return files;
  }

  /** The real path of a regular file; any other path unchanged. */
  public static Path real(Path file) throws IOException {
    return Files.isRegularFile(file) ? file.toRealPath() : file;
  }

  /** Opens a track of a file, from 1; or a pipe or stdin, which has no second one. */
  public static AudioFile open(Path path, int track, Console console) throws IOException {
    return Files.isRegularFile(path) ? AudioFile.open(path, track) : open(path, console);
  }

  /** Opens a file, a pipe or stdin. */
  public static AudioFile open(Path path, Console console) throws IOException {
    return path.equals(STDIN) ? AudioFile.open(console.in(), "-") : AudioFile.open(path);
  }

  /**
   * A unique name for the output files of each file: its stem, extended by more of the path where
   * stems clash.
   */
  public Map<Path, String> names() {
    List<Function<Path, String>> rules =
        List.of(
            AudioPaths::stem,
            p -> p.getFileName().toString(),
            p -> parent(p) + "-" + stem(p),
            p -> p.toAbsolutePath().normalize().toString().replaceAll("[/\\\\:]+", "-"));
    Map<Path, String> names = new HashMap<>();
    Set<String> taken = new HashSet<>();
    List<Path> unnamed = List.copyOf(new LinkedHashSet<>(files));
    for (Function<Path, String> rule : rules) {
      Map<String, Long> counts = unnamed.stream().collect(groupingBy(rule, counting()));
      List<Path> left = new ArrayList<>();
      for (Path file : unnamed) {
        String name = rule.apply(file);
        if (counts.get(name) == 1 && taken.add(name)) {
          names.put(file, name);
        } else {
          left.add(file);
        }
      }
      unnamed = left;
    }
    for (Path file : unnamed) {
      names.put(file, stem(file) + "-" + names.size());
    }
    return names;
  }

  /** A file's name without its extension. */
  public static String stem(Path path) {
    if (path.equals(STDIN)) {
      return "stdin";
    }
    String name = path.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private static String extension(Path path) {
    String name = path.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(dot).toLowerCase(Locale.ROOT) : "without extension";
  }

  private static String parent(Path path) {
    Path parent = path.toAbsolutePath().normalize().getParent();
    return parent == null || parent.getFileName() == null ? "" : parent.getFileName().toString();
  }

  private void search(Path folder) {
    List<Path> found = new ArrayList<>();
    try {
      FileTree.walk(
          folder,
          (file, attributes) -> {
            if (!AudioFile.isSound(file)) {
              others.merge(extension(file), 1, Integer::sum);
            } else if (attributes.isRegularFile()) {
              found.add(file);
            } else {
              throw new IOException(file + ": skipped: not a regular file");
            }
          },
          problems::add);
    } catch (IOException e) {
      problems.add(e);
    }
    if (found.isEmpty() && problems.isEmpty()) {
      problems.add(new IOException(folder + ": contains no audio files"));
    }
    Collections.sort(found);
    files.addAll(found);
  }
}
