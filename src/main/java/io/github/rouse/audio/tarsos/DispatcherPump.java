// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.tarsos;

import be.tarsos.dsp.AudioDispatcher;
import be.tarsos.dsp.io.TarsosDSPAudioFloatConverter;
import be.tarsos.dsp.io.TarsosDSPAudioFormat;
import be.tarsos.dsp.io.TarsosDSPAudioInputStream;
import io.github.rouse.audio.SamplePump;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.SampleSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Pumps samples with TarsosDSP's dispatcher, which reads 32-bit floats as bytes. */
public final class DispatcherPump implements SamplePump {
  /** For {@link SamplePump#installed}, which finds it by name. */
  public DispatcherPump() {}

  @Override
  public void run(SampleSource source, int block, SampleSink sink) {
    AudioDispatcher dispatcher = new AudioDispatcher(new FloatBytes(source, block), block, 0);
    dispatcher.setZeroPadLastBuffer(false);
    dispatcher.addAudioProcessor(new DetectorProcessor(sink));
    dispatcher.run(); // returns when the source ends
  }

  /** Presents a source as the bytes that TarsosDSP reads. */
  private static final class FloatBytes implements TarsosDSPAudioInputStream {
    private final SampleSource source;
    private final float[] samples;

    FloatBytes(SampleSource source, int block) {
      this.source = source;
      samples = new float[block];
    }

    @Override
    public int read(byte[] to, int offset, int length) {
      int count = source.read(samples, Math.min(length / Float.BYTES, samples.length));
      if (count < 0) {
        return -1;
      }
      ByteBuffer.wrap(to, offset, count * Float.BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .put(samples, 0, count);
      return count * Float.BYTES;
    }

    @Override
    public TarsosDSPAudioFormat getFormat() {
      int rate = source.sampleRate();
      return new TarsosDSPAudioFormat(
          TarsosDSPAudioFloatConverter.PCM_FLOAT, rate, 32, 1, 4, rate, /* bigEndian= */ false);
    }

    @Override
    public void close() {
      // The source's owner closes it.
    }

    @Override
    public long skip(long bytes) {
      throw new UnsupportedOperationException("a live source cannot skip");
    }

    @Override
    public long getFrameLength() {
      return -1;
    }
  }
}
