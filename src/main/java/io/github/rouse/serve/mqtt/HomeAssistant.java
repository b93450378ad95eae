// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.mqtt;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The topics under a prefix, and the messages by which Home Assistant finds them: for each word a
 * device trigger and an event entity (home-assistant.io/integrations/mqtt, "MQTT Discovery").
 */
final class HomeAssistant {
  /** Where Home Assistant says that it starts. */
  static final String STATUS = "homeassistant/status";

  static final String ONLINE = "online";
  static final String OFFLINE = "offline";

  /** The type of every event of a word's entity. */
  static final String EVENT_TYPE = "detected";

  private static final List<String> COMPONENTS = List.of("device_automation", "event");
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private final String prefix;
  private final String node; // the prefix as an id: letters, digits, - and _
  private final String version;

  /**
   * The topics under a prefix.
   *
   * @throws IllegalArgumentException if MQTT allows no topic to begin with it
   */
  HomeAssistant(String prefix, String version) {
    if (!prefix.matches("[^#+\\p{Cntrl}/]+(/[^#+\\p{Cntrl}/]+)*") || prefix.startsWith("$")) {
      throw new IllegalArgumentException(
          "topic=" + prefix + ", expected names parted by /, without # and +");
    }
    this.prefix = prefix;
    this.version = version;
    node = prefix.equals("rouse") ? "rouse" : "rouse_" + id(prefix.replace('/', ' '));
  }

  String prefix() {
    return prefix;
  }

  /** An id of this server, the same in each run. */
  String node() {
    return node;
  }

  /** Has {@link #ONLINE} or {@link #OFFLINE}. */
  String availability() {
    return prefix + "/status";
  }

  /** Has the events of a word. */
  String events(String word) {
    return prefix + "/event/" + id(word);
  }

  /** The discovery messages of some words, by topic. */
  Map<String, String> discovery(Collection<String> words) {
    Map<String, String> messages = new LinkedHashMap<>();
    for (String word : words) {
      messages.put(config("device_automation", word), GSON.toJson(trigger(word)));
      messages.put(config("event", word), GSON.toJson(entity(word)));
    }
    return messages;
  }

  /** Filters of all discovery messages of this server, of any word. */
  List<String> allDiscovery() {
    return COMPONENTS.stream()
        .map(component -> "homeassistant/" + component + "/" + node + "/+/config")
        .toList();
  }

  private String config(String component, String word) {
    return "homeassistant/" + component + "/" + node + "/" + id(word) + "/config";
  }

  private Map<String, Object> trigger(String word) {
    Map<String, Object> trigger = new LinkedHashMap<>();
    trigger.put("automation_type", "trigger");
    trigger.put("type", EVENT_TYPE);
    trigger.put("subtype", word);
    trigger.put("topic", events(word));
    trigger.put("qos", 1);
    trigger.put("device", device());
    trigger.put("origin", origin());
    return trigger;
  }

  private Map<String, Object> entity(String word) {
    Map<String, Object> entity = new LinkedHashMap<>();
    entity.put("name", word);
    entity.put("unique_id", node + "_" + id(word));
    entity.put("state_topic", events(word));
    entity.put("event_types", List.of(EVENT_TYPE));
    entity.put("icon", "mdi:account-voice");
    entity.put("qos", 1);
    entity.put("availability_topic", availability());
    entity.put("payload_available", ONLINE);
    entity.put("payload_not_available", OFFLINE);
    entity.put("device", device());
    entity.put("origin", origin());
    return entity;
  }

  private Map<String, Object> device() {
    Map<String, Object> device = new LinkedHashMap<>();
    device.put("identifiers", List.of(node));
    device.put("name", prefix.equals("rouse") ? "Rouse" : "Rouse " + prefix);
    device.put("manufacturer", "Rouse");
    device.put("model", "Wake-word detector");
    device.put("sw_version", version);
    return device;
  }

  private Map<String, Object> origin() {
    return Map.of("name", "Rouse", "sw_version", version);
  }

  /** A word as part of a topic; words that look alike there get a hash. */
  static String id(String word) {
    String id = word.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    return word.matches("[a-z0-9]+( [a-z0-9]+)*") ? id : id + "_" + hash(word);
  }

  private static String hash(String word) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(word.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("SHA-256", e); // every JDK has it
    }
  }
}
