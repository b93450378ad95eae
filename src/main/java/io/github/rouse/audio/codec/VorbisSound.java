// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import com.jcraft.jogg.Packet;
import com.jcraft.jorbis.Block;
import com.jcraft.jorbis.Comment;
import com.jcraft.jorbis.DspState;
import com.jcraft.jorbis.Info;
import io.github.rouse.audio.PcmFormat;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;

/** Decodes Vorbis by JOrbis, page by page, and compares the samples with those promised. */
final class VorbisSound extends SampleStream.FrameBytes {
  private static final int HEADERS = 3; // packets

  private final OggTrack track;
  private final Info info = new Info();
  private final Comment comment = new Comment();
  private final DspState state = new DspState();
  private final ByteArrayOutputStream packet = new ByteArrayOutputStream();
  private Block block;
  private int packets; // so far
  private boolean broken; // the packet under way lacks its start
  private long position = -1; // granule position of the last sample, or -1 before the first page
  private long missing; // samples
  private float[][] page; // [channels][samples], those of the page under way
  private int filled; // samples of it

  private VorbisSound(OggTrack track) {
    this.track = track;
  }

  /**
   * The sound of a track.
   *
   * @param name of the sound, for messages
   */
  static SampleStream of(OggTrack track, String name) throws IOException {
    VorbisSound vorbis = new VorbisSound(track);
    vorbis.readHeaders();
    PcmFormat format =
        new PcmFormat(
            SampleFormat.FLOAT_32, /* bigEndian= */ false, vorbis.info.rate, vorbis.info.channels);
    return new SampleStream(
        vorbis, SampleStream.checked(format, name), -1, true, vorbis::checkedEnd, track.tracks());
  }

  private void readHeaders() throws IOException {
    info.init();
    comment.init();
    take(track.first());
    while (packets < HEADERS) {
      OggPage next = track.next();
      if (next == null) {
        throw new EOFException("no sound follows it");
      }
      take(next);
    }
  }

  @Override
  protected boolean decode() throws IOException {
    OggPage next = track.next();
    if (next == null) {
      return false;
    }
    take(next);
    return true;
  }

  /** Decodes the packets that end in a page. */
  private void take(OggPage next) throws IOException {
    if (!next.continues()) {
      packet.reset();
    }
    broken = next.continues() && packet.size() == 0;
    filled = 0;
    int audible = packets;
    int at = 0;
    for (byte segment : next.lacing()) {
      int length = segment & 0xFF;
      packet.write(next.body(), at, length);
      at += length;
      if (length < 255) {
        if (!broken) {
          decode(packet.toByteArray());
        }
        broken = false;
        packet.reset();
      }
    }
    if (packets > Math.max(audible, HEADERS) || filled > 0) {
      deliver(next);
    }
  }

  private void decode(byte[] content) throws IOException {
    Packet raw = new Packet();
    raw.packet_base = content;
    raw.bytes = content.length;
    raw.b_o_s = packets == 0 ? 1 : 0;
    raw.granulepos = -1; // the page's position is handled here
    raw.packetno = packets;
    if (packets < HEADERS) {
      if (info.synthesis_headerin(comment, raw) < 0) {
        throw new IOException("its packet " + (packets + 1) + " is not Vorbis");
      }
      if (packets == HEADERS - 1) {
        state.synthesis_init(info);
        block = new Block(state);
        page = new float[info.channels][0];
      }
    } else if (content.length > 0 && block.synthesis(raw) == 0) {
      state.synthesis_blockin(block);
      collect();
    }
    packets++;
  }

  private void collect() {
    float[][][] pcm = new float[1][][];
    int[] from = new int[info.channels];
    for (int n; (n = state.synthesis_pcmout(pcm, from)) > 0; state.synthesis_read(n)) {
      for (int c = 0; c < page.length; c++) {
        if (page[c].length < filled + n) {
          page[c] = Arrays.copyOf(page[c], 2 * (filled + n));
        }
        System.arraycopy(pcm[0][c], from[c], page[c], filled, n);
      }
      filled += n;
    }
  }

  /** Delivers a page's samples, without those before the first or after the last. */
  private void deliver(OggPage next) {
    int from = 0;
    int to = filled;
    if (next.granule() >= 0) {
      long end = Math.max(0, position) + filled;
      long over = end - next.granule(); // samples that the page does not have
      if (over > 0 && next.ends()) {
        to -= (int) Math.min(over, filled);
      } else if (over > 0 && position < 0) {
        from = (int) Math.min(over, filled);
      } else if (over < 0 && position >= 0) {
        missing -= over;
      }
      position = next.granule();
    } else {
      position = Math.max(0, position) + filled;
    }
    read = 0;
    decoded = (to - from) * 4 * page.length;
    if (bytes.length < decoded) {
      bytes = new byte[decoded];
    }
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = from; i < to; i++) {
      for (float[] channel : page) {
        out.putFloat(channel[i]);
      }
    }
  }

  /** The end of the stream: complains of what could not be heard. */
  private SampleStream checkedEnd() throws IOException {
    if (missing > 0) {
      throw new IOException(
          String.format(
              Locale.ROOT, "%.2f s of it are missing or damaged", missing / (double) info.rate));
    }
    if (track.skipped() > 0 || packet.size() > 0) {
      throw new IOException(
          track.skipped() > 0
              ? track.skipped() + " bytes are damaged"
              : "the last packet is cut short");
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    track.close();
  }
}
