package io.github.rouse.cli;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** An output file that takes its place only when it is whole. */
final class AsideFile implements Closeable {
  private final Path target;
  private final Path aside;
  private final OutputStream out;

  AsideFile(Path target) throws IOException {
    this.target = target;
    long process = ProcessHandle.current().pid();
    aside = target.resolveSibling("." + target.getFileName() + "." + process + ".part");
    aside.toFile().deleteOnExit(); // Ctrl-C leaves nothing half-written
    out = new BufferedOutputStream(Files.newOutputStream(aside));
  }

  OutputStream out() {
    return out;
  }

  /** The file is whole: moves it into place. */
  void commit() throws IOException {
    out.close();
    Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(aside);
  }
}
