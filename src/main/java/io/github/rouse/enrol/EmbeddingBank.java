// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.model.BankFile;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.nn.Dense;
import io.github.rouse.train.data.AudioCache;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * What a speech encoder makes of hours of other speech, quantised to two bytes a step. With a bank,
 * enrolment needs only recordings of the word. Immutable.
 */
public final class EmbeddingBank {
  /** Receives the progress of building a bank. */
  public interface Progress {
    /** A file could not be decoded and was skipped. */
    void leftOut(IOException problem);

    /** {@code files} of {@code all} files are done. */
    void heard(int files, int all);
  }

  private static final BankFile FILE =
      new BankFile(0x524f555345303345L, "an embedding bank"); // "ROUSE03E"

  /** Number of equal parts that a bank is divided into, each of them unknown to some heads. */
  static final int PARTS = 4;

  private static final int MOST_UNITS = 4096;
  private static final int MOST_BYTES = 1 << 24; // of blocks: 90 h
  private static final int UNITS = 48; // of the projection
  private static final int STREAM_SECONDS = 60; // embedded at a time, at least
  private static final int MOST_STREAM_SECONDS = 300;
  private static final double GAP_SECONDS = 0.3; // of near-silence after each file
  private static final float QUIET = 1e-4f; // -80 dB
  private static final int LEARNT_STEPS = 60_000; // for projection and code

  private final String encoder; // SHA-256 of the weights
  private final double stepSeconds;
  private final Dense projection; // from the encoder's vectors to fewer values
  private final BlockCode code;
  private final byte[] blocks; // [blocks][code.bytes()], one stream

  private EmbeddingBank(
      String encoder, double stepSeconds, Dense projection, BlockCode code, byte[] blocks) {
    if (!(stepSeconds > 0 && stepSeconds < 10)) {
      throw new IllegalArgumentException("stepSeconds=" + stepSeconds);
    }
    if (projection.outputs() != code.units()) {
      throw new IllegalArgumentException("a projection to " + projection.outputs() + " values");
    }
    if (blocks.length == 0 || blocks.length > MOST_BYTES || blocks.length % code.bytes() != 0) {
      throw new IllegalArgumentException(
          blocks.length + " bytes, expected a multiple of " + code.bytes());
    }
    this.encoder = encoder;
    this.stepSeconds = stepSeconds;
    this.projection = projection;
    this.code = code;
    this.blocks = blocks;
  }

  /** Number of steps. */
  public int steps() {
    return blocks.length / code.bytes() * BlockCode.STEPS;
  }

  /** Number of steps of a part; what is left over belongs to none. */
  int partSteps() {
    return steps() / PARTS;
  }

  /** The first step of a part. */
  int partFrom(int part) {
    return part * partSteps();
  }

  /** Hours of audio. */
  public double hours() {
    return steps() * stepSeconds / 3600;
  }

  /** Values of a step. */
  int units() {
    return code.units();
  }

  /** All steps, [steps][units]. */
  float[] decoded() {
    float[] steps = new float[steps() * units()];
    for (int block = 0; block < blocks.length / code.bytes(); block++) {
      code.decode(blocks, block * code.bytes(), steps, block * BlockCode.STEPS);
    }
    return steps;
  }

  /**
   * A copy of steps after quantisation by this bank's code.
   *
   * @param steps [steps][units]
   * @param first step where the first block begins; steps outside whole blocks are shared with the
   *     argument
   */
  float[][] quantised(float[][] steps, int first) {
    float[][] quantised = steps.clone();
    float[] block = new float[BlockCode.STEPS * units()];
    for (int at = first; at + BlockCode.STEPS <= steps.length; at += BlockCode.STEPS) {
      code.decode(code.encode(steps, at), 0, block, 0);
      for (int t = 0; t < BlockCode.STEPS; t++) {
        quantised[at + t] = Arrays.copyOfRange(block, t * units(), (t + 1) * units());
      }
    }
    return quantised;
  }

  /** SHA-256 of the weights of the encoder that made this bank. */
  String encoderSha256() {
    return encoder;
  }

  /**
   * The layers below a head.
   *
   * @throws IllegalArgumentException if another encoder made this bank
   */
  Encoder on(SpeechEncoder speech) {
    if (!speech.sha256().equals(encoder)) {
      throw new IllegalArgumentException(
          "was made with another speech encoder; make a bank with `rouse embed ENCODER --negatives"
              + " PATH --out FILE`");
    }
    return Encoder.of(speech, projection);
  }

  /**
   * Builds a bank: runs an encoder over recordings as one stream, in a fixed random order. The
   * beginning is read twice, first to learn the quantisation.
   *
   * @param channel of each file; with {@link Channel#EACH} all of them, one after another
   * @param progress receives each finished or skipped file
   * @throws IOException if no file can be decoded, or they exceed the size of a bank
   */
  public static EmbeddingBank of(
      SpeechEncoder speech, List<Path> negatives, Channel channel, Progress progress)
      throws IOException {
    List<Path> files = new ArrayList<>(negatives);
    Collections.shuffle(files, new Random(1));
    List<float[]> first = new ArrayList<>();
    List<IOException> unread = new ArrayList<>();
    hear(
        speech,
        files,
        channel,
        unread::add, // reported by the second reading, if there is one
        (vectors, read) -> {
          first.addAll(Arrays.asList(vectors));
          return first.size() < LEARNT_STEPS;
        });
    if (first.size() < BlockCode.STEPS) {
      unread.forEach(progress::leftOut);
      throw new IOException("no audio in the negatives");
    }
    float[][] learnt = first.toArray(float[][]::new);
    Dense projection = PrincipalComponents.of(learnt, UNITS);
    BlockCode code = BlockCode.learn(projection.forward(learnt));
    ByteArrayOutputStream blocks = new ByteArrayOutputStream();
    hear(
        speech,
        files,
        channel,
        progress::leftOut,
        (vectors, read) -> {
          float[][] steps = projection.forward(vectors);
          for (int at = 0; at + BlockCode.STEPS <= steps.length; at += BlockCode.STEPS) {
            blocks.writeBytes(code.encode(steps, at));
          }
          progress.heard(read, files.size());
          return blocks.size() < MOST_BYTES;
        });
    if (blocks.size() >= MOST_BYTES) {
      throw new IOException("the negatives exceed the size of a bank: " + MOST_BYTES + " bytes");
    }
    return new EmbeddingBank(
        speech.sha256(),
        (double) speech.stepSamples() / speech.features().sampleRate(),
        projection,
        code,
        blocks.toByteArray());
  }

