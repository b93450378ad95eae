package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
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
  @ValueSource(
      strings = {
        "tone16.flac",
        "tone24.flac",
        "tone.mp3",
        "tagged.mp3",
        "tone.ogg",
        "wav",
        "aif",
        "au"
      })
  void damagedFilesEndInSamplesOrInAnAudioFormatException(String name) throws IOException {
    byte[] whole = name.contains(".") ? Sounds.resource(name) : written(name);
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      byte[] file =
          seed % 2 == 0 ? whole.clone() : Arrays.copyOf(whole, random.nextInt(whole.length));
      int damaged = seed % 3 == 0 ? Math.min(60, file.length) : file.length; // or the header alone
      for (int i = random.nextInt(30); i >= 0 && file.length > 0; i--) {
        file[random.nextInt(damaged)] = (byte) random.nextInt();
      }
      assertTimeoutPreemptively(
          Duration.ofSeconds(10),
          () -> {
            try {
              Sounds.read(file);
            } catch (AudioFormatException e) {
              assertFalse(e.getMessage().contains("\n"), e.getMessage());
            }
          },
          name + ", seed " + seed);
    }
  }

  /** A second of silence as javax.sound writes it. */
  private static byte[] written(String extension) throws IOException {
    AudioFormat format = new AudioFormat(16_000, 16, 2, /* signed= */ true, /* bigEndian= */ true);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (AudioFileFormat.Type type : AudioSystem.getAudioFileTypes()) {
      if (type.getExtension().equals(extension)) {
        AudioInputStream silence =
            new AudioInputStream(new ByteArrayInputStream(new byte[64_000]), format, 16_000);
        AudioSystem.write(silence, type, file);
      }
    }
    return file.toByteArray();
  }
}
