// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.reliability;

import com.google.gson.JsonParser;
import io.github.rouse.Detector;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleCollector;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.serve.mqtt.Mosquitto;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallbackExtended;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * Ten clients at a time send sound to {@code rouse serve}, half of them by WebSocket, half by
 * Wyoming: {@code src/test/scripts/serve-soak MINUTES}. They come and go; some disconnect early,
 * some die during a message. A broker restarts meanwhile. All detections must be those of a
 * detector on the same sound, all must reach the broker, and the server must not grow.
 */
public final class ServeSoak {
  private static final int CLIENTS = 10; // at a time
  private static final int LONGEST = 60; // seconds of a client's sound
  private static final int RESTARTS = 6; // of the broker
  private static final long BROKER_AWAY = 5000; // ms
  private static final int FIGURES = 30; // of the server's size, at even intervals
  private static final int WARM_UP_MINUTES = 10; // a shorter soak may grow
  private static final int MOST_GROWTH = 5000; // kB, from the middle to the last third
  private static final int MOST_MORE = 4; // threads or files, as clients come and go

  /** The server's resident memory, threads and open files. */
  private record Figure(long kilobytes, long threads, long files) {}

  private final SplittableRandom random = new SplittableRandom(1);
  private final Mosquitto broker;
  private final int web;
  private final int wyoming;
  private final Process server;
  private final List<WakeModel> models = new ArrayList<>();
  private final List<byte[]> sounds = new ArrayList<>(); // PCM
  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<String> published = new ConcurrentLinkedQueue<>();
  private final Queue<String> lines = new ConcurrentLinkedQueue<>(); // of the server
  private final Queue<String> problems = new ConcurrentLinkedQueue<>();
  private final AtomicInteger ended = new AtomicInteger(); // clients that sent all
  private final AtomicInteger left = new AtomicInteger(); // early
  private final AtomicInteger died = new AtomicInteger(); // during a message
  private final AtomicInteger events = new AtomicInteger(); // of all clients

