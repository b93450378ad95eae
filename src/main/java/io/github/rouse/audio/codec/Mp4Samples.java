// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.ToIntFunction;

/**
 * The samples of one MP4 track, which are packets of its codec: those of the index, then those of
 * fragments.
 */
final class Mp4Samples implements Packets {
  private static final int MOST = 1 << 20; // bytes of a sample
  private static final double MOST_GAP = 0.1; // seconds between fragments

  private final Mp4File file;
  private final Mp4Track track;
  private final int rate; // Hz
  private final ToIntFunction<byte[]> frames; // of a packet
  private final long end; // frame
  private final ByteBuffer sizes; // stsz or stz2
  private final boolean small; // stz2
  private final ByteBuffer chunks; // stco or co64
  private final boolean large; // co64
  private final ByteBuffer chunkRuns; // stsc
  private final ByteBuffer times; // stts
  private final long count; // samples of the index
  private final Deque<FragmentRun> runs = new ArrayDeque<>(); // of the fragment under way
  private long sample; // next, of the index
  private long chunk; // under way, from 1
  private int chunkRun; // entry of stsc
  private long leftInChunk; // samples
  private long at; // position of the next sample
  private int timeRun; // entry of stts
  private long leftInTime; // samples
  private long duration; // ticks of them
  private int fragment; // next
  private long ticks; // from the start of the media
  private long decoded; // frames
  private double missing; // seconds
  private long passed; // bytes
  private byte[] ahead; // the next packet
  private long aheadTicks; // its length
  private boolean started;

  /** Samples of a fragment that are described together. */
  private static final class FragmentRun {
    private final ByteBuffer fields;
    private final int flags;
    private long left; // samples
    private long at; // position
    private long ticks;
    private long size;

    FragmentRun(ByteBuffer fields, int flags, long left, long at, long ticks, long size) {
      this.fields = fields;
      this.flags = flags;
      this.left = left;
      this.at = at;
      this.ticks = ticks;
      this.size = size;
    }
  }

  Mp4Samples(Mp4File file, Mp4Track track, int rate, ToIntFunction<byte[]> frames) {
    this.file = file;
    this.track = track;
    this.rate = rate;
    this.frames = frames;
    end = track.end(rate);
    ByteBuffer plain = track.table("stsz");
    small = !plain.hasRemaining();
    sizes = small ? track.table("stz2") : plain;
    ByteBuffer near = track.table("stco");
    large = !near.hasRemaining();
    chunks = large ? track.table("co64") : near;
    chunkRuns = track.table("stsc");
    times = track.table("stts");
    count = sizes.remaining() < 12 ? 0 : sizes.getInt(8) & 0xFFFFFFFFL;
  }

  @Override
  public Packet next() throws IOException {
    if (!started) {
      started = true;
      ahead = read();
    }
    byte[] packet = ahead;
    if (packet == null) {
      return null;
    }
    long length = aheadTicks;
    ahead = read();
    int whole = frames.applyAsInt(packet);
    long discard = Math.max(0, decoded + whole - end);
    if (ahead == null) { // the last one may be shorter than what it decodes to
      discard = Math.max(discard, whole - Math.round(length * (double) rate / track.timescale()));
    }
    decoded += whole;
    return new Packet(packet, (int) Math.min(whole, discard));
  }

  /** Reads the next sample; null at the end. */
  private byte[] read() throws IOException {
    if (sample < count) {
      return readIndexed();
    }
    while (runs.isEmpty() || runs.peek().left == 0) {
      runs.poll();
      if (runs.isEmpty()) {
        if (fragment >= file.fragments().size()) {
          return null;
        }
        describe(file.fragments().get(fragment++));
      }
    }
    FragmentRun run = runs.peek();
    aheadTicks = (run.flags & 0x100) != 0 ? run.fields.getInt() & 0xFFFFFFFFL : run.ticks;
    long size = (run.flags & 0x200) != 0 ? run.fields.getInt() & 0xFFFFFFFFL : run.size;
    run.fields.position(
        run.fields.position() + 4 * Integer.bitCount(run.flags & 0xC00)); // flags, composition
    run.left--;
    byte[] bytes = bytes(run.at, size);
    run.at += size;
    ticks += aheadTicks;
    return bytes;
  }

  private byte[] bytes(long from, long size) throws IOException {
    passed += size;
    if (size < 1 || size > MOST || passed > 2 * file.length()) { // an index may repeat bytes
      throw new IOException("its index is damaged");
    }
    return file.bytes(from, (int) size).array();
  }

  private byte[] readIndexed() throws IOException {
    while (leftInChunk == 0) {
      nextChunk();
    }
    if (leftInTime == 0 && times.remaining() >= 16 + 8L * timeRun) {
      leftInTime = times.getInt(8 + 8 * timeRun) & 0xFFFFFFFFL;
      duration = times.getInt(12 + 8 * timeRun) & 0xFFFFFFFFL;
      timeRun++;
    }
    leftInTime = Math.max(0, leftInTime - 1);
    aheadTicks = duration;
    ticks += duration;
    long size = size(sample++);
    leftInChunk--;
    byte[] bytes = bytes(at, size);
    at += size;
    return bytes;
  }

