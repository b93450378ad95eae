// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What phones and browsers record is read without ffmpeg, to its last sample. */
class PhoneFormatsTest {
  @TempDir Path folder;

  @BeforeAll
  static void hideFfmpeg() {
    Sounds.hideFfmpeg();
  }

  @AfterAll
  static void showFfmpeg() {
    Sounds.showFfmpeg();
  }

  @ParameterizedTest
  @CsvSource({
    "tone.opus, 48000, 24000",
    "silk.opus, 48000, 24000",
    "tone.webm, 48000, 24000",
    "tone.mka, 48000, 24000",
    "tone.caf, 48000, 24960",
    "tone.m4a, 44100, 22050",
    "fragments.mp4, 44100, 23074",
    "tone.aac, 44100, 23552"
  })
  void theToneIsReadFromFilesAndPipes(String name, int rate, int frames) throws IOException {
    byte[] file = Sounds.resource(name);
    Path path = Files.write(folder.resolve(name), file);
    try (AudioFile sound = AudioFile.open(path)) {
      assertEquals(rate, sound.sampleRate());
      assertEquals(1, sound.channels());
      assertEquals(1, sound.tracks());
      float[] samples = Sounds.readAll(sound);
      assertEquals(frames, samples.length);
      assertEquals(0.5, Sounds.amplitude(samples, 2000, 20_000, 440, rate), 0.03);
      assertArrayEquals(samples, Sounds.read(file)); // AAC's bands of noise, too
    }
  }

