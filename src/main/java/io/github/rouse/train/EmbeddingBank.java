package io.github.rouse.train;

import io.github.rouse.model.AsideFile;
import io.github.rouse.model.ModelFormatException;
import io.github.rouse.model.WakeModel;
import io.github.rouse.train.SoundBank.Sound;
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
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * What an encoder makes of hours of other speech: one long stream of embeddings, four bits a value,
 * so that enrolling a word needs no recordings of anything else.
 *
 * @param encoder SHA-256 of the encoder's weights
 * @param units values per step, an even number
 * @param stepSeconds from one step to the next
 * @param values [steps][units], two in a byte, the first in its lower half; level l of 0 to 15
 *     stands for (l - 7.5) / 8
 */
public record EmbeddingBank(String encoder, int units, double stepSeconds, byte[] values) {
  private static final long MAGIC = 0x524f555345303045L; // "ROUSE00E"
  private static final int MOST_BYTES = 1 << 28; // of values
  private static final int MOST_UNITS = 4096;
  private static final int LEVELS = 8; // on each side of zero

  /** Steps in it. */
  public int steps() {
    return (int) (2L * values.length / units);
  }

  /** Hours of sound in it. */
  public double hours() {
    return steps() * stepSeconds / 3600;
  }

  /** A value as the bank would hold it. */
  static float rounded(float value) {
    return value(level(value));
  }

  private static int level(float value) {
    return Math.max(0, Math.min(2 * LEVELS - 1, (int) Math.floor(value * LEVELS) + LEVELS));
  }

  private static float value(int level) {
    return (level - LEVELS + 0.5f) / LEVELS;
  }

  /** Copies a step's values. */
  void copy(int step, float[] to) {
    int at = step * (units / 2);
    for (int i = 0; i < units; i += 2) {
      int pair = values[at++];
      to[i] = value(pair & 15);
      to[i + 1] = value(pair >> 4 & 15);
    }
  }

  /**
   * Lets a model's encoder hear recordings, one straight after the other, in a random order that is
   * always the same: so each part of the bank is about like the whole.
   *
   * @param problems told of each file that is left out, and why
   * @throws IOException if nothing can be heard, or there is no room for decoded sound
   */
  public static EmbeddingBank of(WakeModel model, List<Path> files, Consumer<String> problems)
      throws IOException {
    Encoder encoder = Encoder.of(model);
    if (encoder.units() % 2 != 0) {
      throw new IllegalArgumentException(
          model.name()
              + ": units="
              + encoder.units()
              + " of the last recurrent layer, expected even");
    }
    List<Path> shuffled = new ArrayList<>(files);
    Collections.shuffle(shuffled, new Random(1));
    Encoder.Stream stream = encoder.start();
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    try (SoundBank sounds = SoundBank.temporary(model.features().sampleRate())) {
      for (Path file : shuffled) {
        Sound sound;
        try {
          sound = sounds.add(file, sounds.decode(file));
        } catch (IOException e) {
          problems.accept("left out: " + e.getMessage());
          continue;
        }
        stream.accept(sound.part(0, sound.length()), (step, known) -> append(step, values));
      }
    }
    if (values.size() == 0) {
      throw new IOException("no sound in the negatives");
    }
    double stepSeconds = (double) encoder.stepSamples() / model.features().sampleRate();
    return new EmbeddingBank(encoder.sha256(), encoder.units(), stepSeconds, values.toByteArray());
  }

  private static void append(float[] step, ByteArrayOutputStream values) {
    for (int i = 0; i < step.length; i += 2) {
      values.write(level(step[i]) | level(step[i + 1]) << 4);
    }
  }

  /** Writes it, compressed: aside first, then moved. */
  public void write(Path path) throws IOException {
    AsideFile.write(
        path,
        file -> {
          DataOutputStream head = new DataOutputStream(file);
          head.writeLong(MAGIC);
          head.writeUTF(encoder);
          head.writeInt(units);
          head.writeDouble(stepSeconds);
          head.writeInt(values.length);
          head.flush();
          Deflater most = new Deflater(Deflater.BEST_COMPRESSION);
          DeflaterOutputStream out = new DeflaterOutputStream(file, most);
          out.write(values);
          out.finish();
          most.end();
        });
  }

  /**
   * Reads one.
   *
   * @throws ModelFormatException if it is none, or cut short
   */
  public static EmbeddingBank read(Path path) throws IOException {
    try (InputStream file = Files.newInputStream(path)) {
      DataInputStream head = new DataInputStream(file);
      if (head.readLong() != MAGIC) {
        throw new ModelFormatException(path, "", "is no bank of embeddings");
      }
      String encoder = head.readUTF();
      int units = head.readInt();
      double stepSeconds = head.readDouble();
      int length = head.readInt();
      boolean sized = units > 0 && units <= MOST_UNITS && units % 2 == 0;
      if (!sized || length < units || length > MOST_BYTES || length % (units / 2) != 0) {
        throw new ModelFormatException(path, "", "units=" + units + " bytes=" + length);
      }
      if (!(stepSeconds > 0 && stepSeconds < 10)) {
        throw new ModelFormatException(path, "", "stepSeconds=" + stepSeconds);
      }
      InputStream compressed = new InflaterInputStream(file);
      byte[] values = compressed.readNBytes(length);
      if (values.length < length || compressed.read() >= 0) { // which checks the sum, too
        throw new ModelFormatException(path, "", "is cut short or too long");
      }
      return new EmbeddingBank(encoder, units, stepSeconds, values);
    } catch (EOFException | UTFDataFormatException | ZipException e) {
      throw new ModelFormatException(path, "", "is no bank of embeddings, or cut short", e);
    }
  }
}
