// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.onnx.ModelFormatException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * A file of a network's outputs on other speech: eight bytes that identify its kind and version,
 * then compressed data with a checksum.
 *
 * @param magic the eight bytes
 * @param kind what the file holds, for messages, such as {@code a bank of phones}
 */
public record BankFile(long magic, String kind) {
  /** Writes the data. */
  public interface BankWriter {
    void write(DataOutputStream out) throws IOException;
  }

  /**
   * Reads the data; an {@code IllegalArgumentException} or end of file means that it is damaged.
   */
  public interface BankReader<T> {
    T read(DataInputStream in) throws IOException;
  }

  /** Replaces the file atomically. */
  public void write(Path path, BankWriter content) throws IOException {
    AtomicFile.write(
        path,
        file -> {
          new DataOutputStream(file).writeLong(magic);
          Deflater most = new Deflater(Deflater.BEST_COMPRESSION);
          try {
            DeflaterOutputStream compressed = new DeflaterOutputStream(file, most);
            DataOutputStream out = new DataOutputStream(compressed);
            content.write(out);
            out.flush();
            compressed.finish();
          } finally {
            most.end();
          }
        });
  }

  /**
   * Reads a file.
   *
   * @throws ModelFormatException if it is of another kind or version, truncated or damaged
   */
  public <T> T read(Path path, BankReader<T> parser) throws IOException {
    if (Files.isDirectory(path)) {
      throw new ModelFormatException(path, "", "is a folder");
    }
    try (InputStream file = Files.newInputStream(path)) {
      if (new DataInputStream(file).readLong() != magic) {
        throw new ModelFormatException(
            path, "", "is not " + kind + ", or is one of an older version of Rouse");
      }
      try (InputStream compressed = new BufferedInputStream(new InflaterInputStream(file))) {
        T read = parser.read(new DataInputStream(compressed));
        if (compressed.read() >= 0) { // the read also verifies the checksum
          throw new ModelFormatException(path, "", "is too long");
        }
        return read;
      }
    } catch (EOFException | UTFDataFormatException | ZipException | IllegalArgumentException e) {
      throw new ModelFormatException(path, "", "is not " + kind + ", or is damaged", e);
    }
  }

  /**
   * A count that a file states.
   *
   * @throws IllegalArgumentException if it is below 1 or above {@code most}
   */
  public static int count(DataInputStream in, int most) throws IOException {
    int count = in.readInt();
    if (count < 1 || count > most) {
      throw new IllegalArgumentException("count=" + count + ", expected 1 to " + most);
    }
    return count;
  }
}
