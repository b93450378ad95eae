// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval.report;

import io.github.rouse.audio.SampleSink;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.feature.Spectrum;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link ScanPlot} draws, gathered while a sound of unknown length is scanned. It holds a
 * fixed number of cells; when they are full, each pair becomes one cell of twice the length.
 */
public final class ScanTrace implements SampleSink, DetectionHandler {
  private static final int CELLS = 4096;
  private static final float FLOOR_DB = -100;

  private final int sampleRate; // Hz
  private final int frameLength; // samples, 25 ms
  private final float[] lows = new float[CELLS];
  private final float[] highs = new float[CELLS];
  private final float[][] powers = new float[CELLS][]; // [CELLS][bins], dB; null without a frame
  private final Map<WakeModel, float[][]> posteriors = new LinkedHashMap<>(); // [words][CELLS]
  private final List<TriggerEvent> events = new ArrayList<>();
  private final long first; // sample of the sound
  private long cell = 1; // samples
  private long samples;
  private Spectrogram spectrogram;
  private int hop; // samples
  private long frameAt; // first sample of the next frame

  /**
   * Starts the trace of a sound, or of a part of it.
   *
   * @param sampleRate Hz
   * @param models whose posteriors will come
   * @param first sample of the sound to be traced; samples before it do not come
   */
  public ScanTrace(int sampleRate, List<WakeModel> models, long first) {
    this.sampleRate = sampleRate;
    this.first = first;
    frameLength = Math.max(64, sampleRate / 40);
    models.forEach(model -> posteriors.put(model, new float[model.words().size()][CELLS]));
    startFrames();
  }

  /** Starts frames at the next sample: one per cell, overlapping by 0 to 7 eighths. */
  private void startFrames() {
    hop = (int) Math.max(frameLength / 8, Math.min(frameLength, cell));
    spectrogram =
        new Spectrogram(
            new FeatureSpec(sampleRate, frameLength, hop, new Spectrum.PowerDensity(1)));
    frameAt = samples;
  }

  @Override
  public void accept(float[] sound, int from, int length) {
    spectrogram.accept(sound, from, length, (frame, level) -> frame(frame));
    for (int i = from; i < from + length; i++) {
      int c = cellOf(samples++);
      lows[c] = Math.min(lows[c], sound[i]);
      highs[c] = Math.max(highs[c], sound[i]);
    }
    if (hop < Math.min(frameLength, cell)) {
      startFrames();
    }
  }

  private void frame(float[] power) {
    int c = cellOf(frameAt);
    frameAt += hop;
    if (powers[c] == null) {
      powers[c] = new float[power.length];
      Arrays.fill(powers[c], FLOOR_DB);
    }
    for (int k = 0; k < power.length; k++) {
      powers[c][k] = Math.max(powers[c][k], (float) (10 * Math.log10(power[k] + 1e-10)));
    }
  }

  @Override
  public void posteriors(WakeModel model, long at, float[] values) {
    int c = cellOf(at * sampleRate / model.features().sampleRate() - first);
    float[][] cells = posteriors.get(model);
    for (int word = 0; word < values.length; word++) {
      cells[word][c] = Math.max(cells[word][c], values[word]);
    }
  }

  @Override
  public void event(TriggerEvent event) {
    events.add(event);
  }

  /** The cell of a sample; makes room for it. */
  private int cellOf(long sample) {
    while (sample / cell >= CELLS) {
      halve();
    }
    return (int) (sample / cell);
  }

  private void halve() {
    for (int c = 0; c < CELLS / 2; c++) {
      lows[c] = Math.min(lows[2 * c], lows[2 * c + 1]);
      highs[c] = Math.max(highs[2 * c], highs[2 * c + 1]);
      powers[c] = louder(powers[2 * c], powers[2 * c + 1]);
    }
    Arrays.fill(lows, CELLS / 2, CELLS, 0);
    Arrays.fill(highs, CELLS / 2, CELLS, 0);
    Arrays.fill(powers, CELLS / 2, CELLS, null);
    for (float[][] words : posteriors.values()) {
      for (float[] cells : words) {
        for (int c = 0; c < CELLS / 2; c++) {
          cells[c] = Math.max(cells[2 * c], cells[2 * c + 1]);
        }
        Arrays.fill(cells, CELLS / 2, CELLS, 0);
      }
    }
    cell *= 2;
  }

  private static float[] louder(float[] a, float[] b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    float[] louder = new float[a.length];
    for (int k = 0; k < a.length; k++) {
      louder[k] = Math.max(a[k], b[k]);
    }
    return louder;
  }

  /** Hz. */
  int sampleRate() {
    return sampleRate;
  }

  /** Where the trace begins in the sound. */
  public double startSeconds() {
    return (double) first / sampleRate;
  }

  /** Length so far. */
  public double seconds() {
    return (double) samples / sampleRate;
  }

  List<TriggerEvent> events() {
    return events;
  }

  /**
   * The trace in columns of equal length.
   *
   * @param lows [columns], the lowest sample
   * @param highs [columns], the highest sample
   * @param powers [columns][bins], dB, the highest; null where no frame begins
   * @param posteriors [words][columns] of each model, the highest; 0 where no step ends
   */
  record Columns(
      float[] lows, float[] highs, float[][] powers, Map<WakeModel, float[][]> posteriors) {
    Columns(int count) {
      this(new float[count], new float[count], new float[count][], new LinkedHashMap<>());
    }
  }

  /** Folds the cells into columns that cover a time from the start of the trace. */
  Columns columns(int count, double seconds) {
    double columnSamples = Math.max(1, seconds * sampleRate) / count;
    Columns columns = new Columns(count);
    posteriors.forEach(
        (model, words) -> columns.posteriors.put(model, new float[words.length][count]));
    for (int c = 0; c < CELLS; c++) {
      int column = (int) Math.min(count - 1, c * cell / columnSamples);
      columns.lows[column] = Math.min(columns.lows[column], lows[c]);
      columns.highs[column] = Math.max(columns.highs[column], highs[c]);
      columns.powers[column] = louder(columns.powers[column], powers[c]);
      for (Map.Entry<WakeModel, float[][]> one : posteriors.entrySet()) {
        float[][] to = columns.posteriors.get(one.getKey());
        for (int word = 0; word < to.length; word++) {
          to[word][column] = Math.max(to[word][column], one.getValue()[word][c]);
        }
      }
    }
    return columns;
  }
}
