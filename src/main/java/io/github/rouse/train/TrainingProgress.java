package io.github.rouse.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Told how a training goes; on its thread. */
public interface TrainingProgress {
  /** Something was left out. */
  void problem(String message);

  /** The data is there. */
  void data(int files, double hours, long parameters);

  /** A batch is done, of all batches. */
  void batch(int done, int all, double loss);

  /**
   * What is measured on.
   *
   * @param positives by word
   * @param heldOut whether it is kept out of the training; too little may be there for that
   */
  default void measured(Map<String, List<Path>> positives, List<Path> negatives, boolean heldOut) {}

  /** The epochs so far, after each one and when a training is resumed. */
  void epochs(List<Epoch> done, int all);
}
