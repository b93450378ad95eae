// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import java.nio.file.Path;

/**
 * Which sound to save, and for how long.
 *
 * @param folder of the clips
 * @param before seconds of sound up to the decision
 * @param after seconds of sound after it
 * @param gigabytes most of all unmarked clips together
 * @param days for which an unmarked clip is kept
 */
public record ClipSettings(Path folder, int before, int after, double gigabytes, double days) {
  /** Checks the values. */
  public ClipSettings {
    check("folder", folder, !folder.toString().isBlank(), "a folder");
    check("before", before, before >= 1 && before <= 60, "1 to 60 seconds");
    check("after", after, after >= 0 && after <= 60, "0 to 60 seconds");
    check("gigabytes", gigabytes, gigabytes > 0, "above 0");
    check("days", days, days > 0, "above 0");
  }

  /** Three seconds before the decision and one after it; 1 GB or 30 days. */
  public static ClipSettings in(Path folder) {
    return new ClipSettings(folder, 3, 1, 1, 30);
  }

  /** The same settings for another folder. */
  public ClipSettings withFolder(Path other) {
    return new ClipSettings(other, before, after, gigabytes, days);
  }

  private static void check(String name, Object value, boolean holds, String range) {
    if (!holds) {
      throw new IllegalArgumentException(name + "=" + value + ", expected " + range);
    }
  }
}
