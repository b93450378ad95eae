// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A checkpoint of one number, for tests of other packages. */
public final class CheckpointFile {
  private static final int SIZE = 50_000;

  private CheckpointFile() {}

  /** Writes it. */
  public static void write(Path path, int number) throws IOException {
    float[] values = new float[SIZE];
    Arrays.fill(values, number);
    new Checkpoint(path, "recipe", List.of(values)).write(List.of(new Epoch(number, 0, 0)));
  }

  /** Reads it, and checks that it is whole. */
  public static int read(Path path) throws IOException {
    float[] values = new float[SIZE];
    int number = (int) new Checkpoint(path, "recipe", List.of(values)).read().get(0).loss();
    for (float value : values) {
      if (value != number) {
        throw new IOException(path + ": parts of different checkpoints");
      }
    }
    return number;
  }
}
