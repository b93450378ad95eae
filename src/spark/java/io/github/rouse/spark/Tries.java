// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/** The attempts at a task. */
final class Tries {
  private static final int DEFAULT = 4; // of spark.task.maxFailures

  private Tries() {}

  /** Whether the job fails if this attempt does. */
  static boolean isLast() {
    TaskContext task = TaskContext.get();
    if (task == null || SparkEnv.get().conf().get("spark.master", "").startsWith("local")) {
      return true; // has one
    }
    int most = SparkEnv.get().conf().getInt("spark.task.maxFailures", DEFAULT);
    return task.attemptNumber() >= most - 1;
  }
}
