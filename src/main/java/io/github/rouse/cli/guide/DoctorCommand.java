// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import io.github.rouse.cli.guide.Finding.Severity;
import io.github.rouse.cli.options.CommonOptions;
import io.github.rouse.cli.options.ExitCode;
import io.github.rouse.cli.options.ModelFiles;
import io.github.rouse.cli.options.UserData;
import io.github.rouse.cli.output.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rouse doctor}: checks what listening needs. */
@Command(
    name = "doctor",
    description =
        "Checks this machine: Java, sound system, microphones, models, ports. Listens for ten"
            + " seconds and judges the sound. Says how to fix each problem.",
    footer = "Exits with 1 if `rouse listen` could not work.")
public final class DoctorCommand implements Callable<Integer> {
  private final Console console;

  @Mixin CommonOptions common;

  @Mixin ModelFiles models;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "Judge a sound file, such as a recording made with the microphone, and nothing else.")
  Path file;

  @Option(names = "--device", paramLabel = "NAME|N", description = "As for listen.")
  String device;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long to listen; 0 skips that. Default: ${DEFAULT-VALUE}.")
  double duration;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "The output format. Default: ${DEFAULT-VALUE}.")
  FindingFormat format;

  public DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (!(duration >= 0 && duration <= 3600)) {
      throw new IllegalArgumentException("duration=" + duration + ", expected 0 to 3600");
    }
    List<Finding> findings = file != null ? SoundFindings.of(file) : ofMachine();
    format.lines(findings).forEach(console::print);
    boolean isFaulty = Finding.isFaulty(findings);
    common
        .notes(console)
        .accept(
            (isFaulty ? "listen cannot work" : "listen can work")
                + counted(findings, Severity.FAULT, "fault")
                + counted(findings, Severity.WARNING, "warning"));
    return isFaulty ? ExitCode.FAILED : 0;
  }

  private static String counted(List<Finding> findings, Severity level, String noun) {
    long count = Finding.count(findings, level);
    return count == 0 ? "" : ", " + count + " " + noun + (count == 1 ? "" : "s");
  }

  private List<Finding> ofMachine() throws IOException {
    List<Finding> findings = new ArrayList<>(ProgramFindings.ofJava());
    List<Path> own = ModelFiles.in(UserData.models());
    List<Path> given = models.given();
    findings.addAll(
        given.isEmpty()
            ? ProgramFindings.ofModels(ModelFiles.shipped(), own)
            : ProgramFindings.ofModels(given, List.of()));
    List<Finding> system = SoundSystem.look();
    findings.addAll(system);
    if (duration > 0 && hasDevice(system)) {
      common
          .notes(console)
          .accept(String.format(Locale.ROOT, "listening for %.0f s: say a few words", duration));
      findings.addAll(MicrophoneTrial.run(device, duration, console));
    }
    findings.addAll(ProgramFindings.ofPorts());
    return findings;
  }

  private static boolean hasDevice(List<Finding> system) {
    return system.stream()
        .anyMatch(finding -> finding.check().equals("device") && finding.level() != Severity.FAULT);
  }
}
