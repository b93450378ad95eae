// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** An Audacity label track: start and end in seconds, label; tab-separated. */
public final class LabelTrack implements ScanFile {
  private final Path target;
  private final StringBuilder lines = new StringBuilder();

  public LabelTrack(Path target) {
    this.target = target;
  }

  @Override
  public void event(TriggerEvent e) {
    lines.append(
        String.format(Locale.ROOT, "%.6f\t%.6f\t%s%n", e.startSeconds(), e.endSeconds(), e.word()));
  }

  @Override
  public void commit() throws IOException {
    try (ScanOutput file = new ScanOutput(target)) {
      file.out().write(lines.toString().getBytes(StandardCharsets.UTF_8));
      file.commit();
    }
  }
}
