// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AudioFileTest {
  private static final float[] EXACT = {0, 1 / 32768f, -1 / 32768f, 32767 / 32768f, -1, 0.5f};
  private static final int[] SHORTS = {0, 1, -1, 32767, -32768, 16384};

  @TempDir Path folder;

  @Test
  void sixteenBitValuesAreExact() throws IOException {
    byte[] file = Sounds.wav(1, 1, 16000, 16, Sounds.shorts(SHORTS));
    assertArrayEquals(EXACT, Sounds.read(file));
  }

  @Test
  void eightBitWavIsUnsigned() throws IOException {
    byte[] data = {(byte) 128, (byte) 129, 127, (byte) 255, 0};
    float[] expected = {0, 1 / 128f, -1 / 128f, 127 / 128f, -1};
    assertArrayEquals(expected, Sounds.read(Sounds.wav(1, 1, 8000, 8, data)));
  }

  @Test
  void twentyFourBitWavIsSigned() throws IOException {
    byte[] data = {1, 0, 0, -1, -1, -1, -1, -1, 127, 0, 0, -128};
    float[] expected = {1 / 8388608f, -1 / 8388608f, 8388607 / 8388608f, -1};
    assertArrayEquals(expected, Sounds.read(Sounds.wav(1, 1, 48000, 24, data)));
  }

  @Test
  void thirtyTwoBitWavIsSigned() throws IOException {
    byte[] data = {0, 0, 0, 64, 0, 0, 0, -128};
    assertArrayEquals(new float[] {0.5f, -1}, Sounds.read(Sounds.wav(1, 1, 192000, 32, data)));
  }

  @Test
  void floatWavIsReadAndClipped() throws IOException {
    byte[] data = Sounds.floats(0.25f, -0.75f, 1.5f, -3f);
    float[] expected = {0.25f, -0.75f, 1, -1};
    assertArrayEquals(expected, Sounds.read(Sounds.wav(3, 2, 44100, 32, data)));
  }

  @Test
  void doubleWavIsRead() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(0.125).putDouble(-0.5);
    byte[] file = Sounds.wav(3, 1, 44100, 64, data.array());
    assertArrayEquals(new float[] {0.125f, -0.5f}, Sounds.read(file));
  }

  @ParameterizedTest
  @CsvSource({"6,ALAW", "7,ULAW"})
  void telephoneCodesMatchTheJdksDecoder(int codec, String encoding) throws IOException {
    byte[] codes = new byte[256];
    for (int i = 0; i < 256; i++) {
      codes[i] = (byte) i;
    }
    AudioFormat packed =
        new AudioFormat(new AudioFormat.Encoding(encoding), 8000, 8, 1, 1, 8000, false);
    AudioInputStream jdk = new AudioInputStream(new ByteArrayInputStream(codes), packed, 256);
    AudioFormat plain = new AudioFormat(8000, 16, 1, true, false);
    byte[] pcm = AudioSystem.getAudioInputStream(plain, jdk).readAllBytes();
    float[] expected = Sounds.read(Sounds.wav(1, 1, 8000, 16, pcm));
    assertArrayEquals(expected, Sounds.read(Sounds.wav(codec, 1, 8000, 8, codes)));
  }

  @Test
  void extensibleWavUsesItsSubFormat() throws IOException {
    byte[] plain = Sounds.wav(0xFFFE, 2, 44100, 16, Sounds.shorts(SHORTS));
    byte[] extension = new byte[24];
    extension[0] = 22; // bytes that follow
    extension[2] = 16; // valid bits
    extension[8] = 1; // PCM
    byte[] file =
        Sounds.join(
            Arrays.copyOf(plain, 36), extension, Arrays.copyOfRange(plain, 36, plain.length));
    file[16] = 40; // length of the format
    assertArrayEquals(EXACT, Sounds.read(file));
  }

  @Test
  void otherChunksBeforeAndAfterTheSamplesAreSkipped() throws IOException {
    byte[] plain = Sounds.wav(1, 1, 44100, 16, Sounds.shorts(SHORTS));
    byte[] odd = {'L', 'I', 'S', 'T', 3, 0, 0, 0, 'a', 'b', 'c', 0};
    byte[] file =
        Sounds.join(
            Arrays.copyOf(plain, 36), odd, Arrays.copyOfRange(plain, 36, plain.length), odd);
    assertArrayEquals(EXACT, Sounds.read(file));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void oneToEightChannelsAreInterleaved(int channels) throws IOException {
    int[] values = new int[3 * channels];
    Arrays.setAll(values, i -> 100 * i);
    try (AudioFile file = Sounds.open(Sounds.wav(1, channels, 96000, 16, Sounds.shorts(values)))) {
      assertEquals(channels, file.channels());
      assertEquals(96000, file.sampleRate());
      assertEquals(3, file.frames());
      float[] samples = new float[3 * channels];
      assertEquals(3, file.read(samples, 3));
      assertEquals(100 * (3 * channels - 1) / 32768f, samples[3 * channels - 1]);
      assertEquals(-1, file.read(samples, 3));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 0xFFFFFFFFL, 0x7FFFFFFFL, 0x7FFFF000L, 0x7FFFFFDBL, 0x80000000L})
  void wavWrittenToAPipeIsReadToItsEnd(long length) throws IOException {
    byte[] file = Sounds.wav(1, 1, 16000, 16, Sounds.shorts(SHORTS), length);
    assertArrayEquals(EXACT, Sounds.read(file));
    Path path = Files.write(folder.resolve("pipe.wav"), file);
    try (AudioFile sound = AudioFile.open(path)) {
      assertEquals(-1, sound.frames());
      assertArrayEquals(EXACT, Sounds.readAll(sound));
    }
  }

  @Test
  void wavOverTwoGibibytesHasItsLength() throws IOException {
    Path path = folder.resolve("big.wav");
    long bytes = (1L << 31) + 64_000;
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(Sounds.wav(1, 8, 192000, 32, new byte[0], bytes));
      file.setLength(44 + bytes); // sparse
    }
    try (AudioFile sound = AudioFile.open(path)) {
      assertEquals(bytes / 32, sound.frames());
      float[] samples = new float[4096 * 8];
      long frames = 0;
      for (int n; (n = sound.read(samples, 4096)) > 0; ) {
        frames += n;
      }
      assertEquals(bytes / 32, frames);
    }
  }

  @ParameterizedTest
  @CsvSource({"AIFF,16", "AIFF,24", "AIFF,8", "AU,16", "AU,24", "AU,32"})
  void bigEndianFilesFromTheJdkAreRead(String type, int bits) throws IOException {
    byte[] tone = tonePcm(bits);
    AudioFormat format = new AudioFormat(22050, bits, 2, true, true);
    AudioFileFormat.Type kind =
        type.equals("AU") ? AudioFileFormat.Type.AU : AudioFileFormat.Type.AIFF;
    try (AudioFile file = Sounds.open(Sounds.jdk(kind, format, tone))) {
      assertEquals(22050, file.sampleRate());
      assertEquals(2, file.channels());
      float[] samples = Sounds.readAll(file);
      assertEquals(2000, samples.length);
      for (int i = 0; i < samples.length; i++) {
        assertEquals(
            0.5 * Math.sin(i * 0.1), samples[i], 1.0 / (1L << (bits - 1)) + 1e-7, "sample " + i);
      }
    }
  }

  private static byte[] tonePcm(int bits) { // 1000 frames of 2 channels, big-endian
    byte[] bytes = new byte[2000 * bits / 8];
    for (int i = 0; i < 2000; i++) {
      long value = Math.round(0.5 * Math.sin(i * 0.1) * (1L << (bits - 1)));
      for (int b = 0; b < bits / 8; b++) {
        bytes[i * bits / 8 + b] = (byte) (value >> (bits - 8 - 8 * b));
      }
    }
    return bytes;
  }

  @ParameterizedTest
  @CsvSource({
    "tone16.flac,1,22050,0,3e-5",
    "tone24.flac,2,22050,0,1e-6",
    "tone.mp3,1,22050,0,0.05",
    "tagged.mp3,1,22050,0,0.05",
    "tone.ogg,1,22050,0,0.05"
  })
  void compressedTonesAreRead(String name, int channels, int frames, int padding, double tolerance)
      throws IOException {
    try (AudioFile file = Sounds.open(Sounds.resource(name))) {
      assertEquals(44100, file.sampleRate());
      assertEquals(channels, file.channels());
      float[] samples = Sounds.readAll(file);
      int got = samples.length / channels;
      assertTrue(got >= frames && got <= frames + padding, "frames=" + got);
      float[] first = new float[got];
      new ChannelSelector(Channel.of(channels), channels, 44100).reduce(samples, got, first);
      double amplitude = Sounds.amplitude(first, 4410, 4410 + 13230, 440, 44100);
      assertEquals(0.5, amplitude, tolerance);
    }
  }

  @ParameterizedTest
  @CsvSource({"tone16.flac,16", "tone24.flac,24"})
  void flacSamplesMatchTheMd5InTheHeader(String name, int bits)
      throws IOException, NoSuchAlgorithmException {
    byte[] file = Sounds.resource(name);
    float[] samples = Sounds.read(file);
    byte[] pcm = new byte[samples.length * bits / 8];
    for (int i = 0; i < samples.length; i++) {
      int value = Math.round(samples[i] * (1 << (bits - 1)));
      for (int b = 0; b < bits / 8; b++) {
        pcm[i * bits / 8 + b] = (byte) (value >> (8 * b));
      }
    }
    byte[] md5 = MessageDigest.getInstance("MD5").digest(pcm);
    assertArrayEquals(Arrays.copyOfRange(file, 26, 42), md5); // RFC 9639, section 8.2
  }

  @Test
  void samplesDoNotDependOnReadSize() throws IOException {
    for (String name : new String[] {"tone24.flac", "tone.mp3", "tone.ogg"}) {
      float[] whole = Sounds.read(Sounds.resource(name));
      try (AudioFile file = Sounds.open(Sounds.resource(name))) {
        float[] pieces = new float[whole.length + 14];
        float[] piece = new float[7 * file.channels()];
        int length = 0;
        for (int n; (n = file.read(piece, 7)) > 0; length += n * file.channels()) {
          System.arraycopy(piece, 0, pieces, length, n * file.channels());
        }
        assertArrayEquals(whole, Arrays.copyOf(pieces, length), name);
      }
    }
  }

  @Test
  void theFormatFollowsTheContentNotTheName() throws IOException {
    Path path = Files.write(folder.resolve("tone.wav"), Sounds.resource("tone16.flac"));
    try (AudioFile file = AudioFile.open(path)) {
      assertEquals(22050, file.frames());
      assertEquals(path.toString(), file.name());
    }
  }

  @Test
  void soundIsRecognisedByItsFirstBytesOrItsExtension() throws IOException {
    for (String name : List.of("a.wav", "A.WAV", "c.aiff", "d.au", "f.Flac", "h.oga", "i.m4a")) {
      Path empty = Files.createFile(folder.resolve(name));
      assertTrue(AudioFile.isSound(empty), name);
    }
    for (String name : List.of("tone16.flac", "tone.mp3", "tagged.mp3", "tone.ogg")) {
      Path path = Files.write(folder.resolve("sound"), Sounds.resource(name));
      assertTrue(AudioFile.isSound(path), name);
    }
    for (String content : List.of("", "text", "RIFF....WEBP", "....ftypheic....")) {
      Path path = Files.writeString(folder.resolve("other.txt"), content);
      assertFalse(AudioFile.isSound(path), content);
    }
  }
}
