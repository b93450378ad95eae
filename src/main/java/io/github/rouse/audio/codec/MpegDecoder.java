// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import io.github.rouse.audio.Decoder;
import io.github.rouse.audio.MpegFrame;
import io.github.rouse.audio.PcmFormat;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javazoom.jl.decoder.Bitstream;
import javazoom.jl.decoder.BitstreamException;
import javazoom.jl.decoder.DecoderException;
import javazoom.jl.decoder.Header;
import javazoom.jl.decoder.Obuffer;

/**
 * Decodes MPEG audio, layers I to III, by JLayer. An encoder's delay and padding are left out where
 * its header states them.
 */
public final class MpegDecoder implements Decoder {
  /** For {@link Decoder#installed}, which finds it by name. */
  public MpegDecoder() {}

  @Override
  public SampleStream decode(Input input) throws IOException {
    MpegFrames frames = new MpegFrames(input.in());
    MpegFrame first = frames.format();
    if (first.layer() == 2 && first.version() != 3) { // JLayer takes it for damaged
      throw new Foreign("MPEG-2 layer II at " + first.sampleRate() + " Hz");
    }
    PcmFormat format =
        new PcmFormat(
            SampleFormat.FLOAT_32, /* bigEndian= */ false, first.sampleRate(), first.channels());
    Mpeg mpeg = new Mpeg(frames);
    return new SampleStream(mpeg, format, frames.samples(), true, mpeg::checkedEnd);
  }

  /** One stream, up to a frame of another format. */
  private static final class Mpeg extends SampleStream.FrameBytes {
    private final MpegFrames frames;
    private final Bitstream stream;
    private final MpegSamples samples;
    private javazoom.jl.decoder.Decoder decoder;
    private long count; // frames decoded
    private long undecodable; // frames

    Mpeg(MpegFrames frames) {
      this.frames = frames;
      stream = new Bitstream(frames);
      samples = new MpegSamples(frames.format().samples(), frames.format().channels());
      bytes = samples.bytes;
      start();
    }

    private void start() {
      decoder = new javazoom.jl.decoder.Decoder();
      decoder.setOutputBuffer(samples);
    }

    @Override
    protected boolean decode() throws IOException {
      Header header;
      try {
        header = stream.readFrame();
      } catch (BitstreamException e) {
        throw new IOException("MPEG frame " + count + " is damaged", e);
      }
      if (header == null) {
        return false;
      }
      samples.clear_buffer();
      try {
        decoder.decodeFrame(header, stream);
      } catch (DecoderException | RuntimeException e) { // what JLayer throws on damaged data
        undecodable++;
        samples.clear_buffer();
        start();
      }
      stream.closeFrame();
      trim();
      count++;
      return true;
    }

    /** Leaves out what the encoder added at both ends. */
    private void trim() {
      int size = frames.format().samples();
      long at = count * size - frames.delay(); // of the frame's first sample
      long from = Math.max(0, -at);
      boolean told = frames.promised() >= 0 && count < frames.promised();
      long to = told ? Math.min(size, frames.samples() - at) : size;
      int frameBytes = 4 * frames.format().channels();
      read = (int) Math.min(size, from) * frameBytes;
      decoded = (int) Math.max(Math.min(size, from), to) * frameBytes;
    }

    /** The end of the stream: complains of what could not be heard. */
    private SampleStream checkedEnd() throws IOException {
      if (undecodable > 0) {
        throw new IOException(undecodable + " frames are damaged");
      }
      if (frames.damaged() > 0) {
        throw new IOException(frames.damaged() + " bytes among the frames are damaged");
      }
      return null;
    }
  }

  /** One frame's samples. */
  private static final class MpegSamples extends Obuffer {
    private static final float SCALE = 32700; // of JLayer's synthesis filter

    private final byte[] bytes; // float32, little-endian, interleaved
    private final ByteBuffer out;
    private final int channels;
    private final int[] filled; // [channels]

    MpegSamples(int length, int channels) {
      bytes = new byte[4 * length * channels];
      out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      this.channels = channels;
      filled = new int[channels];
      clear_buffer();
    }

    @Override
    public void appendSamples(int channel, float[] values) {
      for (int i = 0; i < 32; i++) { // subbands
        out.putFloat(4 * (filled[channel]++ * channels + channel), values[i] / SCALE);
      }
    }

    @Override
    public void append(int channel, short value) {
      throw new UnsupportedOperationException("JLayer gives subbands as floats");
    }

    @Override
    public void clear_buffer() {
      java.util.Arrays.fill(bytes, (byte) 0);
      java.util.Arrays.fill(filled, 0);
    }

    @Override
    public void write_buffer(int unused) {}

    @Override
    public void close() {}

    @Override
    public void set_stop_flag() {}
  }
}
