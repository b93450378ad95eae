// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.file.AtomicFile;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An output file that appears under its name only when complete. Not synced to disk, because a scan
 * may write thousands.
 */
public final class ScanOutput implements Closeable {
  private final Path target;
  private final Path aside;
  private final OutputStream out;

  public ScanOutput(Path target) throws IOException {
    this.target = target;
    aside = AtomicFile.aside(target);
    aside.toFile().deleteOnExit(); // Ctrl-C leaves nothing half-written
    OutputStream file = Files.newOutputStream(aside, StandardOpenOption.CREATE_NEW);
    out = new BufferedOutputStream(new Named(file));
  }

  /** Names the target where a write fails. */
  private final class Named extends FilterOutputStream {
    Named(OutputStream file) {
      super(file);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        throw AtomicFile.unwritable(target, e);
      }
    }
  }

  public OutputStream out() {
    return out;
  }

  /** Moves the complete file into place. */
  public void commit() throws IOException {
    out.close();
    AtomicFile.place(aside, target);
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } finally {
      Files.deleteIfExists(aside);
    }
  }
}
