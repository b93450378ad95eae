// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** systemd's user instance; see systemd.service(5) and systemd.syntax(7). */
record Systemd(Path folder) implements Supervisor {
  @Override
  public Path file(String kind) {
    return folder.resolve(unit(kind));
  }

  private static String unit(String kind) {
    return Service.name(kind) + ".service";
  }

  @Override
  public String text(Service service) {
    StringBuilder command = new StringBuilder(quoted(service.launcher().toString()));
    command.append(' ').append(service.kind());
    for (String option : service.options()) {
      command.append(' ').append(quoted(option.replace("$", "$$"))); // not in a program's name
    }
    StringBuilder environment = new StringBuilder();
    for (Map.Entry<String, String> set : service.environment().entrySet()) {
      environment.append("Environment=").append(quoted(set.getKey() + "=" + set.getValue()));
      environment.append('\n');
    }
    return """
        [Unit]
        Description=%s
        Documentation=https://github.com/rouse/rouse
        After=pipewire-pulse.service pulseaudio.service

        [Service]
        Type=notify
        NotifyAccess=all
        ExecStart=%s
        # a service whose folder is gone still starts
        WorkingDirectory=-%s
        %sRestart=on-failure
        RestartSec=5
        # exit code of wrong usage
        RestartPreventExitStatus=2
        # Java's exit code after SIGTERM
        SuccessExitStatus=143

        [Install]
        WantedBy=default.target
        """
        .formatted(
            service.description(),
            command,
            service.folder().toString().replace("%", "%%"),
            environment);
  }

  /** A word of a setting, in which systemd sees no separator, escape or specifier. */
  static String quoted(String word) {
    String escaped = word.replace("%", "%%");
    if (escaped.matches("[\\w/.,:=@%$+-]+")) {
      return escaped;
    }
    return '"'
        + escaped
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\t", "\\t")
            .replace("\r", "\\r")
        + '"';
  }

  @Override
  public List<List<String>> start(String kind) {
    return List.of(
        systemctl("daemon-reload"),
        systemctl("enable", unit(kind)),
        systemctl("restart", unit(kind)));
  }

  @Override
  public List<List<String>> stop(String kind) {
    return List.of(systemctl("disable", "--now", unit(kind)));
  }

  @Override
  public List<String> status(String kind) {
    return systemctl("status", "--no-pager", unit(kind));
  }

  private static List<String> systemctl(String... arguments) {
    List<String> command = new ArrayList<>(List.of("systemctl", "--user"));
    command.addAll(List.of(arguments));
    return command;
  }
}