  /** The phase of the tone shows that the encoder's delay is left out. */
  @ParameterizedTest
  @ValueSource(strings = {"tone.opus", "tone.webm", "tone.mka", "tone.m4a"})
  void aRecordingStartsWhereItsSourceDid(String name) throws IOException {
    byte[] file = Sounds.resource(name);
    int rate = name.endsWith("m4a") ? 44_100 : 48_000;
    float[] samples = Sounds.read(file);
    float[] tone = Sounds.tone(440, rate, samples.length, 0.5);
    for (int i = 4000; i < 18_000; i++) {
      assertEquals(tone[i], samples[i], 0.08, name + ", sample " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"lpcm, 0, 2", "lpcm, 2, 2", "lpcm, 0, 3", "lpcm, 3, 4", "lpcm, 1, 8"})
  void pcmInCafIsRead(String codec, int flags, int bytes) throws IOException {
    ByteOrder order = (flags & 2) == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    ByteBuffer samples = ByteBuffer.allocate(3 * bytes).order(order);
    float[] expected = {0.5f, -0.25f, 0};
    for (float value : expected) {
      switch (bytes) {
        case 2 -> samples.putShort((short) (value * (1 << 15)));
        case 3 -> samples.put((byte) (value * (1 << 7))).putShort((short) 0);
        case 4 -> samples.putFloat(value);
        default -> samples.putDouble(value);
      }
    }
    byte[] file = caf(codec, flags, bytes, samples.array(), samples.capacity() + 4);
    assertArrayEquals(expected, Sounds.read(file));
    byte[] endless = caf(codec, flags, bytes, samples.array(), -1);
    assertArrayEquals(expected, Sounds.read(endless));
    byte[] cut = caf(codec, flags, bytes, samples.array(), samples.capacity() + 4 + bytes);
    String message = assertThrows(AudioFormatException.class, () -> Sounds.read(cut)).getMessage();
    assertTrue(message.contains("truncated"), message);
  }

  private static byte[] caf(String codec, int flags, int bytes, byte[] samples, long size) {
    return ByteBuffer.allocate(8 + 12 + 32 + 12 + 4 + samples.length)
        .put("caff\0\1\0\0desc".getBytes(StandardCharsets.ISO_8859_1))
        .putLong(32)
        .putDouble(16_000)
        .put(codec.getBytes(StandardCharsets.ISO_8859_1))
        .putInt(flags)
        .putInt(bytes)
        .putInt(1) // frame per packet
        .putInt(1) // channel
        .putInt(8 * bytes)
        .put("data".getBytes(StandardCharsets.ISO_8859_1))
        .putLong(size)
        .putInt(0) // edits
        .put(samples)
        .array();
  }

  @Test
  void primingAndRemainderOfCafAreLeftOut() throws IOException {
    byte[] file = Sounds.resource("tone.caf");
    String text = new String(file, StandardCharsets.ISO_8859_1);
    ByteBuffer.wrap(file).position(text.indexOf("pakt") + 28).putInt(312).putInt(648);
    float[] samples = Sounds.read(file);
    assertEquals(24_000, samples.length);
    float[] ogg = Sounds.read(Sounds.resource("tone.opus")); // the same packets
    assertArrayEquals(ogg, samples);
  }

  @Test
  void damagedAacPrintsNothing() throws IOException {
    byte[] file = Sounds.resource("tone.m4a");
    int at = new String(file, StandardCharsets.ISO_8859_1).indexOf("mdat") + 600;
    Arrays.fill(file, at, at + 300, (byte) 0x55);
    List<LogRecord> records = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord message) {
            records.add(message);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    try {
      String message =
          assertThrows(AudioFormatException.class, () -> Sounds.read(file)).getMessage();
      assertTrue(message.contains("damaged"), message);
    } finally {
      root.removeHandler(handler);
    }
    assertEquals(List.of(), records);
  }

  @Test
  void chainedOpusIsReadToItsEnd() throws IOException {
    byte[] opus = Sounds.resource("tone.opus");
    byte[] vorbis = Sounds.resource("tone.ogg");
    assertEquals(48_000, Sounds.read(Sounds.join(opus, opus)).length);
    assertEquals(72_000, Sounds.read(Sounds.join(opus, vorbis, opus)).length, 2);
    byte[] webm = Sounds.resource("tone.webm");
    assertEquals(72_000, Sounds.read(Sounds.join(webm, opus, webm)).length);
    byte[] aac = Sounds.resource("tone.aac");
    assertEquals(2 * 23_552, Sounds.read(Sounds.join(aac, aac)).length);
    byte[] m4a = Sounds.resource("tone.m4a");
    assertEquals(23_552 + 22_050, Sounds.read(Sounds.join(aac, m4a)).length);
  }

  @Test
  void everyTrackCanBeOpened() throws IOException {
    Path path = Files.write(folder.resolve("two.mp4"), Sounds.resource("two.mp4"));
    for (int track = 1; track <= 2; track++) {
      try (AudioFile sound = AudioFile.open(path, track)) {
        assertEquals(2, sound.tracks());
        assertEquals(22_050, Sounds.readAll(sound).length);
      }
    }
    try (AudioFile sound = AudioFile.open(path)) {
      var e = assertThrows(AudioFormatException.class, () -> Sounds.readAll(sound));
      assertEquals(path + ": heard 0.50 s, but not track 2", e.getMessage());
    }
    var e = assertThrows(AudioFormatException.class, () -> AudioFile.open(path, 3));
    assertEquals(path + ": has no track 3", e.getMessage());
  }

  /** As an encoder does whose input comes with imprecise times. */
  @Test
  void aPageOfOpusMayCountEarlyIfTheNextMakesItUp() throws IOException {
    byte[] opus = Sounds.resource("tone.opus");
    assertArrayEquals(Sounds.read(opus), Sounds.read(inPages(opus, 448, false)));
    var e = assertThrows(AudioFormatException.class, () -> Sounds.read(inPages(opus, 448, true)));
    assertTrue(e.getMessage().contains("of it are missing or damaged"), e.getMessage());
  }

  /**
   * Puts the packets of its third page, of 20 ms each, into pages of five.
   *
   * @param early frames that the second of them counts too many
   * @param without whether the third of them is lost
   */
  private static byte[] inPages(byte[] opus, int early, boolean without) {
    int start = 121;
    int count = opus[start + 26];
    int body = start + 27 + count;
    ByteArrayOutputStream pages = new ByteArrayOutputStream();
    pages.writeBytes(VorbisTest.page(2, 0, 0, new byte[] {19}, Arrays.copyOfRange(opus, 28, 47)));
    pages.writeBytes(
        VorbisTest.page(0, 0, 1, new byte[] {46}, Arrays.copyOfRange(opus, 75, start)));
    for (int first = 0, number = 0; first < count; first += 5, number++) {
      int last = Math.min(count, first + 5);
      byte[] lacing = Arrays.copyOfRange(opus, start + 27 + first, start + 27 + last);
      int length = IntStream.range(0, lacing.length).map(i -> lacing[i] & 0xFF).sum();
      byte[] packets = Arrays.copyOfRange(opus, body, body + length);
      body += length;
      boolean ends = last == count;
      long granule = ends ? 24_312 : 960L * last + (number == 1 ? early : 0);
      if (!without || number != 2) {
        pages.writeBytes(VorbisTest.page(ends ? 4 : 0, granule, number + 2, lacing, packets));
      }
    }
    return pages.toByteArray();
  }

  @Test
  void aLostPageIsReported() throws IOException {
    byte[] opus = Sounds.resource("tone.opus");
    byte[] damaged = opus.clone();
    damaged[opus.length - 100] ^= 1; // in the last page, whose checksum tells
    var e = assertThrows(AudioFormatException.class, () -> Sounds.read(damaged));
    assertTrue(e.getMessage().contains("damaged"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tone.webm", "tone.mka", "tone.m4a", "fragments.mp4", "tone.aac"})
  void aCutFileIsReported(String name) throws IOException {
    byte[] file = Sounds.resource(name);
    for (int length : new int[] {file.length - 3, file.length * 3 / 4, file.length / 2}) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThrows(AudioFormatException.class, () -> Sounds.read(cut), name + ", " + length);
    }
  }

  @Test
  void sizesThatNoFileHasAreRejectedAtOnce() throws IOException {
    byte[] m4a = Sounds.resource("tone.m4a");
    String text = new String(m4a, StandardCharsets.ISO_8859_1);
    for (String table : new String[] {"stsz", "stco", "stsc", "stts", "moov", "stsd"}) {
      for (int offset = -4; offset <= 16; offset += 4) {
        byte[] file = m4a.clone();
        ByteBuffer.wrap(file).putInt(text.indexOf(table) + offset, Integer.MAX_VALUE);
        try {
          Sounds.read(file);
        } catch (AudioFormatException e) {
          assertTrue(e.getMessage().startsWith("test: "), e.getMessage());
        }
      }
    }
  }

  @Test
  void withoutFfmpegOneLineSaysWhatWouldReadTheFile() throws IOException {
    byte[] alac = Sounds.resource("tone.m4a");
    String text = new String(alac, StandardCharsets.ISO_8859_1);
    byte[] letters = "alac".getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(letters, 0, alac, text.indexOf("mp4a", text.indexOf("stsd")), 4);
    Path path = Files.write(folder.resolve("memo.m4a"), alac);
    var e = assertThrows(AudioFormatException.class, () -> AudioFile.open(path));
    assertEquals(path + ": ALAC in MP4; install ffmpeg to read it", e.getMessage());
  }
}
