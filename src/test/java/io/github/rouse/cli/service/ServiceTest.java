// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS) // paths in the texts
class ServiceTest {
  private static final Service SERVICE =
      new Service(
          "listen",
          Path.of("/opt/my rouse/bin/rouse"),
          List.of("--model", "jarvis", "--exec", "notify-send \"$ROUSE_WORD\" '100 % <&>\\'"),
          Path.of("/home/anna/50 %"),
          Map.of("JAVA_HOME", "/usr/lib/jvm/my java"));

  @Test
  void aUnitKeepsQuotesDollarsAndPercents() {
    Systemd systemd = new Systemd(Path.of("/home/anna/.config/systemd/user"));
    assertEquals(
        """
        [Unit]
        Description=Rouse: listens to the microphone for words
        Documentation=https://github.com/rouse/rouse
        After=pipewire-pulse.service pulseaudio.service

        [Service]
        Type=notify
        NotifyAccess=all
        ExecStart="/opt/my rouse/bin/rouse" listen --model jarvis --exec "notify-send \\"$$ROUSE_WORD\\" '100 %% <&>\\\\'"
        # a service whose folder is gone still starts
        WorkingDirectory=-/home/anna/50 %%
        Environment="JAVA_HOME=/usr/lib/jvm/my java"
        Restart=on-failure
        RestartSec=5
        # exit code of wrong usage
        RestartPreventExitStatus=2
        # Java's exit code after SIGTERM
        SuccessExitStatus=143

        [Install]
        WantedBy=default.target
        """,
        systemd.text(SERVICE));
    assertEquals(
        Path.of("/home/anna/.config/systemd/user/rouse-listen.service"), systemd.file("listen"));
    assertEquals(
        List.of("systemctl", "--user", "restart", "rouse-listen.service"),
        systemd.start("listen").get(2));
  }

  @Test
  void systemdGetsWordsWhole() {
    assertEquals("--model", Systemd.quoted("--model"));
    assertEquals("\"\"", Systemd.quoted(""));
    assertEquals("\";\"", Systemd.quoted(";"));
    assertEquals("\"a b\"", Systemd.quoted("a b"));
    assertEquals("\"two\\nlines\"", Systemd.quoted("two\nlines"));
    assertEquals("%%h", Systemd.quoted("%h"));
    assertEquals("\"für ☃\"", Systemd.quoted("für ☃"));
    assertEquals("\"it's\"", Systemd.quoted("it's"));
    assertEquals("\"\\\\x41\"", Systemd.quoted("\\x41"));
  }

  @Test
  void aLaunchAgentIsAPropertyList() throws Exception {
    Launchd launchd = new Launchd(Path.of("/Users/anna/Library"));
    String text = launchd.text(SERVICE);
    assertEquals(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
        <plist version="1.0">
        <dict>
          <key>Label</key>
          <string>io.github.rouse.listen</string>
          <key>ProgramArguments</key>
          <array>
            <string>/opt/my rouse/bin/rouse</string>
            <string>listen</string>
            <string>--model</string>
            <string>jarvis</string>
            <string>--exec</string>
            <string>notify-send "$ROUSE_WORD" '100 % &lt;&amp;&gt;\\'</string>
          </array>
          <key>EnvironmentVariables</key>
          <dict>
            <key>JAVA_HOME</key>
            <string>/usr/lib/jvm/my java</string>
          </dict>
          <key>WorkingDirectory</key>
          <string>/home/anna/50 %</string>
          <key>RunAtLoad</key>
          <true/>
          <key>KeepAlive</key>
          <dict>
            <key>SuccessfulExit</key>
            <false/>
          </dict>
          <key>StandardOutPath</key>
          <string>/Users/anna/Library/Logs/rouse-listen.log</string>
          <key>StandardErrorPath</key>
          <string>/Users/anna/Library/Logs/rouse-listen.log</string>
        </dict>
        </plist>
        """,
        text);
    parse(text.replaceFirst("<!DOCTYPE.*\n", "")); // the type is in the network
    assertEquals(
        Path.of("/Users/anna/Library/LaunchAgents/io.github.rouse.listen.plist"),
        launchd.file("listen"));
  }

  @Test
  void aScheduledTaskIsXml() throws Exception {
    TaskScheduler scheduler = new TaskScheduler(Path.of("rouse"));
    Service service =
        new Service(
            "serve",
            Path.of("C:\\Program Files\\rouse\\bin\\rouse.cmd"),
            List.of("--models", "my models\\", "--web", "127.0.0.1:8080"),
            Path.of("C:\\Users\\anna & co"),
            Map.of());
    String text = scheduler.text(service);
    assertEquals(
        """
        <?xml version="1.0" encoding="UTF-16"?>
        <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
          <RegistrationInfo>
            <Description>Rouse: detects words for other programs</Description>
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
              <Command>"C:\\Program Files\\rouse\\bin\\rouse.cmd"</Command>
              <Arguments>serve --models "my models\\\\" --web 127.0.0.1:8080</Arguments>
              <WorkingDirectory>C:\\Users\\anna &amp; co</WorkingDirectory>
            </Exec>
          </Actions>
        </Task>
        """,
        text);
    parse(text.replace("UTF-16", "UTF-8"));
    byte[] bytes = text.getBytes(scheduler.charset());
    assertEquals("feff", "%02x%02x".formatted(bytes[0], bytes[1]));
  }

  @Test
  void aScheduledTaskRefusesWhatCmdWouldExpand() {
    TaskScheduler scheduler = new TaskScheduler(Path.of("rouse"));
    assertEquals(
        "option=%TEMP%, expected no quotes, % or line ends, which cmd cannot pass",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    scheduler.text(
                        new Service(
                            "listen", Path.of("rouse"), List.of("%TEMP%"), Path.of("."), Map.of())))
            .getMessage());
  }

  private static void parse(String xml) throws Exception {
    assertTrue(
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
            .getDocumentElement()
            .hasChildNodes());
  }
}
