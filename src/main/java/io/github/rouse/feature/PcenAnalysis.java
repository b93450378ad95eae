// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import io.github.rouse.kernel.FilterBank;
import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/** Computes {@link Spectrum.Pcen}; keeps the smoother's state. */
final class PcenAnalysis implements FrameAnalysis {
  private final Spectrum.Pcen pcen;
  private final MelEnergies mel;
  private final float[] gains; // of this call, [bands][lanes]
  private final double[] smooth; // M, [bands]
  private final float bias; // delta^r
  private long frames; // since the stream began

  PcenAnalysis(FeatureSpec spec, Spectrum.Pcen pcen) {
    this.pcen = pcen;
    mel = new MelEnergies(spec);
    gains = new float[mel.values.length];
    smooth = new double[pcen.mel().bands()];
    bias = (float) Math.pow(pcen.delta(), pcen.r());
  }

  @Override
  public int most() {
    return FilterBank.MOST;
  }

  @Override
  public void apply(float[] samples, int count, float[][] output) {
    int lanes = mel.compute(samples, count);
    int used = mel.bands * lanes;
    float[] values = mel.values;
    for (int lane = 0; lane < count; lane++) {
      double share = Math.max(pcen.s(), 1.0 / ++frames);
      for (int b = 0; b < mel.bands; b++) {
        smooth[b] += share * (values[b * lanes + lane] - smooth[b]);
        gains[b * lanes + lane] = (float) (pcen.eps() + smooth[b]);
      }
    }
    mel.bank.pow(gains, used, (float) -pcen.alpha());
    float delta = (float) pcen.delta();
    for (int i = 0; i < used; i++) {
      values[i] = Math.fma(values[i], gains[i], delta);
    }
    mel.bank.pow(values, used, (float) pcen.r());
    for (int i = 0; i < used; i++) {
      values[i] -= bias;
    }
    mel.deliver(lanes, count, output);
  }

  @Override
  public void reset() {
    Arrays.fill(smooth, 0);
    frames = 0;
  }

  @Override
  public void state(Snapshot snapshot) {
    snapshot.values(smooth);
    frames = snapshot.number(frames);
  }
}
