// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every unreadable file gives a reason, in one line. */
class AudioFileRefusalTest {
  @TempDir Path folder;

  @BeforeAll
  static void hideFfmpeg() {
    Sounds.hideFfmpeg();
  }

  @AfterAll
  static void showFfmpeg() {
    Sounds.showFfmpeg();
  }

  private static void rejected(byte[] file, String reason) {
    AudioFormatException e =
        assertThrows(AudioFormatException.class, () -> Sounds.read(file), reason);
    assertTrue(e.getMessage().startsWith("test: "), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void missingFile() {
    Path path = folder.resolve("none.wav");
    var e = assertThrows(AudioFormatException.class, () -> AudioFile.open(path));
    assertEquals(path + ": does not exist", e.getMessage());
  }

  @Test
  void folderInsteadOfAFile() {
    var e = assertThrows(AudioFormatException.class, () -> AudioFile.open(folder));
    assertEquals(folder + ": is a folder", e.getMessage());
  }

  @Test
  void emptyFile() {
    rejected(new byte[0], "is empty");
  }

  @Test
  void text() {
    rejected(
        ascii("Dear reader,\nthis is no sound."), "text, starting with \"Dear reader, this is no");
  }

  @Test
  void randomBytesAreNotMp3() {
    for (int seed = 0; seed < 100; seed++) {
      byte[] bytes = new byte[20_000];
      new Random(seed).nextBytes(bytes);
      rejected(bytes, "is not a sound file");
    }
  }

  @Test
  void noChannels() {
    rejected(Sounds.wav(1, 0, 16000, 16, new byte[8]), "says 0 channels");
  }

  @Test
  void noSampleRate() {
    rejected(Sounds.wav(1, 1, 0, 16, new byte[8]), "says a sample rate of 0 Hz");
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 255, 1000})
  void tooManyChannels(int channels) {
    byte[] frames = new byte[4 * channels];
    rejected(
        Sounds.au(channels, 16000, frames), "says " + channels + " channels, expected 1 to 64");
    rejected(Sounds.wav(1, channels, 16000, 16, frames), "says " + channels + " channels");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65_535, 1 << 24, 1 << 30, Integer.MAX_VALUE})
  void aSmallFileDoesNotMakeALargeBuffer(int channels) {
    String reason =
        channels == 65_535 ? "says 65535 channels" : "header"; // or javax.sound rejects it
    rejected(Sounds.au(channels, 16000, new byte[32]), reason);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 999, 768_001, 100_000_000})
  void sampleRatesOutOfRange(int rate) {
    String reason = "says a sample rate of " + rate + " Hz, expected 1000 to 768000";
    rejected(Sounds.au(1, rate, new byte[32]), reason);
    rejected(Sounds.wav(1, 1, rate, 16, new byte[32]), reason);
  }

  @Test
  void theLimitsOfRatesAndChannelsAreReadable() throws IOException {
    assertEquals(128, Sounds.read(Sounds.au(64, 1000, new byte[256])).length);
    assertEquals(128, Sounds.read(Sounds.wav(1, 64, 768_000, 16, new byte[256])).length);
  }

  @Test
  void tagWithoutSound() throws IOException {
    byte[] tag = Sounds.join(ascii("ID3\4\0\0\0\0\0\24"), new byte[20]);
    rejected(tag, "is an ID3 tag with no sound after it");
    rejected(Arrays.copyOf(tag, 29), "ends inside its ID3 tag");
    rejected(Arrays.copyOf(tag, 9), "ends inside its ID3 tag");
    rejected(Sounds.join(tag, ascii("but a letter")), "text, starting with \"but a letter\"");
  }

  @Test
  void truncatedHeadersNameTheFile() throws IOException {
    for (AudioFileFormat.Type type :
        new AudioFileFormat.Type[] {AudioFileFormat.Type.AIFF, AudioFileFormat.Type.AU}) {
      byte[] whole = Sounds.jdk(type, new AudioFormat(16000, 16, 1, true, true), new byte[64]);
      for (int length = 12; length < 24; length++) {
        rejected(Arrays.copyOf(whole, length), "header is damaged or truncated");
      }
    }
  }

  @Test
  void unknownCodec() {
    rejected(
        Sounds.wav(2, 1, 16000, 16, new byte[8]),
        "Microsoft ADPCM in WAV; install ffmpeg to read it");
  }

  @Test
  void unsupportedBitDepth() {
    rejected(Sounds.wav(1, 1, 16000, 40, new byte[10]), "says 40 bits and 1 channels in 5 bytes");
  }

  @Test
  void truncatedWavHeader() {
    byte[] file = Sounds.wav(1, 1, 16000, 16, new byte[8]);
    rejected(Arrays.copyOf(file, 30), "header ends before the first sample");
  }

  @Test
  void unsupportedContainers() {
    rejected(ascii("\0\0\0\30ftypM4A "), "has no index: its recording was not finished");
    rejected(ascii("RIFX....WAVE"), "big-endian WAV; install ffmpeg to read it");
  }

  @Test
  void truncatedWavDeliversItsSamplesThenReportsTheirLength() throws IOException {
    byte[] data = Sounds.shorts(new int[8000]);
    try (AudioFile file = Sounds.open(Sounds.wav(1, 1, 16000, 16, data, 64000))) {
      float[] samples = new float[4096];
      int frames = 0;
      while (frames < 8000) {
        frames += file.read(samples, 1000);
      }
      var e = assertThrows(AudioFormatException.class, () -> file.read(samples, 1000));
      assertEquals("test: truncated or damaged: only 0.50 s of 2.00 s", e.getMessage());
    }
  }

  @Test
  void truncatedFlacReportsItsLength() throws IOException {
    byte[] whole = Sounds.resource("tone16.flac");
    rejected(Arrays.copyOf(whole, whole.length / 2), " s of 0.50 s");
  }

  @Test
  void aFlippedBitInAFlacIsDetected() throws IOException {
    byte[] file = Sounds.resource("tone16.flac");
    file[file.length - 1000] ^= 1;
    rejected(file, "FLAC frame has a wrong checksum");
  }

  @Test
  void samplesThatAreNotFiniteAreReportedAndTheRestIsHeard() throws IOException {
    float infinite = Float.NEGATIVE_INFINITY;
    byte[] data = Sounds.floats(0, 0.5f, 0.25f, Float.NaN, infinite, 0.125f, 0.75f, 1);
    byte[] wav = Sounds.wav(3, 2, 1000, 32, data);
    String problem = "2 samples are not finite numbers, from 0.001 s to 0.003 s; read as zeros";
    rejected(wav, problem);
    float[] samples = new float[8];
    try (AudioFile file = Sounds.open(wav)) {
      assertEquals(4, file.read(samples, 4));
      assertArrayEquals(new float[] {0, 0.5f, 0.25f, 0, 0, 0.125f, 0.75f, 1}, samples);
      assertThrows(AudioFormatException.class, () -> file.read(samples, 4));
    }
  }

  @Test
  void floatsInUnitsOf16BitsAreReported() {
    byte[] data = Sounds.floats(0.5f, -31_000f, 20_000f);
    rejected(
        Sounds.wav(3, 1, 1000, 32, data), "samples reach 31000, where full scale is 1, and were");
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAVE", "AIFF", "AU"})
  void damagedHeadersGiveSamplesOrAnAudioFormatException(String type) throws IOException {
    boolean wav = type.equals("WAVE");
    AudioFormat format = new AudioFormat(16000, 16, 2, /* signed= */ true, /* bigEndian= */ !wav);
    AudioFileFormat.Type kind =
        wav
            ? AudioFileFormat.Type.WAVE
            : type.equals("AU") ? AudioFileFormat.Type.AU : AudioFileFormat.Type.AIFF;
    byte[] whole = Sounds.jdk(kind, format, new byte[2000]);
    for (int seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      byte[] file = seed % 4 > 0 ? whole.clone() : Arrays.copyOf(whole, 12 + random.nextInt(60));
      for (int i = random.nextInt(6); i >= 0; i--) {
        int at = 4 + random.nextInt(Math.min(60, file.length) - 4); // keep the magic number
        file[at] = (byte) random.nextInt();
      }
      readOrRejected(file, type + ", seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tone16.flac",
        "tone24.flac",
        "tone.mp3",
        "tagged.mp3",
        "tone.ogg",
        "tone.opus",
        "silk.opus",
        "tone.webm",
        "tone.mka",
        "tone.m4a",
        "fragments.mp4",
        "two.mp4",
        "tone.aac"
      })
  void damagedFilesGiveSamplesOrAnAudioFormatException(String name) throws IOException {
    byte[] whole = Sounds.resource(name);
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      byte[] file =
          seed % 2 == 0 ? whole.clone() : Arrays.copyOf(whole, random.nextInt(whole.length));
      for (int i = random.nextInt(30); i >= 0 && file.length > 0; i--) {
        file[random.nextInt(file.length)] = (byte) random.nextInt();
      }
      readOrRejected(file, name + ", seed " + seed);
    }
  }

  private static void readOrRejected(byte[] file, String what) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          try {
            Sounds.read(file);
          } catch (AudioFormatException e) {
            assertTrue(e.getMessage().startsWith("test: "), e.getMessage());
            assertFalse(e.getMessage().contains("\n"), e.getMessage());
          }
        },
        what);
  }
}
