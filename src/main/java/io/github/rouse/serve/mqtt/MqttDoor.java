// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.mqtt;

import com.google.gson.JsonObject;
import io.github.rouse.file.Problem;
import io.github.rouse.library.Library;
import io.github.rouse.serve.Activity;
import io.github.rouse.serve.Door;
import io.github.rouse.serve.Models;
import io.github.rouse.serve.StreamHub;
import io.github.rouse.trigger.EventJson;
import io.github.rouse.trigger.TriggerEvent;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * Publishes every event to a broker. One thread connects, and connects again after a loss; it
 * delivers the discovery messages of Home Assistant, then the events that wait. An event leaves the
 * queue when the broker has confirmed it (QoS 1), so the loss of a connection may repeat one, but
 * loses none.
 */
public final class MqttDoor implements Door, Activity {
  private static final int QOS = 1;
  // Paho counts a message as in flight for a while after it reported it as delivered.
  private static final int IN_FLIGHT = 10_000;

  private static final int MOST_OBSOLETE = 1000; // topics; a broker may send any number

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10); // with the broker's answers
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final StreamHub hub;
  private final MqttBroker broker;
  private final HomeAssistant topics;
  private final Consumer<String> notices;
  private final Duration firstPause;
  private final EventBacklog backlog = new EventBacklog(System::nanoTime);
  private final Thread thread = new Thread(this::run, "rouse-mqtt");

  // Guarded by this.
  private List<String> words; // null until the models are known
  private boolean announce; // discovery has to be sent
  private final Queue<String> obsolete = new ArrayDeque<>(); // topics of discovery to clear
  private boolean closed;

  private Map<String, String> announced = Map.of(); // discovery by topic; of the thread
  private String said = ""; // the problem last told; of the thread

  /**
   * Makes a closed door.
   *
   * @param prefix of all topics but those of discovery
   * @throws IllegalArgumentException if MQTT allows no such prefix
   */
  public MqttDoor(StreamHub hub, MqttBroker broker, String prefix) {
    this(hub, broker, prefix, FIRST_PAUSE);
  }

  MqttDoor(StreamHub hub, MqttBroker broker, String prefix, Duration firstPause) {
    Library.PAHO.require();
    this.hub = hub;
    this.broker = broker;
    this.firstPause = firstPause;
    String version = MqttDoor.class.getPackage().getImplementationVersion();
    topics = new HomeAssistant(prefix, version == null ? "development" : version);
    notices = line -> hub.activity().notice("MQTT: " + broker + ": " + line);
    thread.setDaemon(true);
  }

  /** Starts to connect; returns at once, whether there is a broker or not. */
  @Override
  public void open() {
    hub.observe(this);
    if (!hub.models().offers().isEmpty()) {
      modelsChanged(hub.models());
    }
    thread.start();
  }

  @Override
  public String describe() {
    return "MQTT: publishes to " + broker + ", topics " + topics.prefix() + "/...";
  }

  @Override
  public void event(String source, TriggerEvent event) {
    JsonObject json = EventJson.of(source, event, Map.of("time", event.time().toString()));
    json.addProperty("event_type", HomeAssistant.EVENT_TYPE);
    backlog.add(topics.events(event.word()), json.toString());
    wake();
  }

  @Override
  public synchronized void modelsChanged(Models models) {
    if (!models.words().equals(words)) {
      words = models.words();
      announce = true;
      notifyAll();
    }
  }

  /** How many events wait for the broker. */
  int waiting() {
    return backlog.size();
  }

  private synchronized void wake() {
    notifyAll();
  }

  /** Takes a message: Home Assistant has started, or discovery of an earlier run is retained. */
  synchronized void received(String topic, byte[] message, boolean retained) {
    String payload = new String(message, StandardCharsets.UTF_8);
    if (!topic.equals(HomeAssistant.STATUS)) {
      if (retained && !payload.isEmpty() && obsolete.size() < MOST_OBSOLETE) {
        obsolete.add(topic);
        notifyAll();
      }
    } else if (payload.equals(HomeAssistant.ONLINE) && words != null) {
      announce = true;
      notifyAll();
    }
  }

  private void run() {
    Duration pause = firstPause;
    try {
      while (!isClosed()) {
        try (Connection connection = new Connection()) {
          pause = firstPause;
          connection.serve();
        } catch (MqttException e) {
          tell(reason(e));
        }
        pause(pause);
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void pause(Duration pause) throws InterruptedException {
    long end = System.nanoTime() + pause.toNanos();
    for (long left = pause.toMillis();
        left > 0 && !closed;
        left = (end - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
  }

  /** Tells a problem once, until there is another one or the broker is back. */
  private void tell(String problem) {
    if (!problem.equals(said) && !isClosed()) {
      said = problem;
      notices.accept(problem);
    }
  }

  private static String reason(MqttException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return switch (e.getReasonCode()) {
      case MqttException.REASON_CODE_FAILED_AUTHENTICATION,
          MqttException.REASON_CODE_NOT_AUTHORIZED ->
          "the broker refuses the user or password; tries again, events wait";
      case MqttException.REASON_CODE_CONNECTION_LOST -> "connection lost; events wait";
      default ->
          cause instanceof UnknownHostException
              ? "no such host; tries again, events wait"
              : Problem.describe(cause) + "; tries again, events wait";
    };
  }

  /** Delivers what waits, if there is a connection, and says that it goes. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(LAST_WORDS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
  }

  /** One connection to the broker. */
  private final class Connection implements MqttCallback, AutoCloseable {
    private final MqttAsyncClient client;
    private boolean lost; // guarded by the door

    Connection() throws MqttException {
      String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
      client =
          new MqttAsyncClient(
              broker.pahoUrl(), topics.node() + "-" + random, new MemoryPersistence());
      client.setCallback(this);
      synchronized (MqttDoor.this) {
        announce = words != null;
        announced = Map.of();
      }
      try {
        client.connect(options()).waitForCompletion(PATIENCE.toMillis());
      } catch (MqttException e) {
        close();
        throw e;
      }
    }

    private MqttConnectOptions options() {
      MqttConnectOptions options = new MqttConnectOptions();
      options.setMaxInflight(IN_FLIGHT);
      options.setConnectionTimeout((int) PATIENCE.toSeconds());
      options.setWill(
          topics.availability(), HomeAssistant.OFFLINE.getBytes(StandardCharsets.UTF_8), QOS, true);
      options.setUserName(broker.user());
      if (broker.password() != null) {
        options.setPassword(broker.password().toCharArray());
      }
      if (broker.trusted() != null) {
        options.setSocketFactory(broker.trusted());
      }
      return options;
    }

    /** Publishes until the connection is lost or the door closed. */
    void serve() throws MqttException, InterruptedException {
      subscribe(HomeAssistant.STATUS);
      for (String filter : topics.allDiscovery()) {
        subscribe(filter);
      }
      reportReturn();
      publish(topics.availability(), HomeAssistant.ONLINE, true); // without models, too
      for (boolean more = true; more; more = await()) {
        announce();
        for (EventBacklog.Message next = backlog.first(); next != null; next = backlog.first()) {
          publish(next.topic(), next.payload(), false);
          backlog.delivered(next);
        }
        reportDropped();
      }
      publish(topics.availability(), HomeAssistant.OFFLINE, true);
    }

    private void reportReturn() {
      if (!said.isEmpty()) {
        said = "";
        notices.accept("connected");
      }
    }

    private void reportDropped() {
      int dropped = backlog.takeDropped();
      if (dropped > 0) {
        notices.accept(
            dropped + (dropped == 1 ? " event was" : " events were") + " dropped meanwhile");
      }
    }

    private void subscribe(String filter) throws MqttException {
      client.subscribe(filter, QOS).waitForCompletion(PATIENCE.toMillis());
    }

    private void publish(String topic, String payload, boolean retained) throws MqttException {
      client
          .publish(topic, payload.getBytes(StandardCharsets.UTF_8), QOS, retained)
          .waitForCompletion(PATIENCE.toMillis());
    }

    /** Sends discovery where it is due, and clears that of words that are gone. */
    private void announce() throws MqttException {
      Map<String, String> now = null;
      Set<String> gone;
      synchronized (MqttDoor.this) {
        if (words == null) {
          return;
        }
        if (announce) {
          now = topics.discovery(words);
        }
        announce = false;
        gone = Set.copyOf(obsolete);
        obsolete.clear();
      }
      if (now != null) {
        for (String topic : announced.keySet()) {
          if (!now.containsKey(topic)) {
            publish(topic, "", true);
          }
        }
        for (Map.Entry<String, String> message : now.entrySet()) {
          publish(message.getKey(), message.getValue(), true);
        }
        announced = now;
        publish(topics.availability(), HomeAssistant.ONLINE, true);
      }
      for (String topic : gone) {
        if (!announced.containsKey(topic)) {
          publish(topic, "", true);
        }
      }
    }

    /** Waits for something to publish; false once the door is closed. */
    private boolean await() throws InterruptedException, MqttException {
      synchronized (MqttDoor.this) {
        boolean ready = words != null && !obsolete.isEmpty();
        while (!closed && !lost && !announce && !ready && backlog.first() == null) {
          MqttDoor.this.wait();
          ready = words != null && !obsolete.isEmpty();
        }
        if (lost) {
          throw new MqttException(MqttException.REASON_CODE_CONNECTION_LOST);
        }
        return !closed || backlog.first() != null;
      }
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      received(topic, message.getPayload(), message.isRetained());
    }

    @Override
    public void connectionLost(Throwable cause) {
      synchronized (MqttDoor.this) {
        lost = true;
        MqttDoor.this.notifyAll();
      }
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {}

    @Override
    public void close() {
      try {
        if (client.isConnected()) {
          client.disconnect(0).waitForCompletion(PATIENCE.toMillis());
        }
      } catch (MqttException e) {
        // it is gone already
      }
      try {
        client.disconnectForcibly(0, 0, false);
      } catch (MqttException e) {
        // it is gone already
      }
      try {
        client.close(true);
      } catch (MqttException e) {
        // nothing more can be done for it
      }
    }
  }
}
