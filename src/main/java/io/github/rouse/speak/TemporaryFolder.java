// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.speak;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A temporary folder, deleted with its contents on close or when the JVM exits. */
public final class TemporaryFolder implements Closeable {
  private static final int ATTEMPTS = 20; // to remove a folder in use

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
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) { // renamed meanwhile
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Runs at JVM exit, while a program may still write into the folder. */
  private void removeQuietly() {
    for (int attempt = 0; attempt < ATTEMPTS && Files.exists(path); attempt++) {
      try {
        remove();
      } catch (IOException e) {
        System.getLogger(TemporaryFolder.class.getName())
            .log(System.Logger.Level.DEBUG, path.toString(), e);
      }
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
