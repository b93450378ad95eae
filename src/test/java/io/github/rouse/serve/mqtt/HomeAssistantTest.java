// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The fields are those of home-assistant.io/integrations/device_trigger.mqtt and event.mqtt. */
class HomeAssistantTest {
  private static final Set<String> DEVICE =
      Set.of("identifiers", "name", "manufacturer", "model", "sw_version");

  private final HomeAssistant topics = new HomeAssistant("home/rouse", "1.0");

  private static JsonObject json(Map<String, String> messages, String topic) {
    assertTrue(messages.containsKey(topic), messages.keySet().toString());
    return JsonParser.parseString(messages.get(topic)).getAsJsonObject();
  }

  @Test
  void aWordIsADeviceTriggerAndAnEventEntity() {
    Map<String, String> messages = topics.discovery(List.of("hey nova"));
    assertEquals(2, messages.size());
    JsonObject trigger =
        json(messages, "homeassistant/device_automation/rouse_home_rouse/hey_nova/config");
    assertEquals(
        Set.of("automation_type", "type", "subtype", "topic", "qos", "device", "origin"),
        trigger.keySet());
    assertEquals("trigger", trigger.get("automation_type").getAsString());
    assertEquals("hey nova", trigger.get("subtype").getAsString());
    assertEquals("home/rouse/event/hey_nova", trigger.get("topic").getAsString());
    JsonObject entity = json(messages, "homeassistant/event/rouse_home_rouse/hey_nova/config");
    assertEquals(
        Set.of(
            "name",
            "unique_id",
            "state_topic",
            "event_types",
            "icon",
            "qos",
            "availability_topic",
            "payload_available",
            "payload_not_available",
            "device",
            "origin"),
        entity.keySet());
    assertEquals("[\"detected\"]", entity.get("event_types").toString());
    assertEquals("home/rouse/event/hey_nova", entity.get("state_topic").getAsString());
    assertEquals("home/rouse/status", entity.get("availability_topic").getAsString());
    for (JsonObject message : List.of(trigger, entity)) {
      JsonObject device = message.getAsJsonObject("device");
      assertEquals(DEVICE, device.keySet());
      assertEquals("[\"rouse_home_rouse\"]", device.get("identifiers").toString());
      assertEquals("Rouse", message.getAsJsonObject("origin").get("name").getAsString());
    }
  }

  @Test
  void idsAreLettersAndDigitsAndDiffer() {
    List<String> words =
        List.of("a b", "a_b", "A b", "\u4f60\u597d", "\u4f60\u4eec", "a#/+", "$(x)");
    List<String> ids = words.stream().map(HomeAssistant::id).toList();
    assertEquals("a_b", ids.get(0));
    assertEquals(words.size(), Set.copyOf(ids).size(), ids.toString());
    ids.forEach(id -> assertTrue(id.matches("[a-zA-Z0-9_-]+"), id));
    assertEquals(ids, words.stream().map(HomeAssistant::id).toList());
  }

  @Test
  void aPrefixIsATopic() {
    for (String wrong : List.of("", "/a", "a/", "a//b", "a/#", "+", "$SYS", "a\0")) {
      assertThrows(IllegalArgumentException.class, () -> new HomeAssistant(wrong, "1"), wrong);
    }
  }
}
