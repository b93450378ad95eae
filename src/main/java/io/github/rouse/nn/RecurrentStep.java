package io.github.rouse.nn;

import java.util.Arrays;

/** What recurrent layers share: the loop over time, round by round, and the streams' states. */
abstract class RecurrentStep implements Layer.Step {
  private final float[][] states; // [streams][units]
  private final StepBatch sums; // the layer's own, from the input alone
  private final float[][] hidden; // the round's states
  private final float[][] gates; // the round's sums
  private final int[] numbers; // the round's streams

  /**
   * A loop that has not begun.
   *
   * @param width of what {@link #project} gives
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
   * What of each step is independent of the steps before: biases and the product with the input.
   */
  abstract void project(StepBatch in, StepBatch sums);

  /**
   * One step of several streams.
   *
   * @param gates [count][width], from the input; may be overwritten
   * @param hidden [count][units], of the step before, to become this step's
   * @param streams [count], which they are
   */
  abstract void step(float[][] gates, float[][] hidden, int[] streams, int count);

  @Override
  public void reset(int stream) {
    Arrays.fill(states[stream], 0f);
  }
}
