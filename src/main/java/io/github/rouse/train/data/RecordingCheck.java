// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data;

import io.github.rouse.audio.SpeechBounds;
import io.github.rouse.feature.SoundCheck;
import io.github.rouse.train.data.augment.Power;
import java.util.Arrays;

/**
 * The quality check of one recording of a word.
 *
 * @param refusal why the recording is unusable, or null if it is usable
 * @param samples the word with some of the surrounding sound; empty if refused
 */
public record RecordingCheck(String refusal, float[] samples) {
  private static final double CLIPPED_SHARE = 0.001; // of the word's samples at full scale
  private static final double LEAST_RISE_DB = 12; // of the word above the background
  private static final double SHORTEST_SECONDS = 0.15;
  private static final double AROUND_SECONDS = 0.25;

  /**
   * Checks a recording.
   *
   * @param samples in [-1, 1], with some silence before and after the word
   */
  public static RecordingCheck of(float[] samples, int sampleRate) {
    SpeechBounds word = SpeechBounds.of(samples, sampleRate);
    int length = word.end() - word.start();
    double inside = Power.of(samples, word.start(), word.end());
    double before = Power.of(samples, 0, word.start());
    double after = Power.of(samples, word.end(), samples.length);
    double rise = 10 * Math.log10((inside + 1e-12) / (Math.min(before, after) + 1e-12));
    int clipped = 0;
    for (int i = word.start(); i < word.end(); i++) {
      clipped += Math.abs(samples[i]) >= SoundCheck.FULL ? 1 : 0;
    }
    int around = (int) (AROUND_SECONDS * sampleRate);
    if (rise < LEAST_RISE_DB || inside < 1e-7) {
      return refused("nothing stands out from the background noise: speak up, or come closer");
    } else if (clipped > CLIPPED_SHARE * length) {
      return refused("too loud: the recording clips");
    } else if (length < SHORTEST_SECONDS * sampleRate) {
      return refused("too short for a word");
    } else if (word.start() < around / 2 || samples.length - word.end() < around / 2) {
      return refused("the word is cut off: speak in the middle of the recording");
    }
    int from = Math.max(0, word.start() - around);
    int to = Math.min(samples.length, word.end() + around);
    return new RecordingCheck(null, Arrays.copyOfRange(samples, from, to));
  }

  private static RecordingCheck refused(String why) {
    return new RecordingCheck(why, new float[0]);
  }
}
