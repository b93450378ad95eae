// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.file;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.function.Consumer;

/** Everything in a folder and below it, links followed. */
public final class FileTree {
  /** Receives what is found. */
  @FunctionalInterface
  public interface FileSink {
    /** A file, a pipe or a device; what it throws is a problem of that file. */
    void accept(Path file, BasicFileAttributes attributes) throws IOException;
  }

  private FileTree() {}

  /**
   * Walks a folder. A link back to a folder above it is passed over.
   *
   * @param start a folder, or a single file
   * @param problems receives what cannot be read, and links that lead nowhere
   */
  public static void walk(Path start, FileSink found, Consumer<IOException> problems)
      throws IOException {
    Files.walkFileTree(
        start,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            try {
              if (attributes.isSymbolicLink()) { // the walk follows all others
                throw new IOException(file + ": is a link to a file that does not exist");
              }
              found.accept(file, attributes);
            } catch (IOException e) {
              problems.accept(e);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException problem) {
            if (!(problem instanceof FileSystemLoopException)) { // searched where the link leads
              problems.accept(problem);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
