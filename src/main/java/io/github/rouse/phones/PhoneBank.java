// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.BankFile;
import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.nn.NetworkState;
import io.github.rouse.nn.StepBatch;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * What a phone recogniser hears in hours of other speech: the likeliest outputs of each step, their
 * logarithms quantised. It tells how often a phrase would be heard by mistake. Immutable.
 */
public final class PhoneBank {
  /** Receives the progress of building a bank. */
  public interface Building {
    /** A file could not be read to its end and was skipped. */
    void leftOut(IOException problem);

    /** {@code files} of {@code all} files are done. */
    void heard(int files, int all);
  }

  private static final BankFile FILE =
      new BankFile(0x524f555345303350L, "a bank of phones"); // "ROUSE03P"
  private static final int MOST_BYTES = 1 << 25; // of steps: some 90 h
  private static final int MOST_OUTPUTS = 127;
  private static final double LEVEL = 0.5; // of the quantised logarithm
  private static final int LEVELS = 10; // less than exp(-5) is not kept
  private static final float REST = 2e-4f; // probability of what is not kept
  private static final double GAP_SECONDS = 0.5; // of near-silence after each file
  private static final float QUIET = 1e-4f; // -80 dB

  private final String recogniser; // SHA-256 of the weights
  private final double stepSeconds;
  private final int outputs; // phones and blank
  private final int steps;
  private final byte[] kept; // of each step: how many outputs, then each output and its level

  private PhoneBank(String recogniser, double stepSeconds, int outputs, int steps, byte[] kept) {
    this.recogniser = recogniser;
    this.stepSeconds = stepSeconds;
    this.outputs = outputs;
    this.steps = steps;
    this.kept = kept;
  }

  /** Hours of sound. */
  public double hours() {
    return steps * stepSeconds / 3600;
  }

  /** Seconds from one step to the next. */
  double stepSeconds() {
    return stepSeconds;
  }

  /**
   * Checks the recogniser.
   *
   * @throws IllegalArgumentException if another one made this bank
   */
  void check(PhoneModel model) {
    if (!model.sha256().equals(recogniser)) {
      throw new IllegalArgumentException(
          "was made with another phone recogniser; make one with `rouse embed RECOGNISER --negatives"
              + " PATH --out FILE`");
    }
  }

  /** Passes on the probabilities of each step, [outputs], overwritten by the next. */
  void replay(Consumer<float[]> sink) {
    float[] probabilities = new float[outputs];
    float[] values = new float[LEVELS];
    for (int level = 0; level < LEVELS; level++) {
      values[level] = (float) Math.exp(-LEVEL * level);
    }
    int at = 0;
    for (int step = 0; step < steps; step++) {
      int count = kept[at++];
      float sum = 0;
      for (int i = 0; i < count; i++) {
        sum += values[kept[at + 2 * i + 1]];
      }
      Arrays.fill(probabilities, REST);
      float all = sum + REST * (outputs - count);
      for (int i = 0; i < count; i++) {
        probabilities[kept[at + 2 * i]] = values[kept[at + 2 * i + 1]];
      }
      for (int k = 0; k < outputs; k++) {
        probabilities[k] /= all;
      }
      at += 2 * count;
      sink.accept(probabilities);
    }
  }

  /**
   * Builds a bank: runs a recogniser over recordings as one stream.
   *
   * @param channel of each file; with {@link Channel#EACH} all of them, one after another
   * @throws IOException if no file can be read, or they exceed the size of a bank
   */
  public static PhoneBank of(PhoneModel model, List<Path> files, Channel channel, Building progress)
      throws IOException {
    Builder builder = new Builder(model);
    for (int i = 0; i < files.size(); i++) {
      try {
        builder.hear(files.get(i), channel);
      } catch (IOException e) {
        progress.leftOut(e);
      }
      progress.heard(i + 1, files.size());
      if (builder.kept.size() > MOST_BYTES) {
        throw new IOException("the negatives exceed the size of a bank: " + MOST_BYTES + " bytes");
      }
    }
    if (builder.heard == 0) {
      throw new IOException("no audio in the negatives");
    }
    int rate = model.features().sampleRate();
    return new PhoneBank(
        model.sha256(),
        (double) model.stepSamples() / rate,
        model.phones().size() + 1,
        builder.steps,
        builder.kept.toByteArray());
  }

  /** Quantises what the recogniser makes of one sound after another. */
  private static final class Builder {
    private final int rate;
    private final Spectrogram spectrogram;
    private final NetworkState network;
    private final StepBatch frames = new StepBatch();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Random random = new Random(1);
    private int steps;
    private long heard; // samples

