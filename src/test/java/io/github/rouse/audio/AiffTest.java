// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** AIFF and AIFF-C as programs write them. */
class AiffTest {
  private static final float[] EXPECTED = {0.5f, -0.25f, 0, 127 / 128f, -1, 0.125f};

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] chunk(String name, int length, byte[]... content) {
    byte[] all = Sounds.join(content);
    ByteBuffer chunk = ByteBuffer.allocate(8 + all.length + (all.length & 1));
    return chunk.put(ascii(name)).putInt(length).put(all).array();
  }

  private static byte[] chunk(String name, byte[]... content) {
    return chunk(name, Sounds.join(content).length, content);
  }

  private static byte[] form(String kind, byte[]... chunks) {
    byte[] body = Sounds.join(chunks);
    return Sounds.join(
        ByteBuffer.allocate(8).put(ascii("FORM")).putInt(4 + body.length).array(),
        ascii(kind),
        body);
  }

  /** 8000 Hz, mono. */
  private static byte[] comm(int frames, int bits, String codec) {
    ByteBuffer comm = ByteBuffer.allocate(codec.isEmpty() ? 18 : 26);
    comm.putShort((short) 1).putInt(frames).putShort((short) bits);
    comm.putShort((short) (16383 + 12)).putLong(8000L << 51);
    return chunk("COMM", codec.isEmpty() ? comm.array() : comm.put(ascii(codec + "\3odd")).array());
  }

  private static byte[] ssnd(byte[] samples) {
    return chunk("SSND", new byte[8], samples);
  }

  private static byte[] shorts() {
    ByteBuffer samples = ByteBuffer.allocate(2 * EXPECTED.length);
    for (float value : EXPECTED) {
      samples.putShort((short) (value * 32768));
    }
    return samples.array();
  }

  private static byte[] samples(String codec) {
    boolean little = codec.equals("sowt") || codec.equals("42ni") || codec.equals("23ni");
    ByteBuffer out =
        ByteBuffer.allocate(8 * EXPECTED.length)
            .order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    for (float value : EXPECTED) {
      int whole = (int) (value * 0x1p31);
      switch (codec) {
        case "raw " -> out.put((byte) (value * 128 + 128));
        case "fl32", "FL32" -> out.putFloat(value);
        case "fl64", "FL64" -> out.putDouble(value);
        case "in24" -> out.putShort((short) (whole >> 16)).put((byte) (whole >> 8));
        case "42ni" -> out.put((byte) (whole >> 8)).putShort((short) (whole >> 16));
        case "in32", "23ni" -> out.putInt(whole);
        default -> out.putShort((short) (whole >> 16));
      }
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  @ParameterizedTest
  @CsvSource({
    "NONE,16", "twos,16", "sowt,16", "raw ,8", "fl32,32", "FL32,32", "fl64,64", "FL64,64",
    "in24,24", "42ni,24", "in32,32", "23ni,32"
  })
  void uncompressedCodecsAreRead(String codec, int bits) throws IOException {
    String letters = (codec + " ").substring(0, 4);
    byte[] version = chunk("FVER", new byte[] {-94, -128, 81, 64});
    byte[] file = form("AIFC", version, comm(6, bits, letters), ssnd(samples(letters)));
    assertArrayEquals(EXPECTED, Sounds.read(file));
  }

  @ParameterizedTest
  @CsvSource({"alaw,6", "ALAW,6", "ulaw,7", "ULAW,7"})
  void telephoneCodecsMatchThoseOfWav(String codec, int wav) throws IOException {
    byte[] codes = {0, 1, 85, -43, 127, -128, -1, 42};
    float[] expected = Sounds.read(Sounds.wav(wav, 1, 8000, 8, codes));
    assertArrayEquals(expected, Sounds.read(form("AIFC", comm(8, 16, codec), ssnd(codes))));
  }

  /** Files with the same six samples. */
  static Stream<byte[]> oddFiles() {
    byte[] comm = comm(6, 16, "");
    byte[] ssnd = ssnd(shorts());
    byte[] afsp = chunk("APPL", ascii("AFspdate: 1996"), new byte[1]);
    byte[] offset = chunk("SSND", new byte[] {0, 0, 0, 4, 0, 0, 0, 0}, new byte[4], shorts());
    byte[] first = ssnd(Arrays.copyOf(shorts(), 4));
    byte[] rest = ssnd(Arrays.copyOfRange(shorts(), 4, 12));
    return Stream.of(
        form("AIFF", comm, ssnd),
        form("AIFF", chunk("NAME", ascii("odd")), afsp, comm, chunk("ANNO", ascii("odd")), ssnd),
        form("AIFF", ssnd, comm),
        form("AIFF", ssnd, afsp, comm, afsp),
        form("AIFF", comm, offset),
        form("AIFF", comm(2, 16, ""), ssnd),
        form("AIFF", comm, chunk("SSND", 12, new byte[8], shorts())),
        form("AIFF", comm(0, 16, ""), chunk("SSND", 0, new byte[8], shorts())),
        form("AIFF", comm, chunk("SSND", 0x7F000008, new byte[8], shorts())),
        Sounds.join(form("AIFF", comm, first), form("AIFF", comm, rest)));
  }

  @ParameterizedTest
  @MethodSource("oddFiles")
  void chunksMayComeInAnyOrderAndLength(byte[] file) throws IOException {
    float[] samples = Sounds.read(file);
    assertArrayEquals(EXPECTED, samples);
  }

  @Test
  void eightBitsAreSigned() throws IOException {
    byte[] samples = {64, -32, 0, 127, -128, 16};
    assertArrayEquals(EXPECTED, Sounds.read(form("AIFF", comm(6, 8, ""), ssnd(samples))));
  }

  @Test
  void anUnknownCodecIsNamed() {
    byte[] file = form("AIFC", comm(6, 4, "ima4"), ssnd(new byte[34]));
    Sounds.hideFfmpeg();
    try {
      var e = assertThrows(AudioFormatException.class, () -> Sounds.read(file));
      assertEquals("test: codec ima4 in AIFF-C; install ffmpeg to read it", e.getMessage());
    } finally {
      Sounds.showFfmpeg();
    }
  }
}
