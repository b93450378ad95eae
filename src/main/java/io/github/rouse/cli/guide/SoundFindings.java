// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.feature.SoundCheck;
import io.github.rouse.feature.SoundCheck.Fault;
import io.github.rouse.feature.SoundCheck.Measures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Judges whether a sound suits detection, and says how to fix each fault. */
final class SoundFindings {
  private static final String CHECK = "sound";
  private static final double NOISY = -35; // dB of full scale, of the background
  private static final double LEAST_RISE = 15; // dB of the loudest sample above the background
  private static final String OTHER_DEVICE =
      "another microphone (`rouse devices`, then --device N)";

  private SoundFindings() {}

  /** Judges a file. */
  static List<Finding> of(Path file) throws IOException {
    try (AudioFile audio = AudioFile.open(file)) {
      SoundCheck check = new SoundCheck(Channel.AUTO, audio.channels(), audio.sampleRate());
      audio.play(Channel.AUTO, check::frames, check::heard);
      return of(check);
    }
  }

  /** Judges the sound that a check has seen. */
  static List<Finding> of(SoundCheck check) {
    List<Finding> findings = new ArrayList<>();
    Measures measures = check.measures();
    List<Fault> faults = new ArrayList<>(check.faults());
    if (faults.contains(Fault.SILENT)) {
      findings.add(Finding.fault(CHECK, Fault.SILENT.advice(), remedy(Fault.SILENT)));
      return findings;
    }
    findings.add(Finding.ok(CHECK, line(measures)));
    faults.remove(Fault.FIRST_CHANNEL_SILENT); // a dead channel, see below
    for (Fault fault : faults) {
      findings.add(Finding.warning(CHECK, fault.advice(), remedy(fault)));
    }
    for (int dead : measures.dead()) {
      findings.add(
          Finding.warning(
              CHECK,
              "channel " + dead + " is dead",
              "check its cable; `listen --channel best` leaves it out, while the sound system would"
                  + " mix it in at the cost of level"));
    }
    boolean levelIsWrong = faults.contains(Fault.QUIET) || faults.contains(Fault.CLIPPED);
    if (!levelIsWrong && measures.floor() > NOISY) {
      findings.add(
          Finding.warning(
              CHECK,
              "a loud background: " + decibels(measures.floor()),
              "move the microphone away from fans and loudspeakers and closer to you, switch"
                  + " automatic gain off, or use "
                  + OTHER_DEVICE));
    } else if (!levelIsWrong && measures.peak() - measures.floor() < LEAST_RISE) {
      findings.add(
          Finding.warning(
              CHECK,
              "nothing stands out from the background",
              "speak while it listens; if you did, come closer or raise the recording level"));
    }
    return findings;
  }

  private static String line(Measures measures) {
    return String.format(
        Locale.ROOT,
        "peak %s, background %s, %.1f %% clipped, offset %.3f, bandwidth %.1f kHz",
        decibels(measures.peak()),
        decibels(measures.floor()),
        100 * measures.clipped(),
        measures.offset(),
        measures.bandwidth() / 1000);
  }

  private static String decibels(double level) {
    return Math.round(level) + " dB";
  }

  private static String remedy(Fault fault) {
    return switch (fault) {
      case SILENT ->
          "unmute it: `pactl set-source-mute @DEFAULT_SOURCE@ 0`, or Capture in `alsamixer` (F4);"
              + " look for a switch on the microphone; or use "
              + OTHER_DEVICE;
      case QUIET ->
          "raise it: `pactl set-source-volume @DEFAULT_SOURCE@ 100%`, or Capture and Mic Boost in"
              + " `alsamixer` (F4); come closer";
      case CLIPPED ->
          "lower it: `pactl set-source-volume @DEFAULT_SOURCE@ 50%`, or Capture and Mic Boost in"
              + " `alsamixer` (F4); switch automatic gain off";
      case OFFSET -> "usually harmless; a USB microphone or another input avoids it";
      case COARSE -> "raise the level before the converter, not after it; or use " + OTHER_DEVICE;
      case DULL ->
          "a Bluetooth headset that is also the microphone sends 8 kHz: choose its mSBC profile"
              + " (`pactl list cards`, then `pactl set-card-profile`), or use "
              + OTHER_DEVICE;
      case FIRST_CHANNEL_SILENT, ANOTHER_LOUDER, CHANNELS_DIFFER -> "listen with --channel best";
      case CANCELLED, CHANNELS_SAME -> "leave --channel out";
    };
  }
}
