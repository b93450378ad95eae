package io.github.rouse.file;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.UUID;

/** Files written aside and then moved, so that a reader finds the old one or the new, whole. */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Finds out now, and not after long work, whether a file can be written; makes its folder.
   *
   * @throws IllegalArgumentException if it is no place for a file
   */
  public static void prepare(Path target) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || target.toString().isBlank() || Files.isDirectory(target)) {
      throw new IllegalArgumentException("out=" + target + ", expected a file");
    }
    Files.createDirectories(folder);
    if (!Files.isWritable(folder)) {
      throw new IOException(folder + ": cannot be written to");
    }
  }

  /** Writes what goes into a file. */
  public interface Content {
    /** Called once. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, or the one that a link leads to.
   *
   * @throws IOException naming the file, if it cannot be written; then it is as it was
   */
  public static void write(Path named, Content content) throws IOException {
    Path target = Files.isSymbolicLink(named) && Files.exists(named) ? named.toRealPath() : named;
    Path aside = target.resolveSibling(".rouse-" + UUID.randomUUID() + ".partial");
    try {
      try (FileChannel file = FileChannel.open(aside, CREATE_NEW, WRITE)) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file));
        content.writeTo(out);
        out.flush();
        file.force(true); // or a power cut may leave the new name on an empty file
      }
      keepPermissions(target, aside);
      move(aside, target);
    } catch (IOException e) {
      throw new IOException(target + ": cannot be written: " + reason(e), e);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  private static void keepPermissions(Path target, Path aside) throws IOException {
    if (Files.exists(target)
        && Files.getFileStore(target).supportsFileAttributeView(PosixFileAttributeView.class)) {
      Files.setPosixFilePermissions(aside, Files.getPosixFilePermissions(target));
    }
  }

  private static void move(Path aside, Path target) throws IOException {
    try {
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such folder";
    }
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }
}
