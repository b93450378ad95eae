// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Receives the progress of a training run, on the training thread. */
public interface TrainingProgress {
  /** A recording was skipped, or a checkpoint could not be written. */
  void problem(String message);

  /** A recording was skipped because it cannot be read to its end. */
  default void unreadable(IOException problem) {
    problem("skipped: " + problem.getMessage());
  }

  /** Targets are computed before training; called from several threads. */
  default void prepared(int percent) {}

  /** The data has been loaded. */
  void data(int files, double hours, long parameters);

  /**
   * A dictionary or texts have been read.
   *
   * @param items what is counted, such as words
   */
  default void texts(String items, int trained, int heldOut, long parameters) {}

  /** Batch {@code done} of {@code all} has finished. */
  void batch(int done, int all, double loss);

  /**
   * The recordings that the held-out loss is measured on.
   *
   * @param positives by word
   * @param heldOut false if there are too few speakers to hold any out of training
   */
  default void measured(Map<String, List<Path>> positives, List<Path> negatives, boolean heldOut) {}

  /** The epochs so far; called after each epoch and when a training run resumes. */
  void epochs(List<Epoch> done, int all);
}
