// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.serve.Door;
import io.github.rouse.serve.StreamHub;
import io.github.rouse.serve.mqtt.MqttBroker;
import io.github.rouse.serve.mqtt.MqttDoor;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The server's MQTT broker. */
final class MqttOptions {
  @Option(
      names = "--mqtt",
      paramLabel = "URL",
      description =
          "Publish events to this broker: mqtt(s)://[USER@]HOST[:PORT]. Home Assistant finds a"
              + " device trigger and an event entity for each word by itself.")
  URI url;

  @Option(
      names = "--topic",
      paramLabel = "PREFIX",
      defaultValue = "rouse",
      description = "What all MQTT topics begin with. Default: ${DEFAULT-VALUE}.")
  String topic;

  @Option(
      names = "--mqtt-password",
      paramLabel = "FILE",
      description = "The password of the URL's user: the first line of FILE.")
  Path password;

  @Option(
      names = "--mqtt-ca",
      paramLabel = "FILE",
      description =
          "The certificates (PEM) that mqtts:// trusts, such as the broker's own. Default: those of"
              + " Java.")
  Path authorities;

  /** Whether there is a broker. */
  boolean given() {
    return url != null;
  }

  /** The door to the broker, if there is one. */
  Optional<Door> door(StreamHub hub) throws IOException {
    if (url == null) {
      if (password != null || authorities != null) {
        throw new IllegalArgumentException("--mqtt-password and --mqtt-ca need --mqtt URL");
      }
      return Optional.empty();
    }
    return Optional.of(new MqttDoor(hub, MqttBroker.of(url, password, authorities), topic));
  }
}
