// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.audio.capture.CaptureDevices;
import io.github.rouse.audio.capture.CaptureDevices.CaptureDevice;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.output.Console;
import io.github.rouse.cli.output.DeviceFormats;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rouse devices}: lists capture devices. */
@Command(name = "devices", description = "Lists the capture devices and the formats they support.")
final class DevicesCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;

  DevicesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<CaptureDevice> devices = CaptureDevices.list();
    for (CaptureDevice device : devices) {
      console.print(device.number() + "  " + device.name() + "  (" + device.description() + ")");
      console.print("     " + DeviceFormats.of(device));
    }
    if (devices.isEmpty()) {
      console.say("no capture device: none is plugged in, or the sound system hides them");
      return ExitCode.FAILED;
    }
    return 0;
  }
}
