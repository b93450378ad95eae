// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.audio.Channel;
import io.github.rouse.feature.SoundCheck.Fault;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Collects what makes detection worse in many files; one line for each fault. Thread-safe. */
public final class SoundWarnings {
  private record Found(Path first, int files) {}

  private final Map<Fault, Found> found = new EnumMap<>(Fault.class);

  /**
   * Notes the faults of a file that was read.
   *
   * @param channel that was used
   */
  public synchronized void add(Path path, List<Fault> faults, Channel channel) {
    for (Fault fault : faults) {
      boolean chosen = fault == Fault.CHANNELS_DIFFER || fault == Fault.FIRST_CHANNEL_SILENT;
      if (!chosen || channel.choice() == Channel.Choice.AUTO) {
        found.merge(fault, new Found(path, 1), SoundWarnings::both);
      }
    }
  }

  private static Found both(Found a, Found b) {
    Path first = a.first.compareTo(b.first) < 0 ? a.first : b.first; // files are read in parallel
    return new Found(first, a.files + b.files);
  }

  /** Hands over the lines. */
  public synchronized void report(Consumer<String> lines) {
    found.forEach(
        (fault, files) -> {
          int more = files.files - 1;
          String others =
              more == 0 ? "" : " and " + more + (more == 1 ? " more file" : " more files");
          lines.accept(files.first + others + ": " + fault.advice());
        });
  }
}
