// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** The files to scan, and how they are divided into tasks. */
final class Archive {
  private static final double SECONDS_A_TASK = 600; // of sound, that are worth a task's start

  private static final int TASKS_A_CORE = 3; // at least, of a small archive

  private Archive() {}

  /**
   * Lists the files that paths name, each once: files, all files below a folder, and globs. Below a
   * folder, names that begin with a dot or an underscore are left out. A path that names nothing
   * becomes an item of unknown length.
   */
  static Collection<AudioItem> list(List<String> paths, Configuration hadoop) throws IOException {
    Map<String, AudioItem> items = new LinkedHashMap<>();
    for (String text : paths) {
      Path path = new Path(text);
      FileSystem files = path.getFileSystem(hadoop);
      FileStatus[] found = files.globStatus(path);
      if (found == null || found.length == 0) {
        String name = files.makeQualified(path).toString();
        items.putIfAbsent(name, new AudioItem(name, -1, 0));
        continue;
      }
      for (FileStatus one : found) {
        if (one.isDirectory()) {
          search(files, one.getPath(), items);
        } else {
          add(one, items);
        }
      }
    }
    return items.values();
  }

  private static void search(FileSystem files, Path folder, Map<String, AudioItem> items)
      throws IOException {
    RemoteIterator<LocatedFileStatus> below = files.listFiles(folder, true);
    while (below.hasNext()) {
      FileStatus one = below.next();
      if (!isHidden(folder.toUri().relativize(one.getPath().toUri()).getPath())) {
        add(one, items);
      }
    }
  }

  private static boolean isHidden(String below) {
    for (String name : below.split("/", -1)) {
      if (name.startsWith(".") || name.startsWith("_")) {
        return true;
      }
    }
    return false;
  }

  private static void add(FileStatus one, Map<String, AudioItem> items) {
    String name = one.getPath().toString();
    items.putIfAbsent(name, new AudioItem(name, one.getLen(), one.getModificationTime()));
  }

  /** One file of a dataset of paths. */
  static AudioItem item(String text, Configuration hadoop) throws IOException {
    Path path = new Path(text);
    try {
      FileStatus one = path.getFileSystem(hadoop).getFileStatus(path);
      return new AudioItem(text, one.getLen(), one.getModificationTime());
    } catch (FileNotFoundException e) {
      return new AudioItem(text, -1, 0);
    }
  }

  /** The lines of a text file, each a path. */
  static List<String> lines(String file, Configuration hadoop) throws IOException {
    Path path = new Path(file);
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(path.getFileSystem(hadoop).open(path), StandardCharsets.UTF_8))) {
      return in.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
  }

  /**
   * Divides files into tasks, the longest first, so that the last to end is a short one. A long
   * file is a task of its own; short ones share one.
   *
   * @param cores that will run them
   */
  static List<ArrayList<AudioItem>> tasks(Collection<AudioItem> items, int cores) {
    double all = items.stream().mapToDouble(AudioItem::seconds).sum();
    double most = Math.min(SECONDS_A_TASK, all / (TASKS_A_CORE * cores));
    List<AudioItem> sorted = new ArrayList<>(items);
    sorted.sort(
        Comparator.comparingDouble(AudioItem::seconds).reversed().thenComparing(AudioItem::path));
    List<ArrayList<AudioItem>> tasks = new ArrayList<>();
    ArrayList<AudioItem> open = new ArrayList<>();
    double seconds = 0;
    for (AudioItem item : sorted) {
      if (!open.isEmpty() && seconds + item.seconds() > most) {
        tasks.add(open);
        open = new ArrayList<>();
        seconds = 0;
      }
      open.add(item);
      seconds += item.seconds();
    }
    if (!open.isEmpty()) {
      tasks.add(open);
    }
    return tasks;
  }
}
