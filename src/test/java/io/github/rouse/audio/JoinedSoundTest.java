// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sound after what the first header says is read, or reported. */
class JoinedSoundTest {
  private static final int TONE = 22_050; // frames of the tones in the resources

  @TempDir Path folder;

  private static byte[] pcm(int from, int count) {
    int[] values = new int[count];
    Arrays.setAll(values, i -> 7 * (from + i) % 20_011 - 10_000);
    return Sounds.shorts(values);
  }

  private static byte[] wav(int from, int count) {
    return Sounds.wav(1, 1, 16_000, 16, pcm(from, count));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] chunk(ByteOrder order, String name, long length, byte[]... content) {
    byte[] all = Sounds.join(content);
    ByteBuffer chunk = ByteBuffer.allocate(8 + all.length + (all.length & 1)).order(order);
    return chunk.put(ascii(name)).putInt((int) length).put(all).array();
  }

  private static byte[] riffChunk(String name, byte[]... content) {
    byte[] all = Sounds.join(content);
    return chunk(ByteOrder.LITTLE_ENDIAN, name, all.length, all);
  }

  private static byte[] fmt(int rate, int channels) {
    ByteBuffer fmt = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    fmt.putShort((short) 1).putShort((short) channels).putInt(rate);
    fmt.putInt(2 * channels * rate).putShort((short) (2 * channels)).putShort((short) 16);
    return riffChunk("fmt ", fmt.array());
  }

  private static byte[] riff(String magic, byte[]... chunks) {
    byte[] body = Sounds.join(chunks);
    return Sounds.join(ascii(magic), new byte[] {-1, -1, -1, -1}, ascii("WAVE"), body);
  }

  private static byte[] ds64(long size) {
    ByteBuffer sizes = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
    return riffChunk("ds64", sizes.putLong(size).putLong(size).putLong(size).array());
  }

  /** Files of 3000 frames, in pieces that programs leave. */
  static Stream<byte[]> wholes() {
    byte[] list = riffChunk("LIST", ascii("INFOodd"));
    byte[] data = riffChunk("data", pcm(0, 1000));
    byte[] more = riffChunk("data", pcm(1000, 2000));
    byte[] all = pcm(0, 3000);
    byte[] open = chunk(ByteOrder.LITTLE_ENDIAN, "data", -1, all);
    byte[] tag = Sounds.join(ascii("TAG"), new byte[125]);
    return Stream.of(
        Sounds.join(wav(0, 1000), wav(1000, 2000)),
        Sounds.join(wav(0, 1000), tag, new byte[99], wav(1000, 2000)),
        riff("RIFF", fmt(16_000, 1), data, more),
        riff("RIFF", fmt(16_000, 1), data, list, more, list),
        riff("RIFF", fmt(16_000, 1), chunk(ByteOrder.LITTLE_ENDIAN, "data", 2000, all)),
        riff("RIFF", fmt(16_000, 1), chunk(ByteOrder.LITTLE_ENDIAN, "data", 2001, all)),
        riff("RIFF", fmt(16_000, 1), chunk(ByteOrder.LITTLE_ENDIAN, "data", 0, all)),
        Sounds.join(wav(0, 3000), tag),
        Sounds.join(wav(0, 3000), list),
        riff("RF64", ds64(0), fmt(16_000, 1), open),
        riff("RF64", ds64(-1), fmt(16_000, 1), open),
        riff("BW64", ds64(0), fmt(16_000, 1), open),
        riff("BW64", ds64(2000), fmt(16_000, 1), open),
        riff("RF64", ds64(6000), fmt(16_000, 1), open),
        riff("RF64", ds64(0), fmt(16_000, 1), chunk(ByteOrder.LITTLE_ENDIAN, "data", 0, all)));
  }

  @ParameterizedTest
  @MethodSource("wholes")
  void aWavIsReadToItsEnd(byte[] file) throws IOException {
    float[] expected = Sounds.read(wav(0, 3000));
    assertArrayEquals(expected, Sounds.read(file));
    Path path = Files.write(folder.resolve("a.wav"), file);
    try (AudioFile sound = AudioFile.open(path)) {
      assertArrayEquals(expected, Sounds.readAll(sound));
    }
  }

