// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/**
 * The common part of recurrent layers: the loop over time, round by round, and each stream's state.
 */
abstract class RecurrentStep implements Layer.Step {
  private final float[][] states; // [streams][units]
  private final StepBatch sums; // gate inputs from the input alone
  private final float[][] hidden; // states in this round
  private final float[][] gates; // sums in this round
  private final int[] numbers; // streams in this round

  /**
   * Starts all streams at zero.
   *
   * @param width of the sums that {@link #project} computes
   */
  RecurrentStep(int streams, int units, int width) {
    states = new float[streams][units];
    hidden = new float[streams][];
    gates = new float[streams][];
    numbers = new int[streams];
    sums = new StepBatch(width);
  }

  @Override
  public final void run(StepBatch in, StepBatch out) {
    sums.like(in);
    project(in, sums);
    out.like(in);
    int to;
    for (int from = 0; from < in.count; from = to) {
      to = in.roundEnd(from);
      for (int i = from; i < to; i++) {
        numbers[i - from] = in.streams[i];
        hidden[i - from] = states[in.streams[i]];
        gates[i - from] = sums.rows[i];
      }
      step(gates, hidden, numbers, to - from);
      for (int i = from; i < to; i++) {
        float[] state = states[in.streams[i]];
        System.arraycopy(state, 0, out.rows[i], 0, state.length);
      }
    }
  }

  /**
   * Computes the part of each step that does not depend on earlier steps: biases and the product
   * with the input.
   */
  abstract void project(StepBatch in, StepBatch sums);

  /**
   * One step of several streams.
   *
   * @param gates [count][width], from the input; may be overwritten
   * @param hidden [count][units], of the previous step; overwritten with this step's
   * @param streams [count], their numbers
   */
  abstract void step(float[][] gates, float[][] hidden, int[] streams, int count);

  @Override
  public void state(Snapshot snapshot) {
    snapshot.values(states);
  }

  @Override
  public void reset(int stream) {
    Arrays.fill(states[stream], 0f);
  }
}
