// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.backprop;

import io.github.rouse.kernel.Matrix;

/**
 * The initial state of a recurrent layer's batch (zero, or carried over from the previous batch)
 * and the truncation of back-propagation through time.
 */
final class RecurrentState {
  private final int units;
  private final int truncation; // steps; 0 for never
  private float[] initial = {}; // [clips][units], the state before step 0
  private float[] last = {}; // [clips][units], the state after the last step

  RecurrentState(int units, int truncation) {
    this.units = units;
    this.truncation = truncation;
  }

  /** Starts a batch from zeros. */
  void begin(int clips) {
    if (initial.length != clips * units) {
      initial = new float[clips * units];
      last = new float[clips * units];
    }
  }

  /** Carries over the states of some clips from the last batch; the others start from zero. */
  void carry(boolean[] kept) {
    for (int clip = 0; clip < kept.length && clip * units < last.length; clip++) {
      for (int i = clip * units; i < (clip + 1) * units; i++) {
        initial[i] = kept[clip] ? last[i] : 0f;
      }
    }
  }

  /** The states before a step, [count][units]. */
  Matrix before(SequenceBatch out, int step, int clip, int count) {
    return step == 0
        ? Matrix.of(initial, initial.length / units, units).rows(clip, count)
        : out.at(step - 1, clip, count);
  }

  /** Stores the states after the last step. */
  void keep(SequenceBatch out, int clip, int count) {
    int from = ((out.steps() - 1) * out.clips() + clip) * units;
    System.arraycopy(out.data(), from, last, clip * units, count * units);
  }

  /** Whether the gradient stops between a step and the previous one. */
  boolean cutsBefore(int step) {
    return truncation > 0 && step % truncation == 0;
  }
}
