// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/** Sounds and sound files for tests, made in memory. */
public final class Sounds {
  private Sounds() {}

  /** A sine tone with an amplitude of {@code level}. */
  public static float[] tone(double hertz, int sampleRate, int samples, double level) {
    float[] tone = new float[samples];
    for (int i = 0; i < samples; i++) {
      tone[i] = (float) (level * Math.sin(2 * Math.PI * hertz * i / sampleRate));
    }
    return tone;
  }

  /** A WAV file with any {@code bits}, {@code codec} and data, valid or not. */
  static byte[] wav(int codec, int channels, long rate, int bits, byte[] data) {
    return wav(codec, channels, rate, bits, data, data.length);
  }

  /** A WAV file with any length field, right or wrong. */
  static byte[] wav(int codec, int channels, long rate, int bits, byte[] data, long length) {
    ByteBuffer file = ByteBuffer.allocate(44 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt((int) (36 + length));
    file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    int frame = channels * bits / 8;
    file.putShort((short) codec).putShort((short) channels).putInt((int) rate);
    file.putInt((int) (rate * frame)).putShort((short) frame).putShort((short) bits);
    file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt((int) length).put(data);
    return file.array();
  }

  /** An AU file of 16-bit samples with any header fields, valid or not. */
  static byte[] au(int channels, int rate, byte[] data) {
    ByteBuffer file = ByteBuffer.allocate(32 + data.length);
    file.put(".snd".getBytes(StandardCharsets.US_ASCII)).putInt(32).putInt(data.length);
    return file.putInt(3).putInt(rate).putInt(channels).putLong(0).put(data).array();
  }

  /** A file written by javax.sound. */
  static byte[] jdk(AudioFileFormat.Type type, AudioFormat format, byte[] pcm) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AudioSystem.write(
        new AudioInputStream(
            new ByteArrayInputStream(pcm), format, pcm.length / format.getFrameSize()),
        type,
        out);
    return out.toByteArray();
  }

  static byte[] shorts(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.putShort((short) value);
    }
    return bytes.array();
  }

  static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static byte[] resource(String name) throws IOException {
    try (var in = Sounds.class.getResourceAsStream("/audio/" + name)) {
      return in.readAllBytes();
    }
  }

  static AudioFile open(byte[] file) throws IOException {
    return AudioFile.open(new ByteArrayInputStream(file), "test");
  }

  /** Hides an installed ffmpeg. */
  public static void hideFfmpeg() {
    System.setProperty("rouse.ffmpeg", "target/no-such-folder");
  }

  /** Ends what {@link #hideFfmpeg} began. */
  public static void showFfmpeg() {
    System.clearProperty("rouse.ffmpeg");
  }

  /** All samples of a file, interleaved. */
  static float[] read(byte[] file) throws IOException {
    try (AudioFile sound = open(file)) {
      return readAll(sound);
    }
  }

  static float[] readAll(AudioFile sound) throws IOException {
    float[] all = new float[0];
    float[] some = new float[1000 * sound.channels()];
    for (int n; (n = sound.read(some, 1000)) >= 0; ) {
      int length = all.length;
      all = Arrays.copyOf(all, length + n * sound.channels());
      System.arraycopy(some, 0, all, length, n * sound.channels());
    }
    return all;
  }

  /** The amplitude of a sine at a frequency, over the samples from {@code from} to {@code to}. */
  public static double amplitude(
      float[] samples, int from, int to, double hertz, double sampleRate) {
    double re = 0;
    double im = 0;
    double weights = 0;
    for (int i = from; i < to; i++) { // a Hann window keeps other tones out
      double weight = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i - from) / (to - from));
      double phase = 2 * Math.PI * hertz * i / sampleRate;
      re += weight * samples[i] * Math.cos(phase);
      im += weight * samples[i] * Math.sin(phase);
      weights += weight;
    }
    return 2 * Math.hypot(re, im) / weights;
  }

  public static double decibels(double ratio) {
    return 20 * Math.log10(ratio);
  }
}
