// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import java.util.List;

/** Fails at the first problem, and does something after each epoch. */
public final class SilentProgress implements TrainingProgress {
  /** Runs after each epoch. */
  public Runnable afterEpoch = () -> {};

  @Override
  public void problem(String message) {
    throw new AssertionError(message);
  }

  @Override
  public void data(int files, double hours, long parameters) {}

  @Override
  public void batch(int done, int all, double loss) {}

  @Override
  public void epochs(List<Epoch> done, int all) {
    afterEpoch.run();
  }
}
