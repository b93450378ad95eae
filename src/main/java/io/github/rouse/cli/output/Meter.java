// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import java.util.Locale;

/** Shows the live level and posterior on one progress line. */
public final class Meter {
  private static final int PER_SECOND = 10;
  private static final int BAR = 30; // characters
  private static final double FLOOR = -60; // dB, an empty bar

  private final Console console;
  private final int every; // samples
  private int counted; // samples
  private double squares; // sum
  private float peak;
  private float posterior;

  public Meter(Console console, int sampleRate) {
    this.console = console;
    every = sampleRate / PER_SECOND;
  }

  public void accept(float[] samples, int from, int length) {
    for (int i = from; i < from + length; i++) {
      squares += (double) samples[i] * samples[i];
      peak = Math.max(peak, Math.abs(samples[i]));
    }
    counted += length;
    if (counted >= every) {
      show();
      counted = 0;
      squares = 0;
      peak = 0;
      posterior = 0;
    }
  }

  public void posteriors(float[] values) {
    for (float value : values) {
      posterior = Math.max(posterior, value);
    }
  }

  private void show() {
    double level = 10 * Math.log10(Math.max(1e-10, squares / counted));
    console.progress(
        String.format(
            Locale.ROOT,
            "level %s %6.1f dB%s   posterior %s %.2f",
            bar(1 - level / FLOOR),
            level,
            peak >= 1 ? " CLIPPED" : "        ",
            bar(posterior),
            posterior));
  }

  private static String bar(double share) {
    int filled = (int) Math.round(BAR * Math.max(0, Math.min(1, share)));
    return "[" + "#".repeat(filled) + " ".repeat(BAR - filled) + "]";
  }
}
