// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MqttBrokerTest {
  @TempDir Path folder;

  private static MqttBroker of(String url) throws IOException {
    return MqttBroker.of(URI.create(url), null, null);
  }

  @Test
  void portAndUserComeFromTheUrl() throws IOException {
    assertEquals("mqtt://broker:1883", of("mqtt://broker").toString());
    assertEquals("ssl://broker:8883", of("mqtts://broker/").pahoUrl());
    Path password = Files.writeString(folder.resolve("p"), "se cret\nmore\n");
    MqttBroker broker = MqttBroker.of(URI.create("mqtt://anna@[::1]:99"), password, null);
    assertEquals("anna", broker.user());
    assertEquals("se cret", broker.password());
    assertEquals("tcp://[::1]:99", broker.pahoUrl());
    assertEquals("mqtt://anna@[::1]:99", broker.toString());
    assertNull(of("mqtt://broker").user());
  }

  @Test
  void aPasswordInTheUrlIsRefusedAndNotRepeated() {
    IllegalArgumentException problem =
        assertThrows(IllegalArgumentException.class, () -> of("mqtt://anna:secret@broker"));
    assertFalse(problem.getMessage().contains("secret"), problem.getMessage());
    assertTrue(problem.getMessage().contains("--mqtt-password FILE"), problem.getMessage());
  }

  @Test
  void wrongSettingsAreRefused() throws IOException {
    for (String wrong :
        List.of("http://broker", "broker", "mqtt://", "mqtt://broker/path", "mqtt:a")) {
      assertThrows(IllegalArgumentException.class, () -> of(wrong), wrong);
    }
    Path empty = Files.writeString(folder.resolve("empty"), "");
    URI plain = URI.create("mqtt://broker");
    assertThrows(IllegalArgumentException.class, () -> MqttBroker.of(plain, empty, null));
    assertThrows(IllegalArgumentException.class, () -> MqttBroker.of(plain, null, empty));
    URI user = URI.create("mqtts://anna@broker");
    assertThrows(IOException.class, () -> MqttBroker.of(user, empty, null));
    assertThrows(IOException.class, () -> MqttBroker.of(user, null, empty));
    Path nonsense = Files.writeString(folder.resolve("nonsense"), "-----BEGIN CERTIFICATE-----");
    assertThrows(IOException.class, () -> MqttBroker.of(user, null, nonsense));
    assertThrows(IOException.class, () -> MqttBroker.of(user, folder.resolve("none"), null));
  }
}
