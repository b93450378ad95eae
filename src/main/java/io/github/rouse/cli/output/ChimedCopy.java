// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.audio.WavWriter;
import io.github.rouse.audio.capture.Chime;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A WAV copy of the sound with a chime after each event. Frames wait until every model has decided
 * on them, because a decision comes a little after its sound.
 */
public final class ChimedCopy implements ScanFile {
  private final WavWriter copy;
  private final int sampleRate; // Hz
  private final int channels;
  private final float[] chime;
  private final List<Long> chimes = new ArrayList<>(); // frames at which one begins
  private final Map<WakeModel, Double> decided = new HashMap<>(); // seconds
  private float[] waiting = new float[0]; // interleaved
  private int filled; // values in waiting
  private long written; // frames

  /**
   * Starts a copy.
   *
   * @param models all must decide on a frame before it is written
   */
  public ChimedCopy(Path target, int sampleRate, int channels, List<WakeModel> models)
      throws IOException {
    this.sampleRate = sampleRate;
    this.channels = channels;
    chime = Chime.samples(sampleRate);
    models.forEach(model -> decided.put(model, 0.0));
    copy = new WavWriter(target, sampleRate, channels);
  }

  @Override
  public void frames(float[] interleaved, int from, int length) {
    if (filled + length > waiting.length) {
      waiting = Arrays.copyOf(waiting, 2 * (filled + length));
    }
    System.arraycopy(interleaved, from, waiting, filled, length);
    filled += length;
  }

  @Override
  public void event(TriggerEvent event) {
    chimes.add(Math.round(event.atSeconds() * sampleRate));
  }

  @Override
  public void posteriors(WakeModel model, long at, float[] posteriors) {
    decided.put(model, (double) at / model.features().sampleRate());
  }

  @Override
  public void samples(float[] samples, int from, int length) {
    double seconds = decided.values().stream().mapToDouble(d -> d).min().orElseThrow();
    long frames = (long) (seconds * sampleRate) - written;
    try {
      write((int) Math.max(0, Math.min(filled / channels, frames)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the first frames that wait. */
  private void write(int frames) throws IOException {
    for (long begin : chimes) {
      mix(begin - written, frames);
    }
    copy.write(waiting, 0, frames * channels);
    filled -= frames * channels;
    System.arraycopy(waiting, frames * channels, waiting, 0, filled);
    written += frames;
    chimes.removeIf(begin -> begin + chime.length <= written);
  }

  /** Adds the chime to all channels from frame {@code at}, which may lie outside the frames. */
  private void mix(long at, int frames) {
    int first = (int) Math.max(0, -at);
    for (int i = first; i < chime.length && at + i < frames; i++) {
      for (int c = 0; c < channels; c++) {
        waiting[(int) (at + i) * channels + c] += chime[i];
      }
    }
  }

  @Override
  public void commit() throws IOException {
    write(filled / channels);
    copy.commit();
  }

  @Override
  public void close() throws IOException {
    copy.close();
  }
}
