// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** Packets of Opus in Ogg (RFC 7845). Compares their lengths with each page's granule position. */
final class OpusPages implements Packets {
  private static final int MOST = 1 << 20; // bytes of a packet

  private final OggTrack track;
  private final OpusHead head;
  private final ByteArrayOutputStream packet = new ByteArrayOutputStream();
  private final Deque<Packet> waiting = new ArrayDeque<>();
  private boolean commented; // the packet of comments is over
  private boolean broken; // the packet under way lacks its start
  private long position = -1; // granule position, or -1 before the first page
  private long missing; // frames

  OpusPages(OggTrack track) throws IOException {
    this.track = track;
    head = OpusHead.parse(track.first().body());
    while (!commented) {
      OggPage page = track.next();
      if (page == null) {
        throw new EOFException("no sound follows it");
      }
      take(page);
    }
  }

  OpusHead head() {
    return head;
  }

  @Override
  public Packet next() throws IOException {
    while (waiting.isEmpty()) {
      OggPage page = track.next();
      if (page == null) {
        return null;
      }
      take(page);
    }
    return waiting.remove();
  }

  /** Collects the packets that end in a page. */
  private void take(OggPage page) {
    List<byte[]> found = new ArrayList<>();
    if (!page.continues()) {
      packet.reset();
      broken = false;
    } else if (packet.size() == 0) {
      broken = true;
    }
    int at = 0;
    for (byte segment : page.lacing()) {
      int length = segment & 0xFF;
      if (commented && packet.size() < MOST) {
        packet.write(page.body(), at, length);
      }
      at += length;
      if (length < 255) {
        if (commented && !broken) {
          found.add(packet.toByteArray());
        }
        commented |= !broken;
        broken = false;
        packet.reset();
      }
    }
    if (!found.isEmpty()) {
      deliver(page, found);
    }
  }

  private void deliver(OggPage page, List<byte[]> found) {
    long frames = found.stream().mapToLong(OpusHead::frames).sum();
    long over = page.granule() < 0 ? 0 : Math.max(0, position) + frames - page.granule();
    missing = position < 0 ? 0 : Math.max(0, missing - over); // encoders count early and make it up
    long cut = page.ends() ? Math.max(0, over) : 0; // frames after the end of the sound
    position = page.granule() < 0 ? Math.max(0, position) + frames : page.granule();
    long before = frames;
    for (byte[] bytes : found) {
      int length = OpusHead.frames(bytes);
      before -= length;
      waiting.add(new Packet(bytes, (int) Math.max(0, Math.min(length, cut - before))));
    }
  }

  @Override
  public void checkEnd() throws IOException {
    if (missing > 0) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%.2f s of it are missing or damaged",
              missing / (double) OpusHead.RATE));
    }
    if (track.skipped() > 0 || packet.size() > 0) {
      throw new IOException(
          track.skipped() > 0
              ? track.skipped() + " bytes are damaged"
              : "the last packet is cut short");
    }
  }

  @Override
  public void close() throws IOException {
    track.close();
  }
}
