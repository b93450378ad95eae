// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void anAppendedLineFollowsOneThatWasCutOff() throws IOException {
    Path file = folder.resolve("lines");
    AtomicFile.append(file, "one");
    Files.writeString(file, "one\ntw");
    AtomicFile.append(file, "three");
    assertEquals("one\ntw\nthree\n", Files.readString(file));
  }

  @Test
  void linesAppendedByManyThreadsStayWhole() throws Exception {
    Path file = folder.resolve("lines");
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      String line = ("" + t).repeat(3000);
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 25; i++) {
                  try {
                    AtomicFile.append(file, line);
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    List<String> lines = Files.readAllLines(file);
    assertEquals(100, lines.size());
    assertEquals(
        4, lines.stream().peek(line -> assertEquals(3000, line.length())).distinct().count());
  }

  /** Appends 300 lines; the argument is the file. */
  public static void main(String[] args) throws IOException {
    for (int i = 0; i < 300; i++) {
      AtomicFile.append(Path.of(args[0]), "line " + i);
    }
  }

  @Test
  void noLineIsLostWhileTheFileIsRewritten() throws Exception {
    Path file = folder.resolve("lines");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                AtomicFileTest.class.getName(),
                file.toString())
            .inheritIO()
            .start();
    for (int i = 0; other.isAlive(); i++) {
      String mine = "mine " + i;
      AtomicFile.append(file, mine);
      AtomicFile.rewrite(file, lines -> lines.stream().filter(line -> !line.equals(mine)).toList());
    }
    assertEquals(0, other.waitFor());
    assertEquals(300, Files.readAllLines(file).size());
  }

  @Test
  void whatAKilledProcessLeftAWeekAgoIsDeleted() throws IOException {
    Instant now = Instant.now();
    Path old = Files.createFile(folder.resolve(".rouse-a.partial"));
    Files.setLastModifiedTime(old, FileTime.from(now.minus(Duration.ofDays(8))));
    Path recent = Files.createFile(folder.resolve(".rouse-b.partial")); // of one at work
    Files.setLastModifiedTime(recent, FileTime.from(now.minus(Duration.ofDays(6))));
    Path other = Files.createFile(folder.resolve("old.partial"));
    Files.setLastModifiedTime(other, FileTime.from(now.minus(Duration.ofDays(9))));
    AtomicFile.write(folder.resolve("file"), out -> out.write(1));
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(recent) && Files.exists(other));
  }

  @Test
  void aCommittedFileReplacesTheOld() throws IOException {
    Path aside = Files.writeString(folder.resolve("aside"), "new");
    Path file = Files.writeString(folder.resolve("file"), "old");
    AtomicFile.commit(aside, file);
    assertEquals("new", Files.readString(file));
    assertFalse(Files.exists(aside));
  }
}
