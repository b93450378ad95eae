// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.speak;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder, deleted with its contents on close or when the JVM exits. */
public final class TemporaryFolder implements Closeable {
  private final Path path = Files.createTempDirectory("rouse-");
  private final Thread atEnd = new Thread(this::removeQuietly);

  /** Creates it. */
  public TemporaryFolder() throws IOException {
    Runtime.getRuntime().addShutdownHook(atEnd);
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  private void remove() throws IOException {
    try (Stream<Path> tree = Files.walk(path)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Runs at JVM exit, so it only logs; a file being written at that moment may remain. */
  private void removeQuietly() {
    try {
      remove();
    } catch (IOException e) {
      System.getLogger(TemporaryFolder.class.getName())
          .log(System.Logger.Level.DEBUG, path.toString(), e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(atEnd);
    } catch (IllegalStateException ending) {
      return; // the hook removes it
    }
    remove();
  }
}
