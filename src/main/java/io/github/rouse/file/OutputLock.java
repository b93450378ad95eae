// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a file to one writer that takes hours, across processes. The system releases the lock of a
 * process that dies.
 */
public final class OutputLock implements Closeable {
  private final Path path;
  private final FileChannel channel;

  /**
   * Takes the lock.
   *
   * @param target the file to write, in a folder that exists
   * @throws IOException if another run has the lock, or the folder cannot be written to
   */
  public OutputLock(Path target) throws IOException {
    path = target.resolveSibling("." + target.getFileName() + ".lock");
    channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // The other run is in this process.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new IOException(target + ": another run is writing it");
    }
    path.toFile().deleteOnExit();
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(path);
    }
  }
}
