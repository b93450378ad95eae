// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.lossless;

import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.audio.BitInput;
import io.github.rouse.audio.Container;
import io.github.rouse.audio.PcmFormat;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleStream;
import io.github.rouse.audio.Skipping;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Decodes FLAC (RFC 9639) frame by frame into little-endian bytes, and verifies each frame's
 * checksum.
 *
 * <p>The javax.sound decoder for FLAC (jflac 1.5.2) is not used: it prints to standard output, and
 * on some damaged files it never returns.
 */
final class FlacStream extends SampleStream.FrameBytes {
  private static final int[][] FIXED = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};

  private static final int[] RATES = { // Hz, by code
    88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000
  };
  private static final int[] BITS = {8, 12, 0, 16, 20, 24, 32}; // by code
  private static final int LONGEST_HEAD = 16; // bytes of a frame's header

  private final InputStream in; // supports mark
  private final String name;
  private final BitInput bits;
  private int sampleRate; // Hz
  private int channels;
  private int sampleBits;
  private boolean reformatted; // the next frame has another format
  private long frames; // in the stream, or 0 if unknown
  private long ahead; // of the frames in the stream, up to 0
  private long[][] block = new long[0][0]; // [channels][samples]

  /** Reads the metadata; {@code in} is at "fLaC". */
  FlacStream(InputStream in, String name) throws IOException {
    this.in = in;
    this.name = name;
    bits = new BitInput(in);
    try {
      Skipping.skip(in, 4);
      boolean last;
      do {
        last = bits.unsigned(1) == 1;
        int type = (int) bits.unsigned(7);
        long length = bits.unsigned(24);
        if (type == 0) {
          readStreamInfo();
          length -= 18;
        }
        Skipping.skip(in, length); // tags, pictures, or the MD5 sum in STREAMINFO
      } while (!last);
    } catch (IOException | IllegalArgumentException e) {
      throw new AudioFormatException(name, "FLAC header is damaged", e);
    }
    if (sampleBits < 4) {
      throw new AudioFormatException(name, "FLAC header says " + sampleBits + " bits");
    }
  }

  private void readStreamInfo() throws IOException {
    Skipping.skip(in, 10); // block and frame sizes
    sampleRate = (int) bits.unsigned(20);
    channels = (int) bits.unsigned(3) + 1;
    sampleBits = (int) bits.unsigned(5) + 1;
    frames = (bits.unsigned(4) << 32) | bits.unsigned(32);
    ahead = frames;
  }

  /** Number of frames in the header, or -1 if unknown. */
  private long frames() {
    return frames == 0 ? -1 : frames;
  }

  /** Layout of the bytes. */
  private PcmFormat format() {
    return new PcmFormat(
        SampleFormat.signed(sampleBits), /* bigEndian= */ false, sampleRate, channels);
  }

  @Override
  protected boolean decode() throws IOException {
    if (reformatted || !atFrame() || !bits.startsFrame()) {
      return false;
    }
    decodeFrame();
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** The sound with its facts from STREAMINFO. */
  SampleStream sound() throws AudioFormatException {
    return new SampleStream(this, SampleStream.checked(format(), name), frames(), true, this::next);
  }

  /** The frames in another format, if the stream goes on with them. */
  private SampleStream next() throws IOException {
    if (!reformatted) {
      return null;
    }
    reformatted = false;
    return new SampleStream(this, SampleStream.checked(format(), name), -1, true, this::next);
  }

  /**
   * Whether a frame comes next; its header may change the format. Before the promised end, anything
   * else is damage.
   */
  private boolean atFrame() throws IOException {
    in.mark(LONGEST_HEAD);
    byte[] head = in.readNBytes(LONGEST_HEAD);
    in.reset();
    if (head.length < 4 || head[0] != -1 || (head[1] & 0xFE) != 0xF8) {
      if (head.length > 0 && ahead > 0 && !Container.follows(head)) {
        throw new IOException("FLAC frame has no sync code");
      }
      return false;
    }
    int rate = rate(head);
    int depth =
        BITS.length > (head[3] >> 1 & 7) - 1 && (head[3] >> 1 & 7) > 0
            ? BITS[(head[3] >> 1 & 7) - 1]
            : 0;
    int assignment = head[3] >> 4 & 15;
    int count = assignment < 8 ? assignment + 1 : 2;
    if (isIntact(head)) {
      reformatted =
          (rate > 0 && rate != sampleRate)
              || (depth > 0 && depth != sampleBits)
              || count != channels;
    }
    if (reformatted) {
      sampleRate = rate > 0 ? rate : sampleRate;
      sampleBits = depth > 0 ? depth : sampleBits;
      channels = count;
      frames = 0;
      ahead = 0;
      return false;
    }
    return true;
  }

  /** Hertz in a frame's header, or 0 for that of STREAMINFO. */
  private static int rate(byte[] head) {
    int code = head[2] & 15;
    int at = rateAt(head);
    return switch (code) {
      case 0, 15 -> 0;
      case 12 -> at < head.length ? 1000 * (head[at] & 0xFF) : 0;
      case 13, 14 ->
          at + 1 < head.length
              ? ((head[at] & 0xFF) << 8 | (head[at + 1] & 0xFF)) * (code == 14 ? 10 : 1)
              : 0;
      default -> RATES[code - 1];
    };
  }

  /** Index of a rate in a frame's header, after the frame's number and the block size. */
  private static int rateAt(byte[] head) {
    int ones = Integer.numberOfLeadingZeros(~((head[4] & 0xFF) << 24));
    int size = head[2] >> 4 & 15;
    return 4 + Math.max(1, ones) + (size == 6 ? 1 : size == 7 ? 2 : 0);
  }

  /** Whether a frame's header has the checksum (polynomial 0x07) that it says. */
  private static boolean isIntact(byte[] head) {
    int code = head[2] & 15;
    int end = rateAt(head) + (code == 12 ? 1 : code == 13 || code == 14 ? 2 : 0);
    int crc = 0;
    for (int i = 0; i <= end && i < head.length; i++) {
      crc ^= head[i] & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc << 1 ^ (crc >> 7) * 0x107) & 0xFF;
      }
    }
    return end < head.length && crc == 0; // over header and checksum
  }

  private void decodeFrame() throws IOException {
    bits.unsigned(15); // sync code
    bits.unsigned(1); // blocking strategy: whether the number counts frames or samples
    int sizeCode = (int) bits.unsigned(4);
    int rateCode = (int) bits.unsigned(4);
    int assignment = (int) bits.unsigned(4);
    bits.unsigned(4); // bits per sample, as STREAMINFO says
    skipNumber();
    int size = blockSize(sizeCode);
    bits.unsigned(rateCode == 12 ? 8 : rateCode == 13 || rateCode == 14 ? 16 : 0);
    bits.unsigned(8); // checksum of the header; the frame's covers it too
    int count = assignment < 8 ? assignment + 1 : 2;
    if (count != channels || assignment > 10) {
      throw new IOException("FLAC frame has other channels than the header");
    }
    if (block.length != channels || block[0].length < size) {
      block = new long[channels][size];
    }
    for (int c = 0; c < channels; c++) {
      boolean side =
          (assignment == 9 && c == 0) || ((assignment == 8 || assignment == 10) && c == 1);
      decodeSubframe(block[c], size, side ? sampleBits + 1 : sampleBits);
    }
    if (!bits.endsFrame()) {
      throw new IOException("FLAC frame has a wrong checksum");
    }
    joinStereo(assignment, size);
    interleave(size);
    ahead -= size;
  }

  /** Skips the frame's number, coded as in UTF-8. Frames are read in order. */
  private void skipNumber() throws IOException {
    long first = bits.unsigned(8);
    for (int bit = 0x80;
        (first & 0xC0) == 0xC0 && bit > 1 && (first & (bit >> 1)) != 0;
        bit >>= 1) {
      bits.unsigned(8);
    }
  }

  private int blockSize(int code) throws IOException {
    return switch (code) {
      case 0 -> throw new IOException("FLAC frame has a reserved block size");
      case 1 -> 192;
      case 2, 3, 4, 5 -> 144 << code;
      case 6 -> (int) bits.unsigned(8) + 1;
      case 7 -> (int) bits.unsigned(16) + 1;
      default -> 1 << code;
    };
  }

  private void decodeSubframe(long[] out, int size, int subframeBits) throws IOException {
    bits.unsigned(1);
    int type = (int) bits.unsigned(6);
    int wasted = bits.unsigned(1) == 1 ? bits.zeros() + 1 : 0;
    int width = subframeBits - wasted;
    if (width < 1) {
      throw new IOException("FLAC subframe has no bits");
    }
    if (type == 0) {
      Arrays.fill(out, 0, size, bits.signed(width));
    } else if (type == 1) {
      readSamples(out, size, width);
    } else if (type >= 8 && type <= 12) {
      int order = type - 8;
      checkOrder(order, size);
      readSamples(out, order, width);
      predict(out, size, FIXED[order], 0);
    } else if (type >= 32) {
      int order = type - 31;
      checkOrder(order, size);
      readSamples(out, order, width);
      int precision = (int) bits.unsigned(4) + 1;
      int shift = (int) bits.signed(5);
      if (precision == 16 || shift < 0) {
        throw new IOException("FLAC predictor is invalid");
      }
      int[] factors = new int[order];
      for (int i = 0; i < order; i++) {
        factors[i] = (int) bits.signed(precision);
      }
      predict(out, size, factors, shift);
    } else {
      throw new IOException("FLAC subframe has unknown type " + type);
    }
    for (int i = 0; i < size && wasted > 0; i++) {
      out[i] <<= wasted;
    }
  }

  private void checkOrder(int order, int size) throws IOException {
    if (order > size) {
      throw new IOException("FLAC predictor is longer than its block");
    }
  }

  private void readSamples(long[] out, int count, int width) throws IOException {
    for (int i = 0; i < count; i++) {
      out[i] = bits.signed(width);
    }
  }

  /** Reads the residual and adds the prediction, sample by sample. */
  private void predict(long[] out, int size, int[] factors, int shift) throws IOException {
    int parameterBits = bits.unsigned(2) == 0 ? 4 : 5;
    int order = (int) bits.unsigned(4);
    int partition = size >> order;
    if (partition << order != size || partition < factors.length) {
      throw new IOException("FLAC partitions do not fit their block");
    }
    int at = factors.length;
    for (int end = partition; end <= size; end += partition) {
      int parameter = (int) bits.unsigned(parameterBits);
      boolean plain = parameter == (1 << parameterBits) - 1;
      int width = plain ? (int) bits.unsigned(5) : 0;
      for (; at < end; at++) {
        long residual = plain ? bits.signed(width) : rice(parameter);
        long prediction = 0;
        for (int i = 0; i < factors.length; i++) {
          prediction += factors[i] * out[at - 1 - i];
        }
        out[at] = residual + (prediction >> shift);
      }
    }
  }

  private long rice(int parameter) throws IOException {
    long folded = ((long) bits.zeros() << parameter) | bits.unsigned(parameter);
    return (folded >>> 1) ^ -(folded & 1);
  }

  private void joinStereo(int assignment, int size) {
    for (int i = 0; i < size && assignment >= 8; i++) {
      long a = block[0][i];
      long b = block[1][i];
      if (assignment == 8) { // left, side
        block[1][i] = a - b;
      } else if (assignment == 9) { // side, right
        block[0][i] = a + b;
      } else { // mid, side: mid lost its lowest bit, which equals the side's
        long sum = (a << 1) | (b & 1);
        block[0][i] = (sum + b) >> 1;
        block[1][i] = (sum - b) >> 1;
      }
    }
  }

  private void interleave(int size) {
    int sampleBytes = (sampleBits + 7) / 8;
    int left = 8 * sampleBytes - sampleBits; // 12 or 20 bits are left-justified in their bytes
    decoded = size * channels * sampleBytes;
    read = 0;
    if (bytes.length < decoded) {
      bytes = new byte[decoded];
    }
    int at = 0;
    for (int i = 0; i < size; i++) {
      for (int c = 0; c < channels; c++) {
        long value = block[c][i] << left;
        for (int b = 0; b < sampleBytes; b++) {
          bytes[at++] = (byte) (value >> (8 * b));
        }
      }
    }
  }
}
