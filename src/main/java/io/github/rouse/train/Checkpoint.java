// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import io.github.rouse.file.AtomicFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The state of a training run between two epochs. It is written to a temporary file and moved into
 * place, so a crash leaves a complete checkpoint.
 *
 * @param path of the checkpoint file
 * @param recipe hash of the recipe and data that the checkpoint belongs to
 * @param numbers the state, in a fixed order; {@link #read} restores these arrays in place
 */
public record Checkpoint(Path path, String recipe, List<float[]> numbers) {
  private static final long MAGIC = 0x524f555345303035L; // "ROUSE005"

  /** The checkpoint of an unfinished training run of this model. */
  public static Path unfinished(Path model) {
    return model.resolveSibling(model.getFileName() + ".checkpoint");
  }

  /** The final state of a finished training run of this model. */
  public static Path finished(Path model) {
    return model.resolveSibling(model.getFileName() + ".trained");
  }

  /** Whether there is a checkpoint to resume from. */
  boolean exists() {
    return Files.exists(path);
  }

  /** Writes the epochs and the current numbers. */
  void write(List<Epoch> epochs) throws IOException {
    AtomicFile.write(
        path,
        file -> {
          CheckedOutputStream sum = new CheckedOutputStream(file, new CRC32());
          DataOutputStream out = new DataOutputStream(new BufferedOutputStream(sum));
          out.writeLong(MAGIC);
          out.writeUTF(recipe);
          out.writeInt(epochs.size());
          for (Epoch epoch : epochs) {
            out.writeDouble(epoch.loss());
            out.writeDouble(epoch.heldOutLoss());
            out.writeDouble(epoch.rate());
          }
          for (float[] values : numbers) {
            out.writeInt(values.length);
            for (float value : values) {
              out.writeFloat(value);
            }
          }
          out.flush();
          out.writeLong(sum.getChecksum().getValue());
          out.flush();
        });
  }

  /**
   * Restores the numbers.
   *
   * @return the finished epochs
   * @throws IOException if the file is damaged or belongs to another training run
   */
  List<Epoch> read() throws IOException {
    try (CheckedInputStream sum =
        new CheckedInputStream(new BufferedInputStream(Files.newInputStream(path)), new CRC32())) {
      DataInputStream in = new DataInputStream(sum);
      if (in.readLong() != MAGIC) {
        throw new IOException(path + ": is not a checkpoint of this version");
      }
      if (!in.readUTF().equals(recipe)) {
        throw new IOException(
            path
                + ": belongs to a different recipe, data, hard negatives, teachers, seed or thread"
                + " count");
      }
      List<Epoch> epochs = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        epochs.add(new Epoch(in.readDouble(), in.readDouble(), in.readDouble()));
      }
      for (float[] values : numbers) {
        if (in.readInt() != values.length) {
          throw new IOException(path + ": belongs to a different network");
        }
        for (int i = 0; i < values.length; i++) {
          values[i] = in.readFloat();
        }
      }
      long expected = sum.getChecksum().getValue();
      if (in.readLong() != expected || in.read() >= 0) {
        throw new IOException(path + ": is damaged: checksum mismatch");
      }
      return epochs;
    } catch (EOFException | UTFDataFormatException e) {
      throw new IOException(path + ": is truncated or damaged", e);
    }
  }
}
