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
 * The state of a training between two epochs: numbers that are restored in place. Written aside and
 * moved, so that whatever happens there is a whole one.
 *
 * @param path where it is kept
 * @param recipe what it belongs to: hash of recipe and data
 * @param numbers in a fixed order, live
 */
public record Checkpoint(Path path, String recipe, List<float[]> numbers) {
  private static final long MAGIC = 0x524f555345303034L; // "ROUSE004"

  /** Where the state of a training of this model is kept. */
  public static Path unfinished(Path model) {
    return model.resolveSibling(model.getFileName() + ".checkpoint");
  }

  /** Where the state is kept in which a training of this model ended. */
  public static Path finished(Path model) {
    return model.resolveSibling(model.getFileName() + ".trained");
  }

  /** Whether there is one to resume from. */
  boolean exists() {
    return Files.exists(path);
  }

  /** Writes the numbers of now. */
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
   * @return the epochs done
   * @throws IOException if it is broken or belongs to another training
   */
  List<Epoch> read() throws IOException {
    try (CheckedInputStream sum =
        new CheckedInputStream(new BufferedInputStream(Files.newInputStream(path)), new CRC32())) {
      DataInputStream in = new DataInputStream(sum);
      if (in.readLong() != MAGIC) {
        throw new IOException(path + ": is no checkpoint of this version");
      }
      if (!in.readUTF().equals(recipe)) {
        throw new IOException(
            path
                + ": belongs to another recipe, other data, hard negatives or teachers, another seed"
                + " or thread count");
      }
      List<Epoch> epochs = new ArrayList<>();
      for (int i = in.readInt(); i > 0; i--) {
        epochs.add(new Epoch(in.readDouble(), in.readDouble(), in.readDouble()));
      }
      for (float[] values : numbers) {
        if (in.readInt() != values.length) {
          throw new IOException(path + ": belongs to another network");
        }
        for (int i = 0; i < values.length; i++) {
          values[i] = in.readFloat();
        }
      }
      long expected = sum.getChecksum().getValue();
      if (in.readLong() != expected || in.read() >= 0) {
        throw new IOException(path + ": is damaged: its checksum does not fit");
      }
      return epochs;
    } catch (EOFException | UTFDataFormatException e) {
      throw new IOException(path + ": is cut short or damaged", e);
    }
  }
}
