// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import io.github.rouse.audio.capture.CaptureDevices;
import io.github.rouse.audio.capture.CaptureDevices.CaptureDevice;
import io.github.rouse.cli.output.DeviceFormats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Checks what lies between Java and the microphone: libraries, the sound server, permissions and
 * devices; all but the devices on Linux only.
 */
final class SoundSystem {
  private static final String SERVER = "sound server";
  private static final String LIBRARY = "library";
  private static final String PERMISSION = "permission";
  private static final String DEVICE = "device";
  private static final int LOWEST_VOLUME = 20; // %, that is not suspicious
  private static final int TELEPHONE = 8000; // Hz
  private static final Path SND = Path.of("/dev/snd");
  private static final Pattern FIELD = Pattern.compile("(?m)^(Server Name|Default Source): (.*)$");
  private static final Pattern PERCENT = Pattern.compile("(\\d+)%");
  private static final Pattern HERTZ = Pattern.compile("(\\d+)Hz");

  private final List<Finding> findings = new ArrayList<>();
  private final boolean isLinux = System.getProperty("os.name").equals("Linux");
  private boolean hasServer;

  private SoundSystem() {}

  static List<Finding> look() {
    SoundSystem system = new SoundSystem();
    if (system.hasJavaSound()) {
      if (system.isLinux) {
        system.lookForLibraries();
        system.askServer();
        system.lookForPlugin();
        system.lookAtPermissions();
      }
      system.listDevices();
    }
    return system.findings;
  }

  private boolean hasJavaSound() {
    try {
      Class.forName("javax.sound.sampled.AudioSystem", false, null);
      return true;
    } catch (ClassNotFoundException e) {
      findings.add(
          Finding.fault(
              LIBRARY,
              "this Java runtime has no sound: it lacks the module java.desktop",
              "use a complete Java runtime, such as Debian's default-jre"));
      return false;
    }
  }

  private void lookForLibraries() {
    boolean hasBridge =
        Files.exists(Path.of(System.getProperty("java.home"), "lib", "libjsound.so"));
    boolean hasAlsa = find("libasound.so.2").isPresent();
    if (!hasBridge) {
      findings.add(
          Finding.fault(
              LIBRARY,
              "libjsound.so is missing from " + System.getProperty("java.home"),
              "install the Java runtime that is not headless, such as Debian's default-jre"));
    }
    if (!hasAlsa) {
      findings.add(
          Finding.fault(
              LIBRARY,
              "libasound.so.2 is missing: Java cannot reach any sound device",
              "apt install libasound2t64 (before Debian 13 and Ubuntu 24.04: libasound2)"));
    }
    if (hasBridge && hasAlsa) {
      findings.add(Finding.ok(LIBRARY, "libjsound.so and libasound.so.2 are there"));
    }
  }

  /** A file in one of the folders of shared libraries, or in their folder of ALSA plug-ins. */
  private static Optional<Path> find(String name) {
    for (String root : List.of("/usr/lib", "/lib", "/usr/lib64", "/usr/local/lib")) {
      try (Stream<Path> folders = Files.list(Path.of(root))) {
        Optional<Path> found =
            Stream.concat(Stream.of(Path.of(root)), folders)
                .flatMap(folder -> Stream.of(folder, folder.resolve("alsa-lib")))
                .map(folder -> folder.resolve(name))
                .filter(Files::exists)
                .findFirst();
        if (found.isPresent()) {
          return found;
        }
      } catch (IOException e) {
        // no such folder here
      }
    }
    return Optional.empty();
  }

  private void askServer() {
    Optional<String> info = SystemProgram.output("pactl", "info");
    if (info.isEmpty()) {
      noServer();
      return;
    }
    hasServer = true;
    String server = "";
    String source = "";
    Matcher field = FIELD.matcher(info.get());
    while (field.find()) {
      if (field.group(1).startsWith("Server")) {
        server = field.group(2);
      } else {
        source = field.group(2);
      }
    }
    String format = formatOf(source);
    findings.add(Finding.ok(SERVER, server + "; default source " + source + format));
    lookAtSource(source, format);
  }

  private void noServer() {
    String runtime = System.getenv("XDG_RUNTIME_DIR");
    boolean isHidden = runtime == null && System.getenv("PULSE_SERVER") == null;
    boolean hasSocket =
        runtime != null
            && (Files.exists(Path.of(runtime, "pulse", "native"))
                || Files.exists(Path.of(runtime, "pipewire-0")));
    if (hasSocket) {
      hasServer = true;
      findings.add(
          Finding.ok(
              SERVER,
              "PipeWire or PulseAudio; install `pactl` (pulseaudio-utils) to check its settings"));
    } else if (isHidden && Files.isDirectory(Path.of("/run/user"))) {
      findings.add(
          Finding.warning(
              SERVER,
              "none that this process can see: XDG_RUNTIME_DIR is not set, as in a system service"
                  + " or under sudo",
              "run it as the user who is logged in, or as that user's service (`rouse service`)"));
    } else {
      findings.add(
          Finding.ok(
              SERVER, "none: ALSA alone, which lets one program at a time use a microphone"));
    }
  }

