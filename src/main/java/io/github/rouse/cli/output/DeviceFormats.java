// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import io.github.rouse.audio.capture.CaptureDevices.CaptureDevice;
import java.util.Collection;
import java.util.stream.Collectors;

/** The formats of a capture device in one line. */
public final class DeviceFormats {
  private DeviceFormats() {}

  /** The formats that could be opened, or that none could. */
  public static String of(CaptureDevice device) {
    if (device.sampleRates().isEmpty()) {
      return "busy: no line opened";
    }
    return joined(device.sampleRates())
        + " Hz; "
        + joined(device.channels())
        + " channels; "
        + joined(device.bits())
        + " bit";
  }

  private static String joined(Collection<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
