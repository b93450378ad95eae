// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.feature.SoundCheck.Fault;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Collects what makes detection worse in many sounds; one line for each fault. Thread-safe. */
public final class SoundWarnings {
  private record Found(String first, int sounds) {}

  private final Map<Fault, Found> found = new EnumMap<>(Fault.class);

  /**
   * Notes the faults of a sound that was read.
   *
   * @param name of its file, with its track and channel if there are several
   */
  public synchronized void add(String name, List<Fault> faults) {
    faults.forEach(fault -> found.merge(fault, new Found(name, 1), SoundWarnings::both));
  }

  private static Found both(Found a, Found b) {
    String first = a.first.compareTo(b.first) < 0 ? a.first : b.first; // read in parallel
    return new Found(first, a.sounds + b.sounds);
  }

  /** Hands over the lines. */
  public synchronized void report(Consumer<String> lines) {
    found.forEach(
        (fault, all) -> {
          String more = all.sounds == 1 ? "" : " and " + (all.sounds - 1) + " more";
          lines.accept(all.first + more + ": " + fault.advice());
        });
  }
}
