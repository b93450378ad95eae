// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.service;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The Task Scheduler of Windows, which reads a task from an XML file. */
record TaskScheduler(Path folder) implements Supervisor {
  @Override
  public Path file(String kind) {
    return folder.resolve(Service.name(kind) + ".xml");
  }

  private static String task(String kind) {
    return "Rouse " + kind;
  }

  @Override
  public String text(Service service) {
    String options =
        service.options().stream()
            .map(option -> " " + quoted(option))
            .collect(Collectors.joining());
    return """
        <?xml version="1.0" encoding="UTF-16"?>
        <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
          <RegistrationInfo>
            <Description>%s</Description>
          </RegistrationInfo>
          <Triggers>
            <LogonTrigger/>
          </Triggers>
          <Settings>
            <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
            <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
            <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
            <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
            <RestartOnFailure>
              <Interval>PT1M</Interval>
              <Count>255</Count>
            </RestartOnFailure>
          </Settings>
          <Actions>
            <Exec>
              <Command>%s</Command>
              <Arguments>%s</Arguments>
              <WorkingDirectory>%s</WorkingDirectory>
            </Exec>
          </Actions>
        </Task>
        """
        .formatted(
            Xml.text(service.description()),
            Xml.text(quoted(service.launcher().toString())),
            Xml.text(service.kind() + options),
            Xml.text(service.folder().toString()));
  }

  /**
   * An argument for the batch file {@code rouse.cmd}.
   *
   * @throws IllegalArgumentException if it cannot be quoted: cmd expands variables even in quotes
   */
  private static String quoted(String argument) {
    if (argument.matches("(?s).*[\"%\\r\\n].*")) {
      throw new IllegalArgumentException(
          "option=" + argument + ", expected no quotes, % or line ends, which cmd cannot pass");
    }
    if (argument.matches("[\\w\\\\/.:-]+")) {
      return argument;
    }
    String ending = argument.endsWith("\\") ? "\\" : ""; // else it would escape the quote
    return '"' + argument + ending + '"';
  }

  /** What schtasks reads. */
  @Override
  public Charset charset() {
    return StandardCharsets.UTF_16;
  }

  @Override
  public List<List<String>> start(String kind) {
    String file = file(kind).toString();
    return List.of(
        List.of("schtasks", "/Create", "/F", "/TN", task(kind), "/XML", file),
        List.of("schtasks", "/Run", "/TN", task(kind)));
  }

  @Override
  public List<List<String>> stop(String kind) {
    return List.of(
        List.of("schtasks", "/End", "/TN", task(kind)),
        List.of("schtasks", "/Delete", "/F", "/TN", task(kind)));
  }

  @Override
  public List<String> status(String kind) {
    return List.of("schtasks", "/Query", "/V", "/FO", "LIST", "/TN", task(kind));
  }
}
