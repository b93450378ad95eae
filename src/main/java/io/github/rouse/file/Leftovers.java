// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The temporary files of processes that were killed while they wrote. */
final class Leftovers {
  static final String PREFIX = ".rouse-"; // of the files' names
  static final String SUFFIX = ".partial";

  private static final Duration AGE = Duration.ofDays(7); // no write pauses for so long

  private static final Set<Path> TIDIED = ConcurrentHashMap.newKeySet();

  private Leftovers() {}

  /** Deletes those in a folder that are a week old, the first time this process asks. */
  static void tidy(Path folder) {
    if (!TIDIED.add(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
      for (Path file : files) {
        boolean isOld =
            Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                .toInstant()
                .isBefore(Instant.now().minus(AGE));
        if (isOld && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | RuntimeException e) {
      // the write that follows says what is wrong with the folder
    }
  }
}