  /** The format of a source as the server knows it, with a leading blank; empty if unknown. */
  private static String formatOf(String source) {
    return SystemProgram.output("pactl", "list", "short", "sources")
        .orElse("")
        .lines()
        .map(line -> line.split("\t", -1))
        .filter(columns -> columns.length > 3 && columns[1].equals(source))
        .map(columns -> ", " + columns[3])
        .findFirst()
        .orElse("");
  }

  private void lookAtSource(String source, String format) {
    Matcher hertz = HERTZ.matcher(format);
    String mute =
        SystemProgram.output("pactl", "get-source-mute", "@DEFAULT_SOURCE@").orElse("").strip();
    Matcher volume =
        PERCENT.matcher(
            SystemProgram.output("pactl", "get-source-volume", "@DEFAULT_SOURCE@").orElse(""));
    if (source.endsWith(".monitor")) {
      findings.add(
          Finding.warning(
              SERVER,
              "the default source is a monitor: it records what this machine plays, not a microphone",
              "`pactl list short sources`, then `pactl set-default-source NAME`"));
    }
    if (mute.endsWith("yes")) {
      findings.add(
          Finding.fault(
              SERVER, "the default source is muted", "`pactl set-source-mute @DEFAULT_SOURCE@ 0`"));
    }
    if (volume.find() && Integer.parseInt(volume.group(1)) < LOWEST_VOLUME) {
      findings.add(
          Finding.warning(
              SERVER,
              "the default source's volume is " + volume.group(),
              "`pactl set-source-volume @DEFAULT_SOURCE@ 100%`"));
    }
    if (hertz.find() && Integer.parseInt(hertz.group(1)) <= TELEPHONE) {
      findings.add(
          Finding.warning(
              SERVER,
              "the default source has telephone quality, as Bluetooth headsets do: " + source,
              "`pactl list cards`, then `pactl set-card-profile` to one with mSBC; or a microphone"
                  + " with a wire"));
    }
  }

  private void lookForPlugin() {
    boolean hasPlugin =
        find("libasound_module_pcm_pulse.so").isPresent()
            || find("libasound_module_pcm_pipewire.so").isPresent();
    if (hasServer && !hasPlugin) {
      findings.add(
          Finding.warning(
              LIBRARY,
              "ALSA, which Java uses, has no plug-in for the sound server",
              "apt install pipewire-alsa (PipeWire) or libasound2-plugins (PulseAudio)"));
    }
  }

  private void lookAtPermissions() {
    List<Path> captures = new ArrayList<>();
    try (Stream<Path> files = Files.list(SND)) {
      files.filter(file -> file.getFileName().toString().matches("pcm.*c")).forEach(captures::add);
    } catch (IOException e) {
      // no sound card, or a container
    }
    List<Path> closed = captures.stream().filter(file -> !Files.isReadable(file)).toList();
    if (!closed.isEmpty()) {
      String text = closed.get(0) + ": permission denied";
      String remedy = "`sudo usermod -aG audio $USER`, then log in again";
      findings.add(
          hasServer
              ? Finding.warning(PERMISSION, text + "; the sound server can open it", remedy)
              : Finding.fault(PERMISSION, text, remedy));
    } else if (captures.isEmpty()) {
      String text = "no capture device in " + SND;
      findings.add(
          hasServer
              ? Finding.ok(PERMISSION, text + "; the sound server has its own")
              : Finding.fault(
                  PERMISSION,
                  text,
                  "plug a microphone in; in a container, give it `--device /dev/snd --group-add"
                      + " audio`; in a virtual machine, connect its sound input"));
    } else {
      findings.add(Finding.ok(PERMISSION, captures.size() + " capture devices can be opened"));
    }
  }

  private void listDevices() {
    List<CaptureDevice> devices = CaptureDevices.list();
    for (CaptureDevice device : devices) {
      String text = device.number() + " " + device.name() + ": " + DeviceFormats.of(device);
      findings.add(
          device.sampleRates().isEmpty()
              ? Finding.warning(
                  DEVICE,
                  text,
                  "close the program that uses it: `fuser -v /dev/snd/*` names it; or open it"
                      + " through the sound server")
              : Finding.ok(DEVICE, text));
    }
    if (devices.isEmpty()) {
      findings.add(
          Finding.fault(
              DEVICE,
              "no capture device",
              "plug a microphone in and see the lines above; `arecord -L` lists what ALSA has;"
                  + " or let a satellite send its sound over the network: `rouse serve`"));
    }
  }
}
