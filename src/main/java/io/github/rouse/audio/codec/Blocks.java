// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import io.github.rouse.audio.Container;
import io.github.rouse.audio.Skipping;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.ToIntFunction;

/**
 * The blocks of one track in a Matroska file (RFC 9559), read from start to end. Sizes of segments
 * and clusters are not needed: programs that record live leave them unknown.
 */
final class Blocks implements Packets {
  private static final int SEGMENT = 0x18538067;
  private static final int CLUSTER = 0x1F43B675;
  private static final int INFO = 0x1549A966;
  private static final int TRACKS = 0x1654AE6B;
  private static final int TIMESTAMP = 0xE7;
  private static final int SIMPLE_BLOCK = 0xA3;
  private static final int BLOCK_GROUP = 0xA0;
  private static final int BLOCK = 0xA1;
  private static final int DISCARD_PADDING = 0x75A2;
  private static final int TIMESTAMP_SCALE = 0x2AD7B1;
  private static final int MOST_HELD = 1 << 24; // bytes of an element that is read as a whole
  private static final double MOST_GAP = 0.1; // seconds; timestamps of browsers are not exact

  private final InputStream in; // supports mark
  private final Deque<Packet> waiting = new ArrayDeque<>();
  private long track; // number
  private int rate; // Hz
  private ToIntFunction<byte[]> frames; // of a packet
  private double unit = 1e-3; // seconds of a timestamp
  private long cluster; // timestamp
  private double expected = Double.NaN; // seconds, of the next block
  private double missing; // seconds
  private long damaged; // bytes
  private long passed; // bytes read
  private long end; // of the segment, in bytes read, or 0 if unknown
  private boolean begun; // after the file's head
  private boolean cut;
  private boolean ended;

  Blocks(InputStream in) {
    this.in = in;
  }

  /** Reads up to the description of the tracks; null without one. */
  ByteBuffer readTracks() throws IOException {
    for (Ebml.Start start; (start = start()) != null; ) {
      if (start.id() == TRACKS) {
        return content(start.size());
      }
      if (start.id() == CLUSTER) {
        return null;
      }
      enter(start);
    }
    return null;
  }

  /** Chooses the track to deliver. */
  void select(long number, int sampleRate, ToIntFunction<byte[]> framesOfPacket) {
    track = number;
    rate = sampleRate;
    frames = framesOfPacket;
  }

  @Override
  public Packet next() throws IOException {
    while (waiting.isEmpty() && !ended) {
      try {
        Ebml.Start start = start();
        if (start == null) {
          ended = true;
        } else {
          enter(start);
        }
      } catch (EOFException e) {
        cut = true;
        ended = true;
      }
    }
    return waiting.poll();
  }

  /** The head of the next element; null at the end of the file, or before another one in it. */
  private Ebml.Start start() throws IOException {
    while (true) {
      if (begun && Container.begins(in)) {
        return null;
      }
      begun = true;
      Ebml.Start start = Ebml.Start.read(in);
      if (start == null) {
        cut |= passed < end;
        return null;
      }
      passed += start.bytes();
      if (start.id() != 0) {
        return start;
      }
      damaged += start.bytes();
      toCluster();
    }
  }

  /** Skips damaged bytes up to the next cluster. */
  private void toCluster() throws IOException {
    while (true) {
      in.mark(4);
      byte[] id = in.readNBytes(4);
      in.reset();
      if (id.length < 4 || ByteBuffer.wrap(id).getInt() == CLUSTER) {
        damaged += id.length < 4 ? in.readNBytes(4).length : 0;
        return;
      }
      damaged += in.read() < 0 ? 0 : 1;
      passed++;
    }
  }

