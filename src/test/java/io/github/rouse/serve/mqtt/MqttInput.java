// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.mqtt;

import io.github.rouse.serve.StreamHub;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Receives what a broker sends, for tests of other packages. */
public final class MqttInput {
  private final MqttDoor door;

  /** Makes a door that connects to no broker. */
  public MqttInput(StreamHub hub) throws IOException {
    door = new MqttDoor(hub, MqttBroker.of(URI.create("mqtt://127.0.0.1:9"), null, null), "rouse");
    door.modelsChanged(hub.models());
  }

  /** Takes a message: a line with its topic, then the payload. */
  public void receive(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n'); // -1 in a message without a topic
    door.received(
        text.substring(0, Math.max(0, end)),
        text.substring(end + 1).getBytes(StandardCharsets.ISO_8859_1),
        /* retained= */ bytes.length % 2 == 0);
  }
}