  private void nextChunk() throws IOException {
    int width = large ? 8 : 4;
    if (chunks.remaining() < 8 + width * (chunk + 1)) {
      throw new EOFException("its index is cut short");
    }
    int place = 8 + width * (int) chunk;
    at = large ? chunks.getLong(place) : chunks.getInt(place) & 0xFFFFFFFFL;
    chunk++;
    while (chunkRuns.remaining() >= 8 + 12 * (chunkRun + 2)
        && (chunkRuns.getInt(8 + 12 * (chunkRun + 1)) & 0xFFFFFFFFL) <= chunk) {
      chunkRun++;
    }
    if (chunkRuns.remaining() < 20 + 12 * chunkRun) {
      throw new EOFException("its index is cut short");
    }
    leftInChunk = chunkRuns.getInt(12 + 12 * chunkRun) & 0xFFFFFFFFL;
  }

  private long size(long number) throws IOException {
    int all = small ? 0 : sizes.getInt(4);
    int bits = small ? sizes.getInt(4) & 0xFF : 32;
    if (all != 0) {
      return all & 0xFFFFFFFFL;
    }
    if (12 + (number + 1) * bits / 8 > sizes.remaining()) {
      throw new EOFException("its index is cut short");
    }
    return switch (bits) {
      case 4 -> (sizes.get(12 + (int) (number / 2)) >> (number % 2 == 0 ? 4 : 0)) & 15;
      case 8 -> sizes.get(12 + (int) number) & 0xFF;
      case 16 -> sizes.getShort(12 + 2 * (int) number) & 0xFFFF;
      case 32 -> sizes.getInt(12 + 4 * (int) number) & 0xFFFFFFFFL;
      default -> throw new IOException("its index is damaged");
    };
  }

  /** Collects the samples of this track in a fragment. */
  private void describe(long start) throws IOException {
    Mp4Box moof = file.box(start);
    long after = start; // where the data of the next part of the track begin, if not said
    for (Mp4Box part : moof.boxes()) {
      if (!part.type().equals("traf")) {
        continue;
      }
      ByteBuffer head = part.need("tfhd");
      int flags = head.getInt() & 0xFFFFFF;
      boolean ours = head.getInt() == track.id();
      long base = (flags & 1) != 0 ? head.getLong() : (flags & 0x20000) != 0 ? start : after;
      head.position(head.position() + ((flags & 2) != 0 ? 4 : 0));
      Mp4Box defaults = track.defaults();
      long length = defaults == null ? 0 : defaults.content().getInt(12) & 0xFFFFFFFFL;
      long size = defaults == null ? 0 : defaults.content().getInt(16) & 0xFFFFFFFFL;
      length = (flags & 8) != 0 ? head.getInt() & 0xFFFFFFFFL : length;
      size = (flags & 16) != 0 ? head.getInt() & 0xFFFFFFFFL : size;
      if (ours) {
        compareTime(part);
      }
      after = base;
      for (Mp4Box box : part.boxes()) {
        if (box.type().equals("trun")) {
          FragmentRun run = run(box.content().slice(), base, after, length, size);
          after = end(run);
          if (ours) {
            runs.add(run);
          }
        }
      }
    }
  }

  private static FragmentRun run(ByteBuffer in, long base, long after, long length, long size)
      throws IOException {
    int flags = in.getInt() & 0xFFFFFF;
    long samples = in.getInt() & 0xFFFFFFFFL;
    long at = (flags & 1) != 0 ? base + in.getInt() : after;
    in.position(in.position() + ((flags & 4) != 0 ? 4 : 0));
    long bytes = 4L * Integer.bitCount(flags & 0xF00);
    if (bytes * samples > in.remaining()) {
      throw new EOFException("a fragment is cut short");
    }
    return new FragmentRun(in, flags, samples, at, length, size);
  }

  private static long end(FragmentRun run) {
    if ((run.flags & 0x200) == 0) {
      return run.at + run.left * run.size;
    }
    int each = 4 * Integer.bitCount(run.flags & 0xF00);
    int place = run.fields.position() + 4 * Integer.bitCount(run.flags & 0x100);
    long end = run.at;
    for (long i = 0; i < run.left; i++, place += each) {
      end += run.fields.getInt(place) & 0xFFFFFFFFL;
    }
    return end;
  }

  /** Notes what is missing before a fragment. */
  private void compareTime(Mp4Box part) {
    Mp4Box time = part.at("tfdt");
    if (time == null || time.content().remaining() < 8) {
      return;
    }
    ByteBuffer in = time.content();
    boolean wide = in.get(0) == 1 && in.remaining() >= 12;
    long begins = wide ? in.getLong(4) : in.getInt(4) & 0xFFFFFFFFL;
    double gap = (begins - ticks) / (double) track.timescale();
    if (ticks > 0 && gap > MOST_GAP) {
      missing += gap;
    }
    ticks = begins;
  }

  @Override
  public void checkEnd() throws IOException {
    if (missing > 0) {
      throw new IOException(String.format(Locale.ROOT, "%.2f s of it are missing", missing));
    }
    if (!file.fault().isEmpty()) {
      throw new IOException(file.fault());
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