    Builder(PhoneModel model) {
      WakeModel listener = model.listener();
      rate = model.features().sampleRate();
      spectrogram = new Spectrogram(model.features());
      network = listener.network().start();
    }

    void hear(Path file, Channel channel) throws IOException {
      try (AudioFile first = AudioFile.open(file)) {
        for (Channel one : channel.passes(first.channels())) {
          try (AudioFile audio = AudioFile.open(file)) {
            Resampler resampler = new Resampler(audio.sampleRate(), rate);
            SampleSink sink = this::accept;
            audio.play(one, (samples, from, n) -> resampler.accept(samples, from, n, sink));
            resampler.finish(sink);
          }
          gap();
        }
      }
    }

    private void gap() {
      float[] gap = new float[(int) (GAP_SECONDS * rate)];
      for (int i = 0; i < gap.length; i++) {
        gap[i] = (float) (QUIET * random.nextGaussian());
      }
      accept(gap, 0, gap.length);
    }

    private void accept(float[] samples, int from, int length) {
      heard += length;
      spectrogram.accept(
          samples,
          from,
          length,
          (frame, level) -> {
            frames.clear();
            frames.add(0, frame);
            StepBatch out = network.run(frames);
            for (int step = 0; step < out.count(); step++) {
              keep(out.values(step));
            }
          });
    }

    private void keep(float[] probabilities) {
      byte[] likely = new byte[2 * probabilities.length];
      int count = 0;
      for (int k = 0; k < probabilities.length; k++) {
        int level = (int) Math.round(-Math.log(probabilities[k]) / LEVEL);
        if (level < LEVELS) {
          likely[2 * count] = (byte) k;
          likely[2 * count + 1] = (byte) level;
          count++;
        }
      }
      kept.write(count);
      kept.write(likely, 0, 2 * count);
      steps++;
    }
  }

  /** Writes the bank compressed; replaces the file atomically. */
  public void write(Path path) throws IOException {
    FILE.write(
        path,
        out -> {
          out.writeUTF(recogniser);
          out.writeDouble(stepSeconds);
          out.writeInt(outputs);
          out.writeInt(steps);
          out.writeInt(kept.length);
          planes(out);
        });
  }

  /** The counts of all steps, then all outputs, then all levels: they compress better apart. */
  private void planes(DataOutputStream out) throws IOException {
    ByteArrayOutputStream likely = new ByteArrayOutputStream();
    ByteArrayOutputStream levels = new ByteArrayOutputStream();
    int at = 0;
    for (int step = 0; step < steps; step++) {
      int count = kept[at++];
      out.write(count);
      for (int i = 0; i < count; i++) {
        likely.write(kept[at++]);
        levels.write(kept[at++]);
      }
    }
    likely.writeTo(out);
    levels.writeTo(out);
  }

  /**
   * Reads a bank.
   *
   * @throws ModelFormatException if the file is not a bank, truncated or damaged
   */
  public static PhoneBank read(Path path) throws IOException {
    return FILE.read(path, PhoneBank::read);
  }

  private static PhoneBank read(DataInputStream in) throws IOException {
    String recogniser = in.readUTF();
    double stepSeconds = in.readDouble();
    int outputs = BankFile.count(in, MOST_OUTPUTS);
    int steps = BankFile.count(in, MOST_BYTES);
    int length = BankFile.count(in, MOST_BYTES + 2 * MOST_OUTPUTS);
    if (!(stepSeconds > 0 && stepSeconds < 10)) {
      throw new IllegalArgumentException("stepSeconds=" + stepSeconds);
    }
    byte[] kept = in.readNBytes(length);
    if (kept.length != length || length < steps) {
      throw new EOFException();
    }
    return new PhoneBank(recogniser, stepSeconds, outputs, steps, joined(kept, steps, outputs));
  }

  /** Reverses {@link #planes}, and checks every number. */
  private static byte[] joined(byte[] planes, int steps, int outputs) {
    byte[] kept = new byte[planes.length];
    int all = (planes.length - steps) / 2; // outputs kept
    int at = 0;
    int entry = steps;
    for (int step = 0; step < steps; step++) {
      int count = planes[step];
      kept[at++] = planes[step];
      if (count < 0 || entry + count > steps + all) {
        throw new IllegalArgumentException("step=" + step);
      }
      for (int end = entry + count; entry < end; entry++) {
        byte output = planes[entry];
        byte level = planes[entry + all];
        if (output < 0 || output >= outputs || level < 0 || level >= LEVELS) {
          throw new IllegalArgumentException("step=" + step);
        }
        kept[at++] = output;
        kept[at++] = level;
      }
    }
    if (at != planes.length) {
      throw new IllegalArgumentException("steps=" + steps);
    }
    return kept;
  }
}