  private ServeSoak(String rouse, Path folder) throws IOException, InterruptedException {
    broker =
        new Mosquitto(
            folder,
            "allow_anonymous true",
            "persistence true", // sessions, too
            "persistence_location " + folder + "/");
    web = freePort();
    wyoming = freePort();
    ProcessBuilder command =
        new ProcessBuilder(
            rouse,
            "serve",
            "--no-microphone",
            "--web",
            "127.0.0.1:" + web,
            "--wyoming",
            "tcp://127.0.0.1:" + wyoming,
            "--mqtt",
            "mqtt://127.0.0.1:" + broker.port);
    command.environment().put("HOME", folder.toString()); // no models and thresholds of the user's
    server = command.start();
    thread(this::readLines);
    for (String word : List.of("alexa", "computer", "jarvis")) {
      models.add(WakeModel.read(Path.of("models", word + ".onnx")));
    }
    try (Stream<Path> files = Files.list(Path.of("audio-samples"))) {
      for (Path file :
          files.filter(f -> f.toString().matches(".*\\.(flac|ogg|wav)")).sorted().toList()) {
        sounds.add(read(file));
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private static byte[] read(Path file) throws IOException {
    SampleCollector collected = new SampleCollector();
    try (AudioFile audio = AudioFile.open(file)) {
      Resampler resampler = new Resampler(audio.sampleRate(), SoundClient.RATE);
      audio.play(Channel.AUTO, (block, from, n) -> resampler.accept(block, from, n, collected));
    }
    ByteArrayOutputStream pcm = new ByteArrayOutputStream();
    for (float sample : collected.samples()) {
      short value = SampleFormat.toSixteenBits(sample);
      pcm.write(value);
      pcm.write(value >> 8);
    }
    return pcm.toByteArray();
  }

  private interface Work {
    void run() throws IOException, InterruptedException;
  }

  private Thread thread(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException | InterruptedException | RuntimeException e) {
                problems.add(e.toString());
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void readLines() throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(server.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    }
  }

  /** Runs the soak; returns whether all went well. */
  private boolean run(double minutes) throws Exception {
    awaitReady();
    MqttAsyncClient subscriber = subscribe();
    Figure idle = figure();
    long end = System.nanoTime() + Math.round(minutes * 60e9);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      boolean isWeb = i % 2 == 0;
      SplittableRandom own = random.split();
      threads.add(
          thread(
              () -> {
                while (System.nanoTime() < end) {
                  talk(isWeb ? new SoundClient.Web(web) : new SoundClient.Wyoming(wyoming), own);
                }
              }));
    }
    threads.add(thread(() -> restartBroker(minutes)));
    List<Figure> figures = new ArrayList<>();
    for (int i = 1; i <= FIGURES; i++) {
      TimeUnit.NANOSECONDS.sleep(
          end - System.nanoTime() - Math.round((1 - (double) i / FIGURES) * minutes * 60e9));
      Figure now = figure();
      figures.add(now);
      print(minutes * i / FIGURES, now);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    boolean isWell = report(minutes, idle, figures);
    subscriber.disconnectForcibly(0, 0, false);
    return isWell;
  }

  private void awaitReady() throws IOException, InterruptedException {
    for (int tries = 0; tries < 300; tries++) {
      try {
        if (get("/health").contains("\"ok\"")) {
          return;
        }
      } catch (IOException e) {
        // not yet open
      }
      if (!server.isAlive()) {
        break;
      }
      Thread.sleep(200);
    }
    throw new IOException("the server did not start: " + lines);
  }

  private String get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + web + path);
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  /** Receives every event that the broker gets, also after a restart. */
  private MqttAsyncClient subscribe() throws MqttException {
    MqttAsyncClient client =
        new MqttAsyncClient("tcp://127.0.0.1:" + broker.port, "soak", new MemoryPersistence());
    MqttConnectOptions options = new MqttConnectOptions();
    options.setCleanSession(false);
    options.setAutomaticReconnect(true);
    options.setMaxReconnectDelay(1000);
    client.setCallback(
        new MqttCallbackExtended() {
          @Override
          public void connectComplete(boolean reconnect, String uri) {}

          @Override
          public void connectionLost(Throwable cause) {}

          @Override
          public void messageArrived(String topic, MqttMessage message) {
            published.add(new String(message.getPayload(), StandardCharsets.UTF_8));
          }

          @Override
          public void deliveryComplete(IMqttDeliveryToken token) {}
        });
    client.connect(options).waitForCompletion();
    client.subscribe("rouse/event/#", 1).waitForCompletion();
    return client;
  }

  private void restartBroker(double minutes) throws IOException, InterruptedException {
    for (int i = 0; i < RESTARTS; i++) {
      Thread.sleep(Math.max(0, Math.round(minutes * 60_000 / (RESTARTS + 1)) - BROKER_AWAY));
      broker.stop();
      Thread.sleep(BROKER_AWAY);
      broker.start();
    }
  }

  /** One client's life. */
  private void talk(SoundClient client, SplittableRandom own)
      throws IOException, InterruptedException {
    byte[] pcm = sound(own);
    List<String> expected = new ArrayList<>();
    try (Detector detector =
        new Detector(
            models,
            SoundClient.RATE,
            Engine.NATIVE,
            event -> expected.add(client.expected(event)))) {
      detector.acceptBytes(pcm, 0, pcm.length);
      detector.finish();
    }
    int fate = own.nextInt(4); // two of four send all
    int until = fate < 2 ? pcm.length : own.nextInt(pcm.length / 2) * 2;
    boolean isDone = false;
    try (client) {
      client.begin();
      long begun = System.nanoTime();
      for (int at = 0; at < until; at += 2 * SoundClient.CHUNK) {
        client.send(pcm, at);
        long due = begun + (at / 2 + SoundClient.CHUNK) * 1_000_000_000L / SoundClient.RATE;
        LockSupport.parkNanos(due - System.nanoTime());
      }
      if (fate == 2) {
        client.die(pcm, until);
        died.incrementAndGet();
      } else if (fate == 3) {
        left.incrementAndGet();
      } else {
        isDone = client.end();
        ended.incrementAndGet();
        if (!isDone) {
          problems.add("no answer to all of the sound");
        }
      }
    }
    List<String> detected = List.copyOf(client.detected);
    events.addAndGet(detected.size());
    boolean same =
        isDone
            ? detected.equals(expected)
            : detected.size() <= expected.size()
                && detected.equals(expected.subList(0, detected.size()));
    if (!same) {
      problems.add("detected " + detected + ", expected " + expected);
    }
  }

  /** Some of the samples one after another, from anywhere in the first. */
  private byte[] sound(SplittableRandom own) {
    ByteArrayOutputStream pcm = new ByteArrayOutputStream();
    int length = 2 * SoundClient.RATE * (5 + own.nextInt(LONGEST - 5));
    while (pcm.size() < length) {
      byte[] next = sounds.get(own.nextInt(sounds.size()));
      pcm.writeBytes(
          Arrays.copyOfRange(
              next, pcm.size() == 0 ? own.nextInt(next.length / 2) / 2 * 2 : 0, next.length));
    }
    return Arrays.copyOf(pcm.toByteArray(), length);
  }

  private Figure figure() throws IOException {
    long kilobytes = 0;
    long threads = 0;
    for (String line : Files.readAllLines(Path.of("/proc/" + server.pid() + "/status"))) {
      String[] words = line.split("\\s+", -1);
      kilobytes = words[0].equals("VmRSS:") ? Long.parseLong(words[1]) : kilobytes;
      threads = words[0].equals("Threads:") ? Long.parseLong(words[1]) : threads;
    }
    try (Stream<Path> files = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
      return new Figure(kilobytes, threads, files.count());
    }
  }

  private void print(double minutes, Figure figure) {
    System.out.printf(
        Locale.ROOT,
        "%5.1f min: %d clients sent all, %d left, %d died during a message; %d events, %d problems;"
            + " %.1f MB resident, %d threads, %d files%n",
        minutes,
        ended.get(),
        left.get(),
        died.get(),
        events.get(),
        problems.size(),
        figure.kilobytes / 1e3,
        figure.threads,
        figure.files);
  }

  /** Prints the totals; returns whether all went well. */
  private boolean report(double minutes, Figure idle, List<Figure> figures)
      throws IOException, InterruptedException {
    long counted = counted();
    for (int tries = 0;
        tries < 100
            && (published.stream().distinct().count() < counted
                || !get("/health").contains("\"streams\":0"));
        tries++) {
      Thread.sleep(200);
    }
    long streams =
        JsonParser.parseString(get("/health")).getAsJsonObject().get("streams").getAsLong();
    long arrived = published.stream().distinct().count();
    long back = lines.stream().filter(line -> line.endsWith(": connected")).count();
    Figure last = figure();
    System.out.printf(
        Locale.ROOT,
        "%d clients; %d events to them; %d events of the server, %d at the broker, %d of them twice; %d restarts of the broker, %d noticed; afterwards %d streams, %d files (%d before)%n",
        ended.get() + left.get() + died.get(),
        events.get(),
        counted,
        arrived,
        published.size() - arrived,
        RESTARTS,
        back,
        streams,
        last.files,
        idle.files);
    problems.forEach(System.out::println);
    boolean isFlat = minutes < WARM_UP_MINUTES || isFlat(figures);
    return problems.isEmpty()
        && server.isAlive()
        && events.get() > 0
        && arrived == counted
        && back == RESTARTS
        && streams == 0
        && isFlat;
  }

  /** Events that the server counted. */
  private long counted() throws IOException, InterruptedException {
    return Math.round(
        get("/metrics")
            .lines()
            .filter(line -> line.startsWith("rouse_events_total"))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
            .sum());
  }

  /** Compares the middle third of the time with the last. */
  private static boolean isFlat(List<Figure> figures) {
    int third = figures.size() / 3;
    List<Figure> middle = figures.subList(third, 2 * third);
    List<Figure> last = figures.subList(2 * third, figures.size());
    Figure before = most(middle);
    Figure after = most(last);
    System.out.printf(
        Locale.ROOT,
        "peak in the middle third: %.1f MB, %d threads, %d files; in the last third: %.1f MB, %d threads, %d files%n",
        before.kilobytes / 1e3,
        before.threads,
        before.files,
        after.kilobytes / 1e3,
        after.threads,
        after.files);
    return after.kilobytes <= before.kilobytes + MOST_GROWTH
        && after.threads <= before.threads + MOST_MORE
        && after.files <= before.files + MOST_MORE;
  }

  private static Figure most(List<Figure> figures) {
    return new Figure(
        figures.stream().mapToLong(Figure::kilobytes).max().orElseThrow(),
        figures.stream().mapToLong(Figure::threads).max().orElseThrow(),
        figures.stream().mapToLong(Figure::files).max().orElseThrow());
  }

  private void close() throws InterruptedException {
    server.destroy();
    server.waitFor(20, TimeUnit.SECONDS);
    broker.stop();
  }

  /** Runs a soak; the arguments are the launcher, an empty folder and the minutes. */
  public static void main(String[] args) throws Exception {
    ServeSoak soak = new ServeSoak(args[0], Path.of(args[1]));
    boolean isWell;
    try {
      isWell = soak.run(Double.parseDouble(args[2]));
    } finally {
      soak.close();
    }
    if (!isWell) {
      System.out.println("FAILED");
    }
    System.exit(isWell ? 0 : 1);
  }
}
