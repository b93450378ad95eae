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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ogg pages of any size give the same samples; what is lost with a page is reported. */
class VorbisTest {
  /** A packet and the granule position after it, or -1 if its page did not say. */
  private record Packet(byte[] bytes, long granule) {}

  /** The packets of tone.ogg. */
  private static List<Packet> packets() throws IOException {
    byte[] file = Sounds.resource("tone.ogg");
    List<Packet> packets = new ArrayList<>();
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    for (int at = 0; at < file.length; ) {
      int segments = file[at + 26] & 0xFF;
      long granule = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(at + 6);
      int from = at + 27 + segments;
      int last = -1;
      for (int i = 0; i < segments; i++) {
        int length = file[at + 27 + i] & 0xFF;
        packet.write(file, from, length);
        from += length;
        if (length < 255) {
          last = packets.size();
          packets.add(new Packet(packet.toByteArray(), -1));
          packet.reset();
        }
      }
      packets.set(last, new Packet(packets.get(last).bytes(), granule));
      at = from;
    }
    return packets;
  }

  /** Pages of at most so many segments; a packet's granule position is its page's if it has one. */
  private static List<byte[]> pages(List<Packet> packets, int most) {
    List<byte[]> pages = new ArrayList<>();
    ByteArrayOutputStream lacing = new ByteArrayOutputStream();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean continued = false;
    for (int p = 0; p < packets.size(); p++) {
      byte[] bytes = packets.get(p).bytes();
      for (int at = 0; at <= bytes.length; at += 255) {
        int length = Math.min(255, bytes.length - at);
        lacing.write(length);
        body.write(bytes, at, length);
        boolean ends = length < 255;
        boolean full = lacing.size() == most;
        boolean flush = ends && (p < 3 || packets.get(p).granule() >= 0);
        if (full || flush) {
          int flags =
              (continued ? 1 : 0) | (p == 0 ? 2 : 0) | (ends && p + 1 == packets.size() ? 4 : 0);
          long granule = ends ? packets.get(p).granule() : -1;
          pages.add(page(flags, granule, pages.size(), lacing.toByteArray(), body.toByteArray()));
          continued = !ends;
          lacing.reset();
          body.reset();
        }
      }
    }
    return pages;
  }

  static byte[] page(int flags, long granule, int number, byte[] lacing, byte[] body) {
    ByteBuffer page = ByteBuffer.allocate(27 + lacing.length + body.length);
    page.order(ByteOrder.LITTLE_ENDIAN).put("OggS".getBytes(StandardCharsets.US_ASCII));
    page.put((byte) 0).put((byte) flags).putLong(granule).putInt(7).putInt(number).putInt(0);
    page.put((byte) lacing.length).put(lacing).put(body);
    int crc = 0;
    for (byte next : page.array()) {
      crc ^= next << 24;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc << 1) ^ (crc < 0 ? 0x04C11DB7 : 0);
      }
    }
    return page.putInt(22, crc).array();
  }

  private static byte[] join(List<byte[]> pages) {
    return Sounds.join(pages.toArray(byte[][]::new));
  }

  @Test
  void samplesDoNotDependOnThePages() throws IOException {
    float[] expected = Sounds.read(Sounds.resource("tone.ogg"));
    for (int most : new int[] {1, 2, 3, 7, 255}) {
      float[] samples = Sounds.read(join(pages(packets(), most)));
      assertArrayEquals(expected, samples, most + " segments");
    }
  }

  @Test
  void commentsMayBeLong() throws IOException {
    List<Packet> packets = packets();
    for (int length : new int[] {1000, 60_000, 300_000}) {
      ByteBuffer comment = ByteBuffer.allocate(20 + length).order(ByteOrder.LITTLE_ENDIAN);
      comment.put((byte) 3).put("vorbis".getBytes(StandardCharsets.US_ASCII)).putInt(0).putInt(1);
      comment.putInt(length).put(new byte[length]).put(comment.capacity() - 1, (byte) 1);
      packets.set(1, new Packet(comment.array(), 0));
      assertEquals(22_050, Sounds.read(join(pages(packets, 255))).length);
    }
  }

  @Test
  void aLostOrDamagedPageIsReported() throws IOException {
    List<byte[]> pages = pages(packets(), 1);
    int middle = pages.size() / 2;
    List<byte[]> lost = new ArrayList<>(pages);
    lost.remove(middle);
    rejected(join(lost));
    byte[] damaged = join(pages);
    damaged[join(pages.subList(0, middle)).length + 30] ^= 1;
    rejected(damaged);
  }

  @Test
  void aCutPageIsReported() throws IOException {
    byte[] whole = Sounds.resource("tone.ogg");
    rejected(Arrays.copyOf(whole, whole.length - 100));
  }

  private static void rejected(byte[] file) {
    var e = assertThrows(AudioFormatException.class, () -> Sounds.read(file));
    assertTrue(e.getMessage().contains("damaged"), e.getMessage());
  }
}
