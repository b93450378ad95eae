// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.tarsos;

import be.tarsos.dsp.AudioDispatcher;
import be.tarsos.dsp.AudioEvent;
import be.tarsos.dsp.AudioProcessor;
import be.tarsos.dsp.io.TarsosDSPAudioFloatConverter;
import be.tarsos.dsp.io.TarsosDSPAudioFormat;
import be.tarsos.dsp.io.TarsosDSPAudioInputStream;
import io.github.rouse.audio.SamplePump;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.SampleSource;

/** Pumps samples with TarsosDSP's dispatcher. */
public final class DispatcherPump implements SamplePump {
  /** For {@link SamplePump#installed}, which finds it by name. */
  public DispatcherPump() {}

  @Override
  public void run(SampleSource source, int block, SampleSink sink) {
    FloatStream stream = new FloatStream(source, block);
    AudioDispatcher dispatcher = new AudioDispatcher(stream, block, 0);
    dispatcher.setZeroPadLastBuffer(false);
    dispatcher.addAudioProcessor(stream);
    dispatcher.addAudioProcessor(new DetectorProcessor(sink));
    dispatcher.run(); // returns when the source ends
  }

  /**
   * Hands a source's floats to the dispatcher, which takes only bytes: as the stream it reports the
   * size of what it read, and as the first processor it puts the floats into the event.
   */
  private static final class FloatStream implements TarsosDSPAudioInputStream, AudioProcessor {
    private final SampleSource source;
    private final float[] arrived; // with one read of the source
    private final float[] block; // of the next event
    private int filled; // samples in block

    FloatStream(SampleSource source, int size) {
      this.source = source;
      arrived = new float[size];
      block = new float[size];
    }

    @Override
    public int read(byte[] unused, int offset, int length) {
      int count = source.read(arrived, length / Float.BYTES);
      if (count < 0) {
        return -1;
      }
      System.arraycopy(arrived, 0, block, filled, count);
      filled += count;
      return count * Float.BYTES;
    }

    @Override
    public boolean process(AudioEvent event) {
      System.arraycopy(block, 0, event.getFloatBuffer(), 0, filled);
      filled = 0;
      return true;
    }

    @Override
    public void processingFinished() {
      // The source's owner closes it.
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
