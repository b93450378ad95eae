package io.github.rouse.cli;

import io.github.rouse.audio.CaptureDevice;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rouse devices}: what can be listened to. */
@Command(
    name = "devices",
    description = "Lists the capture devices with the formats they really offer.")
final class DevicesCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;

  DevicesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    List<CaptureDevice> devices = CaptureDevice.list();
    for (CaptureDevice device : devices) {
      console.print(device.number() + "  " + device.name() + "  (" + device.description() + ")");
      device.formats().forEach(format -> console.print("     " + format));
    }
    if (devices.isEmpty()) {
      console.say("no capture device: none is plugged in, or the sound system hides them");
      return Main.FAILED;
    }
    return 0;
  }
}
