// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import io.github.rouse.audio.Container;
import io.github.rouse.audio.Decoder;
import io.github.rouse.audio.SampleStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Decodes AAC-LC in ADTS frames (ISO/IEC 13818-7, section 6.2). */
public final class AdtsDecoder implements Decoder {
  /** For {@link Decoder#installed}, which finds it by name. */
  public AdtsDecoder() {}

  @Override
  public SampleStream decode(Input input) throws IOException {
    AdtsFrames frames = new AdtsFrames(input.in());
    AdtsFrame first = frames.peek();
    if (first == null) {
      throw new EOFException("it has no frame");
    }
    if (first.blocks() > 1) {
      throw new Foreign("AAC with several blocks in a frame");
    }
    AacConfig config = AacConfig.of(first.profile() + 1, first.rateCode(), first.channels());
    return AacSound.of(frames, config, 0, "ADTS", input.name(), 1);
  }

  /** A frame's header. */
  private record AdtsFrame(
      int profile, int rateCode, int channels, int head, int bytes, int blocks) {
    static final int HEAD = 7; // bytes, and two of a checksum

    static AdtsFrame parse(byte[] head) {
      if (head.length < HEAD || head[0] != -1 || (head[1] & 0xF6) != 0xF0) {
        return null;
      }
      int bytes = (head[3] & 3) << 11 | (head[4] & 0xFF) << 3 | (head[5] & 0xE0) >> 5;
      int headBytes = (head[1] & 1) != 0 ? HEAD : HEAD + 2;
      int rateCode = head[2] >> 2 & 15;
      int channels = (head[2] & 1) << 2 | (head[3] & 0xC0) >> 6;
      return rateCode > 12 || bytes <= headBytes
          ? null
          : new AdtsFrame(
              head[2] >> 6 & 3, rateCode, channels, headBytes, bytes, (head[6] & 3) + 1);
    }

    boolean continues(AdtsFrame other) {
      return profile == other.profile && rateCode == other.rateCode && channels == other.channels;
    }
  }

  /** The frames of one stream, up to one of another format. */
  private static final class AdtsFrames implements Packets {
    private final InputStream in; // supports mark
    private AdtsFrame first;
    private long damaged; // bytes
    private boolean cut;

    AdtsFrames(InputStream in) {
      this.in = in;
    }

    /** The next frame's header, if it is one. */
    AdtsFrame peek() throws IOException {
      in.mark(AdtsFrame.HEAD);
      AdtsFrame frame = AdtsFrame.parse(in.readNBytes(AdtsFrame.HEAD));
      in.reset();
      return frame;
    }

    @Override
    public Packet next() throws IOException {
      while (true) {
        AdtsFrame frame = peek();
        if (first == null) {
          first = frame;
        }
        if (frame != null && frame.continues(first)) {
          byte[] bytes = in.readNBytes(frame.bytes());
          if (bytes.length < frame.bytes()) {
            cut = true;
            return null;
          }
          return new Packet(
              Arrays.copyOfRange(bytes, frame.head(), bytes.length), /* discard= */ 0);
        }
        if (Container.begins(in) || (frame != null && damaged == 0) || skipped() < 0) {
          return null;
        }
      }
    }

    /** Skips a damaged byte; -1 at the end. */
    private int skipped() throws IOException {
      int next = in.read();
      damaged += next > 0 ? 1 : 0; // zeros may fill the end
      return next;
    }

    @Override
    public void checkEnd() throws IOException {
      if (damaged > 0) {
        throw new IOException(damaged + " bytes among the frames are damaged");
      }
      if (cut) {
        throw new IOException("the last packet is cut short");
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