  @Test
  void aPartWithAnotherRateAndMoreChannelsIsConverted() throws IOException {
    byte[] data = new byte[4 * 44_100];
    ByteBuffer samples = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 44_100; i++) {
      short value = (short) Math.round(16_384 * Math.sin(2 * Math.PI * 440 * i / 44_100));
      samples.putShort(value).putShort(value);
    }
    byte[] second = Sounds.wav(1, 2, 44_100, 16, data);
    for (byte[] file :
        new byte[][] {
          Sounds.join(wav(0, 1000), second),
          riff(
              "RIFF",
              fmt(16_000, 1),
              riffChunk("data", pcm(0, 1000)),
              fmt(44_100, 2),
              riffChunk("data", data))
        }) {
      float[] all = Sounds.read(file);
      assertEquals(1000 + 16_000, all.length);
      assertEquals(0.5, Sounds.amplitude(all, 2000, 16_000, 440, 16_000), 1e-3);
    }
    float[] stereo = Sounds.read(Sounds.join(second, wav(0, 16_000)));
    assertEquals(4 * 44_100, stereo.length);
    for (int i = 2 * 44_100; i < stereo.length; i += 2) {
      assertEquals(stereo[i], stereo[i + 1]);
    }
  }

  @Test
  void aSecondChunkOfSamplesThatIsCutIsReported() {
    byte[] cut = chunk(ByteOrder.LITTLE_ENDIAN, "data", 9000, pcm(0, 1000));
    byte[] file = riff("RIFF", fmt(16_000, 1), riffChunk("data", pcm(0, 1000)), cut);
    assertReported(file, 2000, "damaged after 0.13 s: the last chunk of samples is cut short");
  }

  @Test
  void aFileWithoutSamplesIsReported() {
    assertReported(wav(0, 0), 0, "holds no sound");
    byte[] open = chunk(ByteOrder.LITTLE_ENDIAN, "data", -1);
    assertReported(riff("RF64", ds64(0), fmt(16_000, 1), open), 0, "holds no sound");
  }

  @Test
  void flacStreamsAreReadOneAfterAnother() throws IOException {
    byte[] flac = Sounds.resource("tone16.flac");
    byte[] tag = Sounds.join(ascii("ID3\4\0\0\0\0\0\n"), new byte[10]);
    for (byte[] file :
        new byte[][] {
          Sounds.join(flac, flac),
          Sounds.join(flac, tag, flac),
          Sounds.join(flac, flacFrames(flac)),
          Sounds.join(withTotal(flac, 0), flacFrames(flac)),
          Sounds.join(flac, Sounds.resource("tone24.flac"))
        }) {
      float[] samples = Sounds.read(file);
      assertEquals(2 * TONE, samples.length);
      assertEquals(0.5, Sounds.amplitude(samples, TONE + 100, 2 * TONE - 100, 440, 44_100), 1e-3);
    }
    assertArrayEquals(Sounds.read(flac), Sounds.read(withTotal(flac, 1000)));
  }

  @Test
  void flacFramesInAnotherLayoutAreConverted() throws IOException {
    byte[] flac = withTotal(Sounds.resource("tone16.flac"), 0);
    byte[] stereo = flacFrames(Sounds.resource("tone24.flac"));
    float[] samples = Sounds.read(Sounds.join(flac, stereo));
    assertEquals(2 * TONE, samples.length);
    assertEquals(0.5, Sounds.amplitude(samples, TONE + 100, 2 * TONE - 100, 440, 44_100), 1e-3);
  }

  private static byte[] withTotal(byte[] flac, int frames) {
    byte[] copy = flac.clone();
    copy[21] &= (byte) 0xF0;
    ByteBuffer.wrap(copy).putInt(22, frames);
    return copy;
  }

  private static byte[] flacFrames(byte[] flac) {
    int at = 4;
    boolean last = false;
    while (!last) {
      last = flac[at] < 0;
      at += 4 + (ByteBuffer.wrap(flac).getInt(at) & 0xFFFFFF);
    }
    return Arrays.copyOfRange(flac, at, flac.length);
  }

  @Test
  void unknownBytesAfterASoundAreReported() throws IOException {
    byte[] flac = Sounds.resource("tone16.flac");
    byte[] file = Sounds.join(flac, ascii("something else"));
    String reason = "heard 0.50 s, but 14 bytes follow the sound and are of no known format";
    assertReported(file, TONE, reason);
    assertEquals(TONE, Sounds.read(Sounds.join(flac, new byte[5000])).length); // zeros are no sound
  }

  @Test
  void anUnsupportedFormatAfterASoundIsReported() throws IOException {
    byte[] head = Sounds.join(ascii("Speex   "), new byte[11]);
    byte[] speex = VorbisTest.page(2, 0, 0, new byte[] {19}, head);
    byte[] file = Sounds.join(Sounds.resource("tone.ogg"), speex);
    Sounds.hideFfmpeg();
    try {
      String remedy = "; install ffmpeg to read it";
      assertReported(file, TONE, "heard 0.50 s, but what follows Speex in Ogg" + remedy);
      byte[] amr = Sounds.join(wav(0, 16_000), ascii("#!AMR\n"), new byte[100]);
      assertReported(amr, 16_000, "heard 1.00 s, but what follows AMR" + remedy);
      byte[] mp3 = Sounds.join(Sounds.resource("tone.mp3"), ascii("#!AMR\n"), new byte[100]);
      assertReported(mp3, TONE, "heard 0.50 s, but what follows AMR" + remedy);
    } finally {
      Sounds.showFfmpeg();
    }
  }

  @Test
  void filmsOneAfterAnotherAreReadToTheirEnd() throws IOException {
    byte[] m4a = Sounds.resource("tone.m4a");
    byte[] flac = Sounds.resource("tone16.flac");
    byte[] file = Sounds.join(m4a, m4a, flac, m4a, Sounds.resource("tone.ogg"), m4a);
    assertEquals(6 * TONE, Sounds.read(file).length, 1);
    Path path = Files.write(folder.resolve("joined.m4a"), file);
    try (AudioFile sound = AudioFile.open(path)) {
      assertEquals(6 * TONE, Sounds.readAll(sound).length, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tone.mp3", "tagged.mp3", "tone.ogg"})
  void compressedStreamsHaveTheLengthOfTheirSource(String name) throws IOException {
    byte[] file = Sounds.resource(name);
    assertEquals(TONE, Sounds.read(file).length);
    byte[] others = Sounds.join(file, file, wav(0, 16_000), file);
    float[] samples = Sounds.read(others);
    assertEquals(3 * TONE + 44_100, samples.length);
    for (int at : new int[] {0, TONE, 2 * TONE + 44_100}) {
      assertEquals(
          0.5, Sounds.amplitude(samples, at + 2000, at + TONE - 2000, 440, 44_100), 0.05, name);
    }
  }

  /** The phase of the tone shows that an encoder's delay is left out. */
  @Test
  void anMp3StartsWhereItsSourceDid() throws IOException {
    float[] source = Sounds.read(Sounds.resource("tone16.flac"));
    float[] mp3 = Sounds.read(Sounds.resource("tone.mp3"));
    for (int i = 2000; i < TONE - 2000; i++) {
      assertEquals(source[i], mp3[i], 0.03, "sample " + i);
    }
  }

  @Test
  void zerosAfterATagAreSkipped() throws IOException {
    byte[] tag = Sounds.join(ascii("ID3\4\0\0\0\0\0\n"), new byte[10]);
    byte[] mp3 = Sounds.resource("tone.mp3");
    assertEquals(TONE, Sounds.read(Sounds.join(tag, new byte[50_000], mp3)).length);
    assertEquals(TONE, Sounds.read(Sounds.join(tag, tag, mp3)).length);
  }

  @Test
  void aCutMp3IsReported() throws IOException {
    byte[] mp3 = Sounds.resource("tone.mp3");
    byte[] cut = Arrays.copyOf(mp3, mp3.length / 2);
    var e = assertThrows(AudioFormatException.class, () -> Sounds.read(cut));
    assertTrue(e.getMessage().endsWith(" s of 0.50 s"), e.getMessage());
  }

  private static void assertReported(byte[] file, int frames, String reason) {
    int[] read = {0};
    var e =
        assertThrows(
            AudioFormatException.class,
            () -> {
              try (AudioFile sound = Sounds.open(file)) {
                float[] samples = new float[1000 * sound.channels()];
                for (int n; (n = sound.read(samples, 1000)) >= 0; ) {
                  read[0] += n;
                }
              }
            });
    assertEquals("test: " + reason, e.getMessage());
    assertEquals(frames, read[0]);
  }
}
