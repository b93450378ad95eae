// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.audio.Channel;
import io.github.rouse.feature.SoundCheck;
import io.github.rouse.feature.SoundCheck.Fault;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Looks at live sound, a stretch at a time, for what makes detection worse, and reports each fault
 * once. Thread-safe.
 */
public final class LiveCheck {
  /** Seconds of sound that are checked before faults are reported. */
  public static final int SECONDS = 10;

  private static final int QUIET_STRETCHES = 6; // before a low level is reported: people pause
  private static final String MUTED =
      "silent for some seconds: is it muted? If it has a noise gate, its pauses are silent";

  private final Channel channel;
  private final double seconds; // of a stretch
  private final Consumer<String> lines;
  private final List<Set<Fault>> reported = new ArrayList<>(); // by channel that is heard
  private final List<SoundCheck> checks = new ArrayList<>(); // of the stretch, likewise
  private final BitSet sounded = new BitSet(); // channels that were not silent or quiet before
  private int channels; // of the line
  private int sampleRate; // of the line, Hz
  private long frames; // of the stretch
  private int stretches; // so far

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
    if (isWhole()) {
      report(stretches + 1 >= QUIET_STRETCHES);
    }
  }

  private boolean isWhole() {
    return frames >= seconds * sampleRate;
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
    if (sampleRate > 0 && frames >= sampleRate) {
      report(true);
    }
  }

  /**
   * Reports new faults and ends the stretch. People pause, so a low level counts only if nothing
   * came before, and silence after sound only if it lasts.
   *
   * @param reportsQuiet whether a low level is reported, too
   */
  private void report(boolean reportsQuiet) {
    for (int c = 0; c < checks.size(); c++) {
      String name = checks.size() == 1 ? "microphone: " : "microphone#channel=" + (c + 1) + ": ";
      List<Fault> faults = checks.get(c).faults();
      boolean sounds = true;
      for (Fault fault : faults) {
        boolean isSilent = fault == Fault.SILENT;
        boolean isMuted = isSilent && sounded.get(c);
        boolean isReported =
            isSilent
                ? !isMuted || isWhole()
                : fault != Fault.QUIET || (!sounded.get(c) && reportsQuiet);
        sounds &= !isSilent && fault != Fault.QUIET;
        if (isReported && reported.get(c).add(fault)) {
          lines.accept(name + (isMuted ? MUTED : fault.advice()));
        }
      }
      if (sounds) {
        sounded.set(c);
      }
    }
    stretches++;
    frames = 0;
  }
}
