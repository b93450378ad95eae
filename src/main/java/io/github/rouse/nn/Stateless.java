// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.nn;

import io.github.rouse.state.Snapshot;

/** A layer without state: one step in, one step out. */
record Stateless(Map map) implements Layer.Step, Layer.Prepared {
  /** Computes output rows from input rows. */
  interface Map {
    void apply(float[][] in, int count, float[][] out);
  }

  @Override
  public Layer.Step start(int streams) {
    return this;
  }

  @Override
  public void run(StepBatch in, StepBatch out) {
    out.like(in);
    map.apply(in.rows, in.count, out.rows);
  }

  @Override
  public void state(Snapshot snapshot) {}

  @Override
  public void reset(int stream) {}
}
