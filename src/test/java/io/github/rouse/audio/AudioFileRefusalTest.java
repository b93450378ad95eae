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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every file that cannot be read says why, in one line. */
class AudioFileRefusalTest {
  @TempDir Path folder;

  private static void refused(byte[] file, String reason) {
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
    refused(new byte[0], "is empty");
  }

  @Test
  void text() {
    refused(ascii("Dear reader,\nthis is no sound."), "text, starting \"Dear reader, this is no");
  }

  @Test
  void randomBytesAreNotTakenForMp3() {
    for (int seed = 0; seed < 100; seed++) {
      byte[] bytes = new byte[20_000];
      new Random(seed).nextBytes(bytes);
      refused(bytes, "is no sound file");
    }
  }

  @Test
  void noChannels() {
    refused(Sounds.wav(1, 0, 16000, 16, new byte[8]), "says 0 channels");
  }

  @Test
  void noSampleRate() {
    refused(Sounds.wav(1, 1, 0, 16, new byte[8]), "says a sample rate of 0 Hz");
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 255, 1000})
  void moreChannelsThanAnyMicrophoneHas(int channels) {
    byte[] frames = new byte[4 * channels];
    refused(Sounds.au(channels, 16000, frames), "says " + channels + " channels, expected 1 to 64");
    refused(Sounds.wav(1, channels, 16000, 16, frames), "says " + channels + " channels");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 65_535, 1 << 24, 1 << 30, Integer.MAX_VALUE})
  void aSmallFileDoesNotMakeALargeBuffer(int channels) {
    String reason = channels == 65_535 ? "says 65535 channels" : "header"; // or javax.sound refuses
    refused(Sounds.au(channels, 16000, new byte[32]), reason);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 999, 768_001, 100_000_000})
  void ratesThatNoSoundHas(int rate) {
    String reason = "says a sample rate of " + rate + " Hz, expected 1000 to 768000";
    refused(Sounds.au(1, rate, new byte[32]), reason);
    refused(Sounds.wav(1, 1, rate, 16, new byte[32]), reason);
  }

  @Test
  void theHighestAndLowestAreStillRead() throws IOException {
    assertEquals(128, Sounds.read(Sounds.au(64, 1000, new byte[256])).length);
    assertEquals(128, Sounds.read(Sounds.wav(1, 64, 768_000, 16, new byte[256])).length);
  }

  @Test
  void aTagWithoutASound() throws IOException {
    byte[] tag = Sounds.join(ascii("ID3\4\0\0\0\0\0\24"), new byte[20]);
    refused(tag, "is an ID3 tag without a sound after it");
    refused(Arrays.copyOf(tag, 29), "ends within its ID3 tag");
    refused(Arrays.copyOf(tag, 9), "ends within its ID3 tag");
    refused(Sounds.join(tag, ascii("but a letter")), "text, starting \"but a letter\"");
  }

  @Test
  void headersCutShortNameTheFile() throws IOException {
    for (AudioFileFormat.Type type :
        new AudioFileFormat.Type[] {AudioFileFormat.Type.AIFF, AudioFileFormat.Type.AU}) {
      byte[] whole = Sounds.jdk(type, new AudioFormat(16000, 16, 1, true, true), new byte[64]);
      for (int length = 12; length < 24; length++) {
        refused(Arrays.copyOf(whole, length), "header is damaged or cut short");
      }
    }
  }

  @Test
  void unknownCodec() {
    refused(Sounds.wav(2, 1, 16000, 16, new byte[8]), "codec 0x0002 (Microsoft ADPCM)");
  }

  @Test
  void unheardOfNumberOfBits() {
    refused(Sounds.wav(1, 1, 16000, 40, new byte[10]), "says 40 bits and 1 channels in 5 bytes");
  }

  @Test
  void headerCutShort() {
    byte[] file = Sounds.wav(1, 1, 16000, 16, new byte[8]);
    refused(Arrays.copyOf(file, 30), "header ends before the first sample");
  }

  @Test
  void otherContainers() {
    refused(ascii("\0\0\0\30ftypM4A "), "MP4 or M4A");
    refused(Sounds.join(ascii("OggS"), new byte[24], ascii("OpusHead....")), "Ogg with Opus");
    refused(ascii("RIFX....WAVE"), "big-endian WAV");
  }

  @Test
  void truncatedWavDeliversWhatIsThereAndSaysHowMuch() throws IOException {
    byte[] data = Sounds.shorts(new int[8000]);
    try (AudioFile file = Sounds.open(Sounds.wav(1, 1, 16000, 16, data, 64000))) {
      float[] samples = new float[4096];
      int frames = 0;
      while (frames < 8000) {
        frames += file.read(samples, 1000);
      }
      var e = assertThrows(AudioFormatException.class, () -> file.read(samples, 1000));
      assertEquals("test: cut short or damaged: 0.50 s of 2.00 s are there", e.getMessage());
    }
  }

  @Test
  void truncatedFlacSaysHowMuchIsMissing() throws IOException {
    byte[] whole = Sounds.resource("tone16.flac");
    refused(Arrays.copyOf(whole, whole.length / 2), "of 0.50 s are there");
  }

  @Test
  void aChangedBitInAFlacIsNoticed() throws IOException {
    byte[] file = Sounds.resource("tone16.flac");
    file[file.length - 1000] ^= 1;
    refused(file, "FLAC frame with a wrong checksum");
  }

  @Test
  void notANumberIsNamedByItsPlace() throws IOException {
    byte[] data = Sounds.floats(0, 0.5f, 0.25f, Float.NaN);
    refused(Sounds.wav(3, 2, 1000, 32, data), "sample 1 (0.001 s), channel 2 is not a number");
    float[] samples = new float[4];
    try (AudioFile file = Sounds.open(Sounds.wav(3, 2, 1000, 32, data))) {
      assertEquals(1, file.read(samples, 2)); // what came before it is delivered
      assertArrayEquals(new float[] {0, 0.5f}, Arrays.copyOf(samples, 2));
      assertThrows(AudioFormatException.class, () -> file.read(samples, 2));
    }
  }

  @Test
  void infinityIsNamedByItsPlace() {
    byte[] data = Sounds.floats(Float.NEGATIVE_INFINITY);
    refused(Sounds.wav(3, 1, 1000, 32, data), "sample 0 (0.000 s), channel 1 is infinite");
  }

  @ParameterizedTest
  @ValueSource(strings = {"WAVE", "AIFF", "AU"})
  void damagedHeadersEndInSamplesOrInAnAudioFormatException(String type) throws IOException {
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
        int at = 4 + random.nextInt(Math.min(60, file.length) - 4); // the magic stays
        file[at] = (byte) random.nextInt();
      }
      readOrRefused(file, type + ", seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tone16.flac", "tone24.flac", "tone.mp3", "tagged.mp3", "tone.ogg"})
  void damagedFilesEndInSamplesOrInAnAudioFormatException(String name) throws IOException {
    byte[] whole = Sounds.resource(name);
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      byte[] file =
          seed % 2 == 0 ? whole.clone() : Arrays.copyOf(whole, random.nextInt(whole.length));
      for (int i = random.nextInt(30); i >= 0 && file.length > 0; i--) {
        file[random.nextInt(file.length)] = (byte) random.nextInt();
      }
      readOrRefused(file, name + ", seed " + seed);
    }
  }

  private static void readOrRefused(byte[] file, String what) {
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
