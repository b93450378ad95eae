// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.reliability;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Kills processes that write files, and fills the disk while files are written: {@code
 * src/test/scripts/crashes KILLS}. Afterwards every file has to be whole, and what was reported as
 * written has to be there.
 */
public final class Crashes {
  private static final int LONGEST_MILLIS = 120; // from a process's first file to its end
  private static final int FULL_DISKS = 100; // for each kind of file

  private Crashes() {}

  /** KILLS FOLDER, a folder of a small file system or "-", [SEED]; or "write" FOLDER FIRST. */
  public static void main(String[] args) throws Exception {
    if (args[0].equals("write")) {
      writeForEver(Path.of(args[1]), Integer.parseInt(args[2]));
    }
    Random random = new Random(args.length > 3 ? Long.parseLong(args[3]) : 1);
    long begun = System.nanoTime();
    kill(Integer.parseInt(args[0]), Files.createDirectories(Path.of(args[1])), random);
    System.out.println((System.nanoTime() - begun) / 1_000_000_000 + " s");
    if (!args[2].equals("-")) {
      fill(Path.of(args[2]), random);
    }
  }

  /** Writes one file after the other, and prints a line after each. */
  private static void writeForEver(Path folder, int first) throws IOException {
    Random random = new Random(first);
    List<Kept> some = new ArrayList<>(List.of(Kept.values()));
    Collections.shuffle(some, random);
    some = some.subList(0, 3); // loading the classes of all would take too long
    for (int number = first; ; number++) {
      Kept kind = some.get(random.nextInt(some.size()));
      kind.write(folder, number);
      System.out.println(kind + " " + number);
    }
  }

  /** Writes number 1 of each kind; returns the numbers. */
  private static Map<Kept, Integer> begin(Path folder) throws IOException {
    Map<Kept, Integer> written = new EnumMap<>(Kept.class);
    for (Kept kind : Kept.values()) {
      kind.write(folder, 1);
      written.put(kind, 1);
    }
    return written;
  }

  private static void kill(int kills, Path folder, Random random) throws Exception {
    Map<Kept, Integer> written = begin(folder);
    int next = 2;
    int files = 0;
    int amid = 0; // kills
    for (int i = 1; i <= kills; i++) {
      if (next > Kept.MOST - 2000) {
        next = 2; // marks are checked by their last line, the others by what they hold
        written = begin(folder);
      }
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Xmx100m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Crashes.class.getName(),
                  "write",
                  folder.toString(),
                  "" + next)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      int last = next - 1;
      try (BufferedReader said =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        String line = said.readLine();
        long millis = random.nextInt(LONGEST_MILLIS);
        Thread killer =
            new Thread(
                () -> {
                  try {
                    Thread.sleep(millis);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  process.toHandle().destroyForcibly(); // the pipe stays open
                });
        killer.start();
        for (; line != null; line = said.readLine()) {
          String[] words = line.split(" ", -1);
          if (words.length == 2) { // else killed amid the line
            last = Integer.parseInt(words[1]);
            written.put(Kept.valueOf(words[0]), last);
            files++;
          }
        }
        killer.join();
      }
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 137) {
        throw new IllegalStateException("exit status " + process.exitValue());
      }
      next = last + 3; // the process may have written one more file, and one without saying so
      check(folder, written, last + 2);
      amid += clean(folder);
      if (i % 100 == 0 || i == kills) {
        System.out.println(
            i + " kills, " + files + " files written, " + amid + " kills amid a file; all whole");
      }
    }
  }

  private static void check(Path folder, Map<Kept, Integer> written, int most) throws IOException {
    for (Kept kind : Kept.values()) {
      int number = kind.read(folder); // throws if the file is damaged
      if (number < written.get(kind) || number > most) {
        throw new IllegalStateException(
            kind + ": has " + number + ", but " + written.get(kind) + " was written");
      }
      written.put(kind, number);
    }
  }

  /** Deletes temporary files; returns how many there were. */
  private static int clean(Path folder) throws IOException {
    List<Path> left;
    try (Stream<Path> files = Files.list(folder)) {
      left = files.filter(file -> file.toString().matches(".*\\.(part|partial)")).toList();
    }
    for (Path file : left) {
      Files.delete(file);
    }
    return left.size();
  }

  /** Fills a small file system but for a few bytes, then writes. */
  private static void fill(Path small, Random random) throws IOException {
    int refused = 0;
    int succeeded = 0;
    for (Kept kind : Kept.values()) {
      Path folder = Files.createDirectories(small.resolve(kind.name()));
      kind.write(folder, 1);
      int before = 1;
      for (int i = 0; i < FULL_DISKS; i++) {
        Path filler = small.resolve("filler");
        long free = Files.getFileStore(small).getUsableSpace();
        long block = 4096;
        byte[] zeros = new byte[(int) Math.max(0, free - block * random.nextInt(60))];
        Files.write(filler, zeros);
        int number = 2 + i;
        boolean done = false;
        try {
          kind.write(folder, number);
          done = true;
          succeeded++;
        } catch (IOException e) {
          refused++;
        }
        Files.delete(filler);
        int now = kind.read(folder);
        if (now != (done ? number : before)) {
          throw new IllegalStateException(kind + ": " + now + " after " + number);
        }
        if (clean(folder) > 0) {
          throw new IllegalStateException(kind + ": leaves a temporary file on a full disk");
        }
        before = now;
      }
    }
    System.out.println(
        refused + " writes to a full disk refused, " + succeeded + " found room; all files whole");
    if (refused == 0) {
      throw new IllegalStateException("the disk was never full");
    }
  }
}
