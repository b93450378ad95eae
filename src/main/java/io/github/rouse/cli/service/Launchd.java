// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.service;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** launchd on macOS; see launchd.plist(5). */
record Launchd(Path library) implements Supervisor {
  @Override
  public Path file(String kind) {
    return library.resolve("LaunchAgents").resolve(label(kind) + ".plist");
  }

  private static String label(String kind) {
    return "io.github.rouse." + kind;
  }

  @Override
  public String text(Service service) {
    StringBuilder arguments = new StringBuilder();
    arguments.append(line(4, "string", service.launcher().toString()));
    arguments.append(line(4, "string", service.kind()));
    service.options().forEach(option -> arguments.append(line(4, "string", option)));
    StringBuilder environment = new StringBuilder();
    for (Map.Entry<String, String> set : service.environment().entrySet()) {
      environment.append(line(4, "key", set.getKey())).append(line(4, "string", set.getValue()));
    }
    String log = library.resolve("Logs").resolve(Service.name(service.kind()) + ".log").toString();
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
        <plist version="1.0">
        <dict>
          <key>Label</key>
          <string>%s</string>
          <key>ProgramArguments</key>
          <array>
        %s  </array>
          <key>EnvironmentVariables</key>
          <dict>
        %s  </dict>
          <key>WorkingDirectory</key>
        %s  <key>RunAtLoad</key>
          <true/>
          <key>KeepAlive</key>
          <dict>
            <key>SuccessfulExit</key>
            <false/>
          </dict>
          <key>StandardOutPath</key>
        %s  <key>StandardErrorPath</key>
        %s</dict>
        </plist>
        """
        .formatted(
            label(service.kind()),
            arguments,
            environment,
            line(2, "string", service.folder().toString()),
            line(2, "string", log),
            line(2, "string", log));
  }

  private static String line(int indent, String element, String text) {
    return " ".repeat(indent) + "<" + element + ">" + Xml.text(text) + "</" + element + ">\n";
  }

  @Override
  public List<List<String>> start(String kind) {
    return List.of(List.of("launchctl", "load", "-w", file(kind).toString()));
  }

  @Override
  public List<List<String>> stop(String kind) {
    return List.of(List.of("launchctl", "unload", "-w", file(kind).toString()));
  }

  @Override
  public List<String> status(String kind) {
    return List.of("launchctl", "list", label(kind));
  }
}
