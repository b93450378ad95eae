// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.TargetDataLine;

/**
 * Lists the capture devices.
 *
 * <pre>{@code
 * for (CaptureDevices.CaptureDevice device : CaptureDevices.list()) {
 *   System.out.println(device.number() + " " + device.name() + " " + device.sampleRates());
 * }
 * }</pre>
 */
public final class CaptureDevices {
  private static final int[] RATES = {
    8000, 16000, 22050, 32000, 44100, 48000, 88200, 96000, 192000
  };
  private static final int MAX_CHANNELS = 8;

  /**
   * A device and the formats in which it opened. The sound system may convert, so these need not be
   * the hardware's formats.
   *
   * @param number as accepted by {@link Microphone#open}, from 1
   * @param name as accepted by {@link Microphone#open}
   * @param description from the sound system
   * @param sampleRates Hz, that opened; empty if the device is busy
   * @param channels channel counts that opened; empty if the device is busy
   * @param bits per sample, that opened; empty if the device is busy
   */
  public record CaptureDevice(
      int number,
      String name,
      String description,
      NavigableSet<Integer> sampleRates,
      NavigableSet<Integer> channels,
      NavigableSet<Integer> bits) {}

  private CaptureDevices() {}

  /**
   * Lists every device. Opens lines to find the formats that work, which takes a moment.
   *
   * @return the devices; the first is the default
   */
  public static List<CaptureDevice> list() {
    List<CaptureDevice> devices = new ArrayList<>();
    for (Mixer.Info info : mixers()) {
      devices.add(probe(devices.size() + 1, info));
    }
    return devices;
  }

  /**
   * Finds a device.
   *
   * @param nameOrNumber a device's name, a part of exactly one name, a number from 1, or null for
   *     the default
   */
  static Mixer.Info find(String nameOrNumber) throws AudioUnavailableException {
    List<Mixer.Info> all = mixers();
    if (all.isEmpty()) {
      throw new AudioUnavailableException(
          "no capture device: is a microphone connected, and may this user open it?");
    }
    if (nameOrNumber == null) {
      return all.get(0);
    }
    for (Mixer.Info info : all) {
      if (info.getName().equals(nameOrNumber)) {
        return info;
      }
    }
    if (nameOrNumber.matches("[0-9]{1,4}")) {
      int number = Integer.parseInt(nameOrNumber);
      if (number >= 1 && number <= all.size()) {
        return all.get(number - 1);
      }
    }
    String part = nameOrNumber.toLowerCase(Locale.ROOT);
    List<Mixer.Info> matches =
        all.stream().filter(i -> i.getName().toLowerCase(Locale.ROOT).contains(part)).toList();
    if (matches.size() == 1) {
      return matches.get(0);
    }
    String names =
        (matches.isEmpty() ? all : matches)
            .stream()
                .map(i -> (all.indexOf(i) + 1) + " " + i.getName())
                .collect(Collectors.joining(", "));
    throw new AudioUnavailableException(
        (matches.isEmpty() ? "no capture device \"" : "more than one capture device \"")
            + nameOrNumber
            + "\"; available: "
            + names);
  }

  private static List<Mixer.Info> mixers() {
    List<Mixer.Info> found = new ArrayList<>();
    for (Mixer.Info info : AudioSystem.getMixerInfo()) {
      if (AudioSystem.getMixer(info).isLineSupported(new Line.Info(TargetDataLine.class))) {
        found.add(info);
      }
    }
    return found;
  }

  private static CaptureDevice probe(int number, Mixer.Info info) {
    Mixer mixer = AudioSystem.getMixer(info);
    NavigableSet<Integer> rates = new TreeSet<>();
    NavigableSet<Integer> channels = new TreeSet<>();
    NavigableSet<Integer> bits = new TreeSet<>();
    // Tries each value once, not each of a few hundred combinations; the other values of a trial
    // are ones that opened.
    for (int count = 1; count <= MAX_CHANNELS; count++) {
      if (opens(mixer, 48000, count, 16) || opens(mixer, 44100, count, 16)) {
        channels.add(count);
      }
    }
    for (int rate : RATES) {
      if (!channels.isEmpty() && opens(mixer, rate, channels.first(), 16)) {
        rates.add(rate);
      }
    }
    for (int size = 8; size <= 32; size += 8) {
      if (!rates.isEmpty() && opens(mixer, rates.last(), channels.first(), size)) {
        bits.add(size);
      }
    }
    return new CaptureDevice(number, info.getName(), info.getDescription(), rates, channels, bits);
  }

  private static boolean opens(Mixer mixer, int rate, int channels, int bits) {
    AudioFormat format = new AudioFormat(rate, bits, channels, /* signed= */ true, false);
    DataLine.Info info = new DataLine.Info(TargetDataLine.class, format);
    if (!mixer.isLineSupported(info)) {
      return false;
    }
    try (TargetDataLine line = (TargetDataLine) mixer.getLine(info)) {
      line.open(format);
      return line.getFormat().matches(format);
    } catch (LineUnavailableException | IllegalArgumentException | SecurityException e) {
      return false; // the format does not open
    }
  }
}
