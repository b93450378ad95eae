// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.file;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Writes a temporary file and then moves it, so that readers see either the old file or the
 * complete new one. Devices, pipes and sockets are written to and never replaced.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Checks early that a file can be written, and creates its folder.
   *
   * @throws IllegalArgumentException if the path cannot be a file
   */
  public static void prepare(Path target) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || target.toString().isBlank() || Files.isDirectory(target)) {
      throw new IllegalArgumentException("out=" + target + ", expected a file");
    }
    if (isSpecial(target)) {
      if (!Files.isWritable(target)) {
        throw new IOException(target + ": not writable");
      }
      return;
    }
    Files.createDirectories(folder);
    if (!Files.isWritable(folder)) {
      throw new IOException(folder + ": not writable");
    }
  }

  /** Writes a file's content. */
  public interface Content {
    /** Writes the content; called once. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file; follows a symbolic link.
   *
   * @throws IOException if the file cannot be written; it names the file, which stays unchanged
   */
  public static void write(Path path, Content content) throws IOException {
    if (isSpecial(path)) {
      try (OutputStream out = new BufferedOutputStream(new FileOutputStream(path.toFile()))) {
        content.writeTo(out);
      } catch (IOException e) {
        throw unwritable(path, e);
      }
      return;
    }
    Path target = Files.isSymbolicLink(path) && Files.exists(path) ? path.toRealPath() : path;
    Path temporary = aside(target);
    try {
      try (FileChannel file = FileChannel.open(temporary, CREATE_NEW, WRITE)) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file));
        content.writeTo(out);
        out.flush();
        file.force(true); // else a power cut may leave an empty file under the new name
      }
      keepPermissions(target, temporary);
      move(temporary, target);
      syncFolder(target);
    } catch (IOException e) {
      throw unwritable(target, e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Returns a new name for a temporary file beside the target; deletes old ones of that folder. */
  public static Path aside(Path target) {
    Path file = target.toAbsolutePath();
    Leftovers.tidy(file.getParent());
    return file.resolveSibling(Leftovers.PREFIX + UUID.randomUUID() + Leftovers.SUFFIX);
  }

  /** Whether a path leads to something other than a file or a folder, such as a device. */
  public static boolean isSpecial(Path path) {
    return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
  }

  /**
   * Moves a complete temporary file into place, or copies it into a device, pipe or socket.
   *
   * @throws IOException if that fails; the target is then unchanged unless it is special
   */
  public static void place(Path temporary, Path target) throws IOException {
    if (isSpecial(target)) {
      try (OutputStream out = new FileOutputStream(target.toFile())) {
        Files.copy(temporary, out);
      }
    } else {
      move(temporary, target);
    }
  }

  /**
   * Brings a complete temporary file to the disk, then does what {@link #place} does: a power cut
   * leaves the old file or the new one.
   *
   * @throws IOException if that fails; the target is then unchanged unless it is special
   */
  public static void commit(Path temporary, Path target) throws IOException {
    try (FileChannel file = FileChannel.open(temporary, WRITE)) {
      file.force(true);
    }
    place(temporary, target);
    if (!isSpecial(target)) {
      syncFolder(target);
    }
  }

  /**
   * Adds a line to a text file, which other threads and processes may also do. After a failure,
   * such as a full disk, the file is as before. A line that was cut off before is ended first.
   */
  public static void append(Path file, String line) throws IOException {
    locked(
        file,
        channel -> {
          long size = channel.size();
          ByteBuffer last = ByteBuffer.allocate(1);
          boolean isCut = size > 0 && channel.read(last, size - 1) > 0 && last.get(0) != '\n';
          String text = (isCut ? "\n" : "") + line + "\n";
          ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
          try {
            for (long at = size; bytes.hasRemaining(); ) {
              at += channel.write(bytes, at);
            }
            channel.force(false);
          } catch (IOException e) {
            channel.truncate(size);
            throw e;
          }
        });
  }

  /** Chooses among the lines of a file. */
  public interface Lines {
    /** Returns the lines to keep. */
    List<String> kept(List<String> lines) throws IOException;
  }

  /**
   * Replaces a text file whose lines {@link #append} adds; no line that is added meanwhile is lost.
   * Bytes that are not UTF-8 become replacement characters. Does nothing if there is no file.
   */
  public static void rewrite(Path file, Lines lines) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    locked(
        file,
        channel -> {
          // Not by another channel: closing it would release the lock (POSIX, fcntl).
          byte[] bytes = Channels.newInputStream(channel).readAllBytes();
          String text = new String(bytes, StandardCharsets.UTF_8);
          List<String> before = text.lines().collect(Collectors.toUnmodifiableList());
          List<String> after = lines.kept(before);
          if (!after.equals(before)) {
            String whole = String.join("\n", after) + (after.isEmpty() ? "" : "\n");
            write(file, out -> out.write(whole.getBytes(StandardCharsets.UTF_8)));
          }
        });
  }

  private interface Locked {
    void run(FileChannel channel) throws IOException;
  }

  /** Runs with the lock of the file that has this name then, not of one that it replaced. */
  private static void locked(Path file, Locked action) throws IOException {
    synchronized (AtomicFile.class) { // a process may lock a file only once
      while (true) {
        BasicFileAttributes before = Files.exists(file) ? attributes(file) : null;
        try (FileChannel channel = FileChannel.open(file, CREATE, READ, WRITE)) {
          if (before == null || !isSame(before, attributes(file))) {
            continue; // which file was opened is not known; its number may be that of an old one
          }
          channel.lock(); // until it is closed
          if (Objects.equals(before.fileKey(), attributes(file).fileKey())) { // not replaced
            action.run(channel);
            return;
          }
        }
      }
    }
  }

  /** Whether a file was neither changed nor replaced. */
  private static boolean isSame(BasicFileAttributes before, BasicFileAttributes now) {
    return Objects.equals(before.fileKey(), now.fileKey())
        && before.lastModifiedTime().equals(now.lastModifiedTime())
        && before.size() == now.size();
  }

  /**
   * Their key tells a file from another of the same name; null on Windows, which replaces no open
   * file.
   */
  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }

  /** Brings a file's new name to the disk, where the system can. */
  private static void syncFolder(Path file) {
    try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), READ)) {
      folder.force(true);
    } catch (IOException e) {
      // Windows opens no folders; the file is complete in any case.
    }
  }

  private static void keepPermissions(Path target, Path temporary) throws IOException {
    if (Files.exists(target)
        && Files.getFileStore(target).supportsFileAttributeView(PosixFileAttributeView.class)) {
      Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(target));
    }
  }

  private static void move(Path temporary, Path target) throws IOException {
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** What to throw when a file cannot be written: it names the file and the reason. */
  public static IOException unwritable(Path target, IOException e) {
    return new IOException(target + ": cannot be written: " + reason(e), e);
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such folder";
    }
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }
}
