// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.audio.Channel;
import io.github.rouse.feature.SoundCheck;
import io.github.rouse.feature.SoundCheck.Fault;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Looks at live sound, a stretch at a time, for what makes detection worse, and reports each fault
 * once. Thread-safe.
 */
public final class LiveCheck {
  private static final int QUIET_STRETCHES = 6; // in a row: people pause

  private final Channel channel;
  private final double seconds; // of a stretch
  private final Consumer<String> lines;
  private final List<Set<Fault>> reported = new ArrayList<>(); // by channel that is heard
  private final List<SoundCheck> checks = new ArrayList<>(); // of the stretch, likewise
  private int channels; // of the line
  private int sampleRate; // of the line, Hz
  private long frames; // of the stretch
  private int quiet; // stretches in a row

  /**
   * Starts.
   *
   * @param channel that is heard
   * @param seconds of sound to look at before faults are reported
   * @param lines receives a line for each fault
   */
  public LiveCheck(Channel channel, double seconds, Consumer<String> lines) {
    this.channel = channel;
    this.seconds = seconds;
    this.lines = lines;
  }

  /** Takes what {@link io.github.rouse.audio.capture.Microphone.Events#captured} does. */
  public synchronized void captured(
      float[] interleaved, float[] heard, int count, int lineChannels, int lineRate) {
    if (frames == 0 || lineChannels != channels || lineRate != sampleRate) {
      channels = lineChannels;
      sampleRate = lineRate;
      start();
    }
    float[] mono = checks.size() == 1 ? heard : new float[count];
    for (int c = 0; c < checks.size(); c++) {
      for (int i = 0; checks.size() > 1 && i < count; i++) {
        mono[i] = interleaved[i * channels + c];
      }
      checks.get(c).frames(interleaved, 0, count * channels);
      checks.get(c).heard(mono, 0, count);
    }
    frames += count;
    if (frames >= seconds * sampleRate) {
      report(QUIET_STRETCHES);
    }
  }

  private void start() {
    checks.clear();
    for (int c = 0; c < channel.passes(channels).size(); c++) {
      checks.add(new SoundCheck(channel, channels, sampleRate));
      if (reported.size() <= c) {
        reported.add(EnumSet.noneOf(Fault.class));
      }
    }
    frames = 0;
  }

  /** Reports what was found in the last stretch, if that is long enough to tell. */
  public synchronized void finish() {
    if (frames >= sampleRate && frames > 0) {
      report(quiet + 1);
    }
  }

  /** Reports new faults, a low level after so many stretches, and ends the stretch. */
  private void report(int quietStretches) {
    boolean isQuiet = false;
    for (int c = 0; c < checks.size(); c++) {
      String name = checks.size() == 1 ? "microphone: " : "microphone#channel=" + (c + 1) + ": ";
      for (Fault fault : checks.get(c).faults()) {
        isQuiet |= fault == Fault.QUIET;
        boolean isTold = fault != Fault.QUIET || quiet + 1 >= quietStretches;
        if (isTold && reported.get(c).add(fault)) {
          lines.accept(name + fault.advice());
        }
      }
    }
    quiet = isQuiet ? quiet + 1 : 0;
    frames = 0;
  }
}
