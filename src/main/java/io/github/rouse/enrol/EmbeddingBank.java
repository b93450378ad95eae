// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.train.data.AudioCache;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * An encoder's embeddings of hours of other speech, as one stream quantised to eight levels. With a
 * bank, enrolment needs only recordings of the word.
 *
 * @param encoder SHA-256 of the encoder's weights
 * @param units values per step, an even number
 * @param stepSeconds time between steps
 * @param values [steps][units], two per byte, the first in the low nibble; level l of 0 to 7 stands
 *     for (l - 3.5) / 4
 */
public record EmbeddingBank(String encoder, int units, double stepSeconds, byte[] values) {
  /** Receives the progress of building a bank. */
  public interface Progress {
    /** A file could not be decoded and was skipped. */
    void leftOut(IOException problem);

    /** {@code files} of {@code all} files are done. */
    void heard(int files, int all);
  }

  private static final long MAGIC = 0x524f555345303245L; // "ROUSE02E"
  private static final int MOST_BYTES = 1 << 28; // of values
  private static final int MOST_UNITS = 4096;
  private static final int LEVELS = 4; // on each side of zero

  /** Checks the values. */
  public EmbeddingBank {
    checkUnits(units);
    if (!(stepSeconds > 0 && stepSeconds < 10)) {
      throw new IllegalArgumentException("stepSeconds=" + stepSeconds);
    }
    if (values.length == 0 || values.length > MOST_BYTES || values.length % (units / 2) != 0) {
      throw new IllegalArgumentException(
          values.length
              + " bytes, expected a multiple of "
              + units / 2
              + ", at most "
              + MOST_BYTES);
    }
    for (byte pair : values) {
      if (isBeyond(pair)) {
        throw new IllegalArgumentException("a level above " + (2 * LEVELS - 1));
      }
    }
  }

  private static boolean isBeyond(byte pair) {
    return (pair & 15) >= 2 * LEVELS || (pair >> 4 & 15) >= 2 * LEVELS;
  }

  private static void checkUnits(int units) {
    if (units < 2 || units > MOST_UNITS || units % 2 != 0) {
      throw new IllegalArgumentException(
          "units="
              + units
              + " of the first recurrent layer, expected even and at most "
              + MOST_UNITS);
    }
  }

  /** Number of steps. */
  public int steps() {
    return (int) (2L * values.length / units);
  }

  /** Hours of audio. */
  public double hours() {
    return steps() * stepSeconds / 3600;
  }

  /** Quantises a value as the bank does. */
  static float rounded(float value) {
    return value(level(value));
  }

  private static int level(float value) {
    return Math.max(0, Math.min(2 * LEVELS - 1, (int) Math.floor(value * LEVELS) + LEVELS));
  }

  private static float value(int level) {
    return (level - LEVELS + 0.5f) / LEVELS;
  }

  /** Copies a step's values, [units]. */
  void copy(int step, float[] to) {
    int at = step * (units / 2);
    for (int i = 0; i < units; i += 2) {
      int pair = values[at++];
      to[i] = value(pair & 15);
      to[i + 1] = value(pair >> 4 & 15);
    }
  }

