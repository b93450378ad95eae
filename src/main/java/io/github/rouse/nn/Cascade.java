// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.state.Snapshot;

/**
 * Two networks with one output each, on the same steps. Where the first reaches {@code threshold},
 * the second one's output replaces it.
 *
 * @param first gives the output below the threshold
 * @param second confirms or rejects what the first takes for the word
 * @param threshold on the first one's output
 */
public record Cascade(Network first, Network second, float threshold) implements Layer {
  /** Checks that both give their outputs at the same steps. */
  public Cascade {
    if (first.outputs() != 1 || second.outputs() != 1) {
      throw new IllegalArgumentException(
          String.format(
              "first.outputs=%d second.outputs=%d, expected 1", first.outputs(), second.outputs()));
    }
    if (first.inputs() != second.inputs()
        || first.receptiveField() != second.receptiveField()
        || first.firstStepFrames() != first.receptiveField()
        || second.firstStepFrames() != second.receptiveField()
        || first.stride() * second.stride() != 1) {
      throw new IllegalArgumentException(
          "the networks of a cascade read different steps, or are padded, or skip steps");
    }
  }

  @Override
  public int inputs() {
    return first.inputs();
  }

  @Override
  public int outputs() {
    return 1;
  }

  @Override
  public int kernel() {
    return first.receptiveField();
  }

  @Override
  public long parameters() {
    return first.parameters() + second.parameters();
  }

  @Override
  public Prepared prepare() {
    return Both::new;
  }

  private final class Both implements Step {
    private final NetworkState one;
    private final NetworkState other;

    Both(int streams) {
      one = first.start(streams);
      other = second.start(streams);
    }

    @Override
    public void run(StepBatch in, StepBatch out) {
      StepBatch ones = one.run(in);
      StepBatch others = other.run(in);
      out.like(ones);
      for (int i = 0; i < ones.count; i++) {
        float value = ones.rows[i][0];
        out.rows[i][0] = value >= threshold ? others.rows[i][0] : value;
      }
    }

    @Override
    public void state(Snapshot snapshot) {
      one.state(snapshot);
      other.state(snapshot);
    }

    @Override
    public void reset(int stream) {
      one.reset(stream);
      other.reset(stream);
    }
  }
}
