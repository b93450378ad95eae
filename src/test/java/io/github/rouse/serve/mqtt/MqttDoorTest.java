// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rouse.NeedsMosquitto;
import io.github.rouse.model.WakeModel;
import io.github.rouse.serve.Activity;
import io.github.rouse.serve.ModelShelf;
import io.github.rouse.serve.Models;
import io.github.rouse.serve.StreamHub;
import io.github.rouse.serve.Waiting;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@NeedsMosquitto
class MqttDoorTest {
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final String OPEN = "allow_anonymous true";
  private static final String NOVA = "homeassistant/event/rouse/hey_nova/config";

  private record Received(String topic, String payload, boolean retained) {}

  @TempDir Path folder;
  private final StreamHub hub =
      new StreamHub(
          new ModelShelf(List.of(), null, List.of(), WakeModel::read, ModelShelf.INTERVAL));
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  MqttDoorTest() {
    hub.observe(
        new Activity() {
          @Override
          public void notice(String line) {
            notices.add(line);
          }
        });
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private Mosquitto broker(String... lines) throws Exception {
    Mosquitto broker = new Mosquitto(folder, lines);
    open.add(broker::stop);
    return broker;
  }

  private MqttDoor door(String url, Path password, Path authorities) throws IOException {
    MqttBroker broker = MqttBroker.of(URI.create(url), password, authorities);
    MqttDoor door = new MqttDoor(hub, broker, "rouse", PAUSE);
    open.add(door);
    door.open();
    return door;
  }

  private MqttDoor door(Mosquitto broker) throws IOException {
    return door("mqtt://127.0.0.1:" + broker.port, null, null);
  }

  /** Everything that a client receives from now on, retained messages first. */
  private List<Received> listen(Mosquitto broker) throws MqttException {
    List<Received> received = new CopyOnWriteArrayList<>();
    String url = "tcp://127.0.0.1:" + broker.port;
    MqttClient client = new MqttClient(url, "test" + open.size(), new MemoryPersistence());
    open.add(() -> client.disconnectForcibly(0, 100, false));
    client.connect();
    client.subscribe(
        "#",
        1,
        (topic, message) ->
            received.add(
                new Received(
                    topic,
                    new String(message.getPayload(), StandardCharsets.UTF_8),
                    message.isRetained())));
    return received;
  }

  private void send(Mosquitto broker, String topic, String payload) throws MqttException {
    String url = "tcp://127.0.0.1:" + broker.port;
    MqttClient client = new MqttClient(url, "sender", new MemoryPersistence());
    client.connect();
    client.publish(topic, new MqttMessage(payload.getBytes(StandardCharsets.UTF_8)));
    client.disconnect();
    client.close();
  }

  private void words(String... words) {
    Models.Offer offer = new Models.Offer(Path.of("a.onnx"), true, null, List.of(words), null);
    hub.activity().modelsChanged(new Models(List.of(offer)));
  }

  private static TriggerEvent event(String word, float score) {
    Instant time = Instant.parse("2026-11-29T05:00:00.123Z");
    return new TriggerEvent("m", word, 100, 200, 300, 1000, score, null, 0, time);
  }

  private void until(BooleanSupplier holds) throws InterruptedException {
    Waiting.until(holds, () -> notices);
  }

  /** Waits until the latest notice ends so; a broker that is starting may cause others before. */
  private void untilTold(String end) throws InterruptedException {
    until(() -> !notices.isEmpty() && notices.get(notices.size() - 1).endsWith(end));
  }

  private static List<Float> scores(List<Received> received) {
    return received.stream()
        .filter(message -> message.topic().startsWith("rouse/event/"))
        .map(message -> JsonParser.parseString(message.payload()).getAsJsonObject())
        .map(event -> event.get("score").getAsFloat())
        .distinct() // the last one before a loss may come twice
        .toList();
  }

  /** The retained messages of a client that comes now. */
  private Map<String, String> retained(Mosquitto broker) throws Exception {
    List<Received> received = listen(broker);
    Thread.sleep(100);
    return received.stream()
        .filter(Received::retained)
        .collect(Collectors.toMap(Received::topic, Received::payload));
  }

  @Test
  void eventsArriveAndHomeAssistantFindsTheWords() throws Exception {
    Mosquitto broker = broker(OPEN);
    List<Received> received = listen(broker);
    MqttDoor door = door(broker);
    words("hey nova", "jarvis");
    until(() -> received.stream().anyMatch(m -> m.topic().equals(NOVA)));
    hub.activity().event("wyoming:127.0.0.1", event("hey nova", 0.9f));
    until(() -> !scores(received).isEmpty());
    Received event = received.get(received.size() - 1);
    assertEquals("rouse/event/hey_nova", event.topic());
    assertEquals(
        "{\"source\":\"wyoming:127.0.0.1\",\"model\":\"m\",\"word\":\"hey nova\",\"start\":0.100,"
            + "\"end\":0.200,\"at\":0.300,\"score\":0.900000,\"lost_samples\":0,"
            + "\"time\":\"2026-11-29T05:00:00.123Z\",\"event_type\":\"detected\"}",
        event.payload());
    Map<String, String> retained = retained(broker);
    assertEquals("online", retained.get("rouse/status"));
    assertEquals(5, retained.size(), retained.toString()); // no event
    JsonObject trigger =
        JsonParser.parseString(retained.get("homeassistant/device_automation/rouse/jarvis/config"))
            .getAsJsonObject();
    assertEquals("rouse/event/jarvis", trigger.get("topic").getAsString());

    send(broker, HomeAssistant.STATUS, "online");
    until(() -> received.stream().filter(m -> m.topic().equals(NOVA)).count() == 2);
    until(() -> received.stream().filter(m -> m.payload().equals("online")).count() >= 4);

    words("jarvis");
    until(() -> received.contains(new Received(NOVA, "", false)));
    door.close();
    Map<String, String> left = retained(broker);
    assertFalse(left.containsKey(NOVA));
    assertTrue(left.containsKey(NOVA.replace("hey_nova", "jarvis")));
    assertEquals("offline", left.get("rouse/status"));
    assertEquals(List.of(), notices);
  }

  @Test
  void discoveryOfAnEarlierRunIsCleared() throws Exception {
    Mosquitto broker = broker(OPEN);
    words("hey nova");
    MqttDoor first = door(broker);
    words("hey nova", "jarvis");
    List<Received> received = listen(broker);
    until(() -> received.stream().anyMatch(m -> m.topic().equals(NOVA)));
    first.close();
    door(broker);
    words("jarvis");
    until(() -> received.contains(new Received(NOVA, "", false)));
    Map<String, String> left = retained(broker);
    assertTrue(left.containsKey(NOVA.replace("hey_nova", "jarvis")), left.toString());
  }

  @Test
  void aBrokerThatStopsAndStartsLosesNothing() throws Exception {
    Mosquitto broker = broker(OPEN);
    broker.stop();
    MqttDoor door = door(broker); // starts without a broker
    words("nova");
    for (int i = 0; i < 20; i++) {
      hub.activity().event("test", event("nova", i / 100f));
    }
    untilTold("events wait");
    assertEquals(
        List.of(
            "MQTT: mqtt://127.0.0.1:"
                + broker.port
                + ": Connection refused; tries again, events wait"),
        notices);
    broker.start();
    List<Received> first = listen(broker);
    untilTold(": connected");
    hub.activity().event("test", event("nova", 0.5f));
    until(() -> scores(first).contains(0.5f));
    broker.stop();
    for (int i = 60; i < 80; i++) {
      hub.activity().event("test", event("nova", i / 100f));
    }
    untilTold("events wait");
    assertTrue(door.waiting() >= 20, "waiting: " + door.waiting());
    broker.start();
    List<Received> second = listen(broker);
    hub.activity().event("test", event("nova", 1));
    until(() -> scores(second).contains(1f));
    until(() -> door.waiting() == 0);
  }

  @Test
  void noEventIsLostWhileASessionThatStaysIsAway() throws Exception {
    Mosquitto broker = broker(OPEN, "persistence true", "persistence_location " + folder + "/");
    MqttClient client =
        new MqttClient("tcp://127.0.0.1:" + broker.port, "stays", new MemoryPersistence());
    open.add(() -> client.disconnectForcibly(0, 100, false));
    List<Received> received = new CopyOnWriteArrayList<>();
    MqttConnectOptions options = new MqttConnectOptions();
    options.setCleanSession(false);
    client.connect(options);
    client.subscribe("rouse/event/#", 1);
    client.disconnect();
    door(broker);
    words("nova");
    List<Float> expected = IntStream.range(0, 300).mapToObj(i -> i / 300f).toList();
    for (int i = 0; i < 300; i++) {
      hub.activity().event("test", event("nova", i / 300f));
      if (i == 100) {
        broker.stop();
      } else if (i == 200) {
        broker.start();
      }
    }
    Thread.sleep(500);
    client.setCallback(
        new MqttCallback() {
          @Override
          public void connectionLost(Throwable cause) {}

          @Override
          public void messageArrived(String topic, MqttMessage message) {
            received.add(
                new Received(
                    topic, new String(message.getPayload(), StandardCharsets.UTF_8), false));
          }

          @Override
          public void deliveryComplete(IMqttDeliveryToken token) {}
        });
    client.connect(options);
    until(() -> scores(received).size() >= expected.size());
    List<Float> scores = scores(received);
    for (int i = 0; i < 300; i++) {
      assertEquals(expected.get(i), scores.get(i), 1e-6f);
    }
  }

  @Test
  void aWrongPasswordIsToldOnce() throws Exception {
    Mosquitto broker = broker(Mosquitto.user(folder, "anna", "secret"));
    Path password = Files.writeString(folder.resolve("password"), "wrong\n");
    String url = "mqtt://anna@127.0.0.1:" + broker.port;
    MqttDoor refused = door(url, password, null);
    until(() -> !notices.isEmpty());
    Thread.sleep(200); // several tries
    assertEquals(
        List.of(
            "MQTT: " + url + ": the broker refuses the user or password; tries again, events wait"),
        notices);
    refused.close();
    notices.clear();
    Files.writeString(password, "secret\n");
    MqttDoor door = door(url, password, null);
    assertEquals("MQTT: publishes to " + url + ", topics rouse/...", door.describe());
    door.event("test", event("nova", 0.5f));
    until(() -> door.waiting() == 0);
    assertEquals(List.of(), notices);
  }

  @Test
  void theNumberOfDroppedEventsIsToldOnceConnected() throws Exception {
    Mosquitto broker = broker(OPEN);
    broker.stop();
    MqttDoor door = door(broker);
    for (int i = 0; i < EventBacklog.MOST + 3; i++) {
      door.event("test", event("nova", 0.5f));
    }
    until(() -> !notices.isEmpty());
    assertEquals(1, notices.size(), notices.toString());
    broker.start();
    String dropped = ": 3 events were dropped meanwhile";
    until(() -> notices.stream().anyMatch(notice -> notice.endsWith(dropped)));
    assertTrue(notices.stream().anyMatch(n -> n.endsWith(": connected")), notices.toString());
    assertEquals(0, door.waiting());
  }

  @Test
  void aSelfSignedCertificateIsTrustedFromAFile() throws Exception {
    Path store = folder.resolve("broker.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    new ProcessBuilder(
            keytool,
            "-genkeypair",
            "-alias",
            "a",
            "-keyalg",
            "EC",
            "-dname",
            "CN=broker",
            "-ext",
            "san=ip:127.0.0.1",
            "-keystore",
            store.toString(),
            "-storepass",
            "changeit")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    Path certificate = pem("CERTIFICATE", keys.getCertificate("a").getEncoded());
    Path key = pem("PRIVATE KEY", keys.getKey("a", "changeit".toCharArray()).getEncoded());
    Mosquitto broker = broker(OPEN, "certfile " + certificate, "keyfile " + key);
    String url = "mqtts://127.0.0.1:" + broker.port;
    MqttDoor stranger = door(url, null, null);
    until(() -> !notices.isEmpty());
    assertTrue(notices.get(0).contains("unable to find valid certification path"), notices.get(0));
    stranger.close();
    notices.clear();
    MqttDoor door = door(url, null, certificate);
    door.event("test", event("nova", 0.5f));
    until(() -> door.waiting() == 0);
    assertEquals(List.of(), notices);
  }

  private Path pem(String type, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        folder.resolve(type.replace(' ', '-') + ".pem"),
        "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
  }
}