  /**
   * Builds a bank: runs a model's encoder over recordings as one stream. The files are in a fixed
   * random order, so that each part of the bank resembles the whole.
   *
   * @param progress receives each finished or skipped file
   * @throws IOException if no file can be decoded, or they exceed the size of a bank
   */
  public static EmbeddingBank of(WakeModel model, List<Path> files, Progress progress)
      throws IOException {
    Encoder encoder = Encoder.of(model);
    checkUnits(encoder.units());
    List<Path> shuffled = new ArrayList<>(files);
    Collections.shuffle(shuffled, new Random(1));
    Encoder.Stream stream = encoder.start();
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    for (int i = 0; i < shuffled.size(); i++) {
      List<short[]> sound;
      try {
        sound = AudioCache.decode(shuffled.get(i), model.features().sampleRate());
      } catch (IOException e) {
        progress.leftOut(e);
        continue;
      }
      for (short[] piece : sound) {
        stream.accept(floats(piece), (step, known) -> append(step, values));
      }
      if (values.size() > MOST_BYTES) {
        double hours = values.size() / (encoder.units() / 2.0) * encoder.stepSeconds() / 3600;
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%.1f h of negatives exceed the size of a bank: %d bytes",
                hours,
                MOST_BYTES));
      }
      progress.heard(i + 1, shuffled.size());
    }
    if (values.size() == 0) {
      throw new IOException("no audio in the negatives");
    }
    return new EmbeddingBank(
        encoder.sha256(), encoder.units(), encoder.stepSeconds(), values.toByteArray());
  }

  /**
   * The encoder in a model, or in the model it was enrolled on, that made this bank.
   *
   * @throws IllegalArgumentException if a different encoder made the bank
   */
  Encoder encoderIn(WakeModel model) {
    List<Encoder> encoders = Encoder.allOf(model);
    for (int i = encoders.size() - 1; i >= 0; i--) {
      if (wasMadeBy(encoders.get(i))) {
        return encoders.get(i);
      }
    }
    throw new IllegalArgumentException(
        "was not made with the layers of "
            + model.name()
            + "; make a bank with `rouse embed MODEL --negatives PATH --out FILE`");
  }

  private boolean wasMadeBy(Encoder other) {
    return other.sha256().equals(encoder)
        && other.units() == units
        && other.stepSeconds() == stepSeconds;
  }

  private static float[] floats(short[] samples) {
    float[] floats = new float[samples.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = samples[i] / 32768f;
    }
    return floats;
  }

  private static void append(float[] step, ByteArrayOutputStream values) {
    for (int i = 0; i < step.length; i += 2) {
      values.write(level(step[i]) | level(step[i + 1]) << 4);
    }
  }

  /** Transposes [rows][columns]: slow changes over time then compress a quarter better. */
  private static byte[] transposed(byte[] values, int rows, int columns) {
    byte[] transposed = new byte[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed[column * rows + row] = values[row * columns + column];
      }
    }
    return transposed;
  }

  /** Writes the bank compressed, as [pairs of units][steps]; replaces the file atomically. */
  public void write(Path path) throws IOException {
    AtomicFile.write(
        path,
        file -> {
          new DataOutputStream(file).writeLong(MAGIC);
          Deflater most = new Deflater(Deflater.BEST_COMPRESSION);
          try {
            DeflaterOutputStream compressed = new DeflaterOutputStream(file, most);
            DataOutputStream out = new DataOutputStream(compressed);
            out.writeUTF(encoder);
            out.writeInt(units);
            out.writeDouble(stepSeconds);
            out.writeInt(values.length);
            out.write(transposed(values, steps(), units / 2));
            out.flush();
            compressed.finish();
          } finally {
            most.end();
          }
        });
  }

  /**
   * Reads a bank.
   *
   * @throws ModelFormatException if the file is not a bank, truncated or damaged
   */
  public static EmbeddingBank read(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new ModelFormatException(path, "", "is a folder");
    }
    try (InputStream file = Files.newInputStream(path)) {
      if (new DataInputStream(file).readLong() != MAGIC) {
        throw new ModelFormatException(path, "", "is not an embedding bank");
      }
      try (InputStream compressed = new InflaterInputStream(file)) {
        DataInputStream in = new DataInputStream(compressed);
        String encoder = in.readUTF();
        int units = in.readInt();
        checkUnits(units);
        double stepSeconds = in.readDouble();
        int length = in.readInt();
        byte[] values = in.readNBytes(Math.max(0, Math.min(length, MOST_BYTES)));
        if (values.length != length || in.read() >= 0) { // the read also verifies the checksum
          throw new ModelFormatException(path, "", "is truncated or too long");
        }
        byte[] bySteps = transposed(values, units / 2, length / (units / 2));
        return new EmbeddingBank(encoder, units, stepSeconds, bySteps);
      }
    } catch (EOFException | UTFDataFormatException | ZipException | IllegalArgumentException e) {
      throw new ModelFormatException(path, "", "is not an embedding bank, or is damaged", e);
    }
  }
}