  private void enter(Ebml.Start start) throws IOException {
    switch ((int) start.id()) {
      case SEGMENT -> end = start.size() < 0 ? 0 : passed + start.size(); // its elements follow
      case CLUSTER -> {} // the same
      case INFO -> {
        ByteBuffer info = content(start.size());
        for (Ebml field; (field = Ebml.next(info)) != null; ) {
          if (field.id() == TIMESTAMP_SCALE) {
            unit = field.unsigned() * 1e-9;
          }
        }
      }
      case TIMESTAMP -> cluster = new Ebml(TIMESTAMP, content(start.size())).unsigned();
      case SIMPLE_BLOCK, BLOCK_GROUP -> {
        ByteBuffer block = content(start.size());
        try {
          if (start.id() == SIMPLE_BLOCK) {
            take(block, 0);
          } else {
            group(block);
          }
        } catch (IOException e) { // the next one may be intact
          damaged += start.size();
        }
      }
      default -> {
        if (start.size() < 0) {
          throw new IOException("an element has no size");
        }
        Skipping.skip(in, start.size());
        passed += start.size();
      }
    }
  }

  private ByteBuffer content(long size) throws IOException {
    if (size < 0 || size > MOST_HELD) {
      throw new IOException("an element of " + size + " bytes is too large");
    }
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length < size) {
      throw new EOFException("an element is cut short");
    }
    passed += size;
    return ByteBuffer.wrap(bytes);
  }

  private void group(ByteBuffer content) throws IOException {
    ByteBuffer block = null;
    long discard = 0; // ns
    for (Ebml field; (field = Ebml.next(content)) != null; ) {
      if (field.id() == BLOCK) {
        block = field.content();
      } else if (field.id() == DISCARD_PADDING) {
        discard = field.signed();
      }
    }
    if (block != null) {
      take(block, discard);
    }
  }

  /** Collects the packets of a block. */
  private void take(ByteBuffer block, long discard) throws IOException {
    long number = Ebml.size(block);
    if (number != track || block.remaining() < 3) {
      damaged += block.remaining() < 3 ? block.remaining() : 0;
      return;
    }
    double at = (cluster + block.getShort()) * unit;
    int lacing = block.get() >> 1 & 3;
    int count = lacing == 0 ? 1 : block.hasRemaining() ? (block.get() & 0xFF) + 1 : 0;
    int[] sizes = sizes(block, lacing, count);
    if (at - expected > MOST_GAP) {
      missing += at - expected;
    }
    double until = at;
    for (int i = 0; i < count; i++) {
      byte[] packet = new byte[sizes[i]];
      block.get(packet);
      int length = frames.applyAsInt(packet);
      until += length / (double) rate;
      long cutFrames = i == count - 1 ? Math.round(Math.max(0, discard) * 1e-9 * rate) : 0;
      waiting.add(new Packet(packet, (int) Math.min(length, cutFrames)));
    }
    expected = until;
  }

  /** Lengths of the packets in a block. */
  private static int[] sizes(ByteBuffer block, int lacing, int count) throws IOException {
    int[] sizes = new int[count];
    long sum = 0;
    for (int i = 0; i < count - 1 && (lacing == 1 || lacing == 3); i++) {
      long size = 0;
      if (lacing == 1) { // as in Ogg
        int part;
        do {
          part = block.hasRemaining() ? block.get() & 0xFF : 0;
          size += part;
        } while (part == 255);
      } else if (i == 0) {
        size = Ebml.size(block);
      } else { // the difference, with a bias that depends on its length
        int bytes = block.hasRemaining() ? Ebml.length(block.get(block.position())) : 1;
        size = sizes[i - 1] + Ebml.size(block) - ((1L << (7 * bytes - 1)) - 1);
      }
      sum += size;
      if (size < 0 || sum > block.remaining()) {
        throw new IOException("a block is damaged");
      }
      sizes[i] = (int) size;
    }
    for (int i = 0; i < count; i++) {
      if (lacing == 2) {
        sizes[i] = block.remaining() / count;
      } else if (i == count - 1) {
        sizes[i] = (int) (block.remaining() - sum);
      }
    }
    if (count == 0 || sizes[count - 1] < 0) {
      throw new IOException("a block is damaged");
    }
    return sizes;
  }

  @Override
  public void checkEnd() throws IOException {
    if (missing > 0) {
      throw new IOException(String.format(Locale.ROOT, "%.2f s of it are missing", missing));
    }
    if (damaged > 0) {
      throw new IOException(damaged + " bytes are damaged");
    }
    if (cut) {
      throw new IOException("its last element is cut short");
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