  /** Receives the vectors of some files. */
  @FunctionalInterface
  private interface Sink {
    /**
     * Receives vectors.
     *
     * @param vectors [steps][values]
     * @param read number of files read so far
     * @return whether more are wanted
     */
    boolean accept(float[][] vectors, int read);
  }

  private static void hear(
      SpeechEncoder speech,
      List<Path> files,
      Channel channel,
      Consumer<IOException> problems,
      Sink sink)
      throws IOException {
    int rate = speech.features().sampleRate();
    Random random = new Random(1);
    List<float[]> stream = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      try {
        for (Channel one : channels(files.get(i), channel)) {
          for (short[] piece : AudioCache.decode(files.get(i), one, rate)) {
            stream.add(floats(piece));
          }
          stream.add(gap((int) (GAP_SECONDS * rate), random));
        }
      } catch (IOException e) {
        problems.accept(e);
      }
      int length = stream.stream().mapToInt(piece -> piece.length).sum();
      if (length >= STREAM_SECONDS * rate || i == files.size() - 1) {
        float[] samples = joined(stream, length);
        stream.clear();
        for (int at = 0; at < length; at += MOST_STREAM_SECONDS * rate) {
          int to = Math.min(length, at + MOST_STREAM_SECONDS * rate);
          float[][] frames = Encoder.frames(speech.features(), Arrays.copyOfRange(samples, at, to));
          if (!sink.accept(speech.network().forward(frames), i + 1)) {
            return;
          }
        }
      }
    }
  }

  private static List<Channel> channels(Path file, Channel channel) throws IOException {
    if (channel.choice() != Channel.Choice.EACH) {
      return List.of(channel);
    }
    try (AudioFile audio = AudioFile.open(file)) {
      return channel.passes(audio.channels());
    }
  }

  private static float[] floats(short[] samples) {
    float[] floats = new float[samples.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = samples[i] / 32768f;
    }
    return floats;
  }

  private static float[] gap(int length, Random random) {
    float[] gap = new float[length];
    for (int i = 0; i < length; i++) {
      gap[i] = (float) (QUIET * random.nextGaussian());
    }
    return gap;
  }

  private static float[] joined(List<float[]> pieces, int length) {
    float[] samples = new float[length];
    int at = 0;
    for (float[] piece : pieces) {
      System.arraycopy(piece, 0, samples, at, piece.length);
      at += piece.length;
    }
    return samples;
  }

  /** Writes the bank compressed; replaces the file atomically. */
  public void write(Path path) throws IOException {
    FILE.write(
        path,
        out -> {
          out.writeUTF(encoder);
          out.writeDouble(stepSeconds);
          out.writeInt(projection.inputs());
          out.writeInt(units());
          out.writeInt(code.bytes());
          out.writeInt(blocks.length);
          for (float[] row : projection.weights()) {
            write(row, out);
          }
          write(projection.bias(), out);
          for (int coefficient : code.coefficients()) {
            out.writeInt(coefficient);
          }
          for (float[] centroids : code.centroids()) {
            write(centroids, out);
          }
          out.write(blocks);
        });
  }

  private static void write(float[] values, DataOutputStream out) throws IOException {
    for (float value : values) {
      out.writeFloat(value);
    }
  }

  /**
   * Reads a bank.
   *
   * @throws ModelFormatException if the file is not a bank, truncated or damaged
   */
  public static EmbeddingBank read(Path path) throws IOException {
    return FILE.read(path, EmbeddingBank::read);
  }

  private static EmbeddingBank read(DataInputStream in) throws IOException {
    String encoder = in.readUTF();
    double stepSeconds = in.readDouble();
    int values = BankFile.count(in, MOST_UNITS);
    int units = BankFile.count(in, MOST_UNITS);
    int bytes = BankFile.count(in, MOST_UNITS);
    int length = BankFile.count(in, MOST_BYTES);
    float[][] weights = new float[values][];
    for (int i = 0; i < values; i++) {
      weights[i] = floats(in, units);
    }
    Dense projection = new Dense(weights, floats(in, units));
    int[] coefficients = new int[bytes * BlockCode.TOGETHER];
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = in.readInt();
    }
    float[][] centroids = new float[bytes][];
    for (int i = 0; i < bytes; i++) {
      centroids[i] = floats(in, BlockCode.LEVELS * BlockCode.TOGETHER);
    }
    byte[] blocks = in.readNBytes(length);
    if (blocks.length != length) {
      throw new EOFException();
    }
    BlockCode code = new BlockCode(units, coefficients, centroids);
    return new EmbeddingBank(encoder, stepSeconds, projection, code, blocks);
  }

  private static float[] floats(DataInputStream in, int count) throws IOException {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = in.readFloat();
    }
    return values;
  }
}
