// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import io.github.rouse.audio.Channel;
import io.github.rouse.audio.ChannelSelector;
import io.github.rouse.audio.capture.AudioUnavailableException;
import io.github.rouse.audio.capture.Microphone;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.Meter;
import io.github.rouse.feature.SoundCheck;
import java.util.ArrayList;
import java.util.List;

/** Listens to all channels of a microphone for a while and judges the sound. */
final class MicrophoneTrial implements Microphone.Events {
  private static final String CHECK = "microphone";
  private static final int RATE = 16_000; // Hz, that of the shipped models
  private static final int READ_MILLIS = 200;

  private SoundCheck check; // null before the first sound
  private ChannelSelector selector;
  private int channels;
  private int sampleRate;
  private boolean lost;

  private MicrophoneTrial() {}

  /**
   * Listens; shows the level on a terminal.
   *
   * @param device as for {@link Microphone#open}; null for the default
   * @param seconds of sound
   */
  static List<Finding> run(String device, double seconds, Console console) {
    MicrophoneTrial trial = new MicrophoneTrial();
    List<Finding> findings = new ArrayList<>();
    try (Microphone microphone = Microphone.open(device, Channel.EACH, RATE, trial)) {
      console.progress(microphone.describe());
      Meter meter = new Meter(console, RATE * microphone.channels());
      float[] samples = new float[RATE / 10 * microphone.channels()];
      long end = System.nanoTime() + Math.round(seconds * 1e9);
      while (System.nanoTime() < end) {
        int read = microphone.read(samples, READ_MILLIS);
        meter.accept(samples, 0, Math.max(0, read));
      }
      console.progress("");
      findings.add(Finding.ok(CHECK, microphone.describe()));
    } catch (AudioUnavailableException e) {
      findings.add(
          Finding.fault(
              CHECK,
              Console.describe(e),
              "close the program that uses it (`fuser -v /dev/snd/*`), see the lines above, or"
                  + " choose another with --device"));
      return findings;
    }
    findings.addAll(trial.judgement());
    return findings;
  }

  private synchronized List<Finding> judgement() {
    List<Finding> findings = new ArrayList<>();
    if (check == null) {
      findings.add(
          Finding.fault(
              CHECK,
              "it opens, but delivers no sound",
              "plug it in again, restart the sound server (`systemctl --user restart pipewire` or"
                  + " `pulseaudio -k`), or choose another with --device"));
      return findings;
    }
    findings.addAll(SoundFindings.of(check));
    if (lost) {
      findings.add(
          Finding.warning(
              CHECK, "it stopped for a while", "try another cable or port, without a USB hub"));
    }
    return findings;
  }

  @Override
  public synchronized void lost(String reason) {
    lost = true;
  }

  @Override
  public void recovered(double lostSeconds) {
    // lost() noted it
  }

  @Override
  public synchronized void captured(
      float[] interleaved, float[] heard, int frames, int lineChannels, int lineRate) {
    if (check == null || lineChannels != channels || lineRate != sampleRate) {
      channels = lineChannels;
      sampleRate = lineRate;
      check = new SoundCheck(Channel.AUTO, channels, sampleRate);
      selector = new ChannelSelector(Channel.AUTO, channels, sampleRate);
    }
    float[] mono = new float[frames];
    selector.reduce(interleaved, frames, mono);
    check.frames(interleaved, 0, frames * channels);
    check.heard(mono, 0, frames);
  }
}
