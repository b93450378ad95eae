// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What {@code src/test/scripts/serve-beside-listen} prints: how much later than from {@code rouse
 * listen} events come from {@code rouse serve}, and what streams cost the server.
 */
final class ServeBesideListen {
  private static final int WEB = 18_095;
  private static final int WYOMING = 18_096;
  private static final String WYOMING_ADDRESS = "tcp://127.0.0.1:" + WYOMING;
  private static final int RATE = 16_000; // Hz
  private static final int CHUNK = 1024; // samples, as satellites send
  private static final int WARM_SECONDS = 60;
  private static final int MEASURED_SECONDS = 45;

  private record Heard(String word, long nanos) {}

  private ServeBesideListen() {}

  /** Arguments: the launcher, WAV files of words and of talk at 16 kHz, and a number of streams. */
  public static void main(String[] args) throws Exception {
    String rouse = args[0];
    Path words = Path.of(args[1]);
    Process listen = start(rouse, "listen", "--format", "jsonl", "--quiet");
    Process serve =
        start(rouse, "serve", "--web", "127.0.0.1:" + WEB, "--wyoming", WYOMING_ADDRESS);
    Process microphone =
        start("parec", "--rate=" + RATE, "--channels=1", "--format=s16le", "--latency-msec=20");
    try {
      TimeUnit.SECONDS.sleep(10); // both have begun
      Queue<Heard> listened = lines(listen.getInputStream());
      Queue<Heard> page = lines(events());
      Queue<Heard> satellite = new ConcurrentLinkedQueue<>();
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), WYOMING)) {
        detections(socket, satellite);
        background(() -> send(socket, microphone.getInputStream(), Long.MAX_VALUE));
        TimeUnit.SECONDS.sleep(3);
        start("paplay", "--device=" + System.getenv("ROUSE_TEST_SINK"), words.toString()).waitFor();
        TimeUnit.SECONDS.sleep(2);
      }
      microphone.destroy();
      listen.destroy();
      print("/api/events", listened, page);
      print("Wyoming", listened, satellite);
    } finally {
      List.of(listen, serve, microphone).forEach(Process::destroy);
    }
    serve.waitFor();
    Process deaf = start(rouse, "serve", "--no-microphone", "--wyoming", WYOMING_ADDRESS);
    try {
      TimeUnit.SECONDS.sleep(10);
      measure(deaf, "idle");
      int streams = Integer.parseInt(args[3]);
      cost(deaf, "talk", Files.readAllBytes(Path.of(args[2])), streams);
      cost(deaf, "words", Files.readAllBytes(words), streams);
    } finally {
      deaf.destroy();
    }
  }

  private static Process start(String... command) throws IOException {
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void background(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException | UncheckedIOException e) {
                // the process or the connection has ended
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static InputStream events() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + WEB + "/api/events")).build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofInputStream())
        .body();
  }

  /** Events among lines of JSON, which may begin with "data: ". */
  private static Queue<Heard> lines(InputStream in) {
    Queue<Heard> heard = new ConcurrentLinkedQueue<>();
    background(
        () -> {
          BufferedReader reader =
              new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
          for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            long now = System.nanoTime();
            String text = line.startsWith("data: ") ? line.substring(6) : line;
            if (text.startsWith("{")) {
              JsonObject json = JsonParser.parseString(text).getAsJsonObject();
              boolean isEvent = !json.has("type") || json.get("type").getAsString().equals("event");
              if (isEvent && json.has("word")) {
                heard.add(new Heard(json.get("word").getAsString(), now));
              }
            }
          }
        });
    return heard;
  }

  private static void detections(Socket socket, Queue<Heard> heard) {
    background(
        () -> {
          DataInputStream in = new DataInputStream(socket.getInputStream());
          while (true) {
            StringBuilder line = new StringBuilder();
            for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
              line.append((char) c);
            }
            long now = System.nanoTime();
            JsonObject header = JsonParser.parseString(line.toString()).getAsJsonObject();
            JsonObject data = header.getAsJsonObject("data");
            if (header.has("data_length")) {
              byte[] block = in.readNBytes(header.get("data_length").getAsInt());
              data =
                  JsonParser.parseString(new String(block, StandardCharsets.UTF_8))
                      .getAsJsonObject();
            }
            if (header.get("type").getAsString().equals("detection")) {
              heard.add(new Heard(data.get("name").getAsString(), now));
            }
          }
        });
  }

  /** Sends sound as it comes, or at its own speed from an array. */
  private static void send(Socket socket, InputStream sound, long until) throws IOException {
    String format = "\"data\":{\"rate\":" + RATE + ",\"width\":2,\"channels\":1}";
    OutputStream out = socket.getOutputStream();
    out.write(utf8("{\"type\":\"detect\",\"data\":{\"names\":[]}}\n"));
    out.write(utf8("{\"type\":\"audio-start\"," + format + "}\n"));
    byte[] chunk = new byte[2 * CHUNK];
    long begun = System.nanoTime();
    for (long sent = 0; System.nanoTime() < until; ) {
      int length = sound.readNBytes(chunk, 0, until == Long.MAX_VALUE ? 640 : chunk.length);
      if (length == 0) {
        sound.reset();
        continue;
      }
      out.write(
          utf8("{\"type\":\"audio-chunk\"," + format + ",\"payload_length\":" + length + "}\n"));
      out.write(chunk, 0, length);
      sent += length / 2;
      if (until != Long.MAX_VALUE) {
        long due = begun + sent * 1_000_000_000L / RATE;
        LockSupport.parkNanos(due - System.nanoTime());
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void print(String door, Queue<Heard> listened, Queue<Heard> heard) {
    List<Double> later = new ArrayList<>();
    for (Heard event : heard) {
      listened.stream()
          .filter(other -> other.word.equals(event.word))
          .mapToDouble(other -> (event.nanos - other.nanos) * 1e-6)
          .filter(ms -> Math.abs(ms) < 1000)
          .boxed()
          .min((a, b) -> Double.compare(Math.abs(a), Math.abs(b)))
          .ifPresent(later::add);
    }
    double[] sorted = later.stream().mapToDouble(ms -> ms).sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "%s: %d events, listen %d; later by %.0f ms (median), %.0f to %.0f (80 %%)%n",
        door,
        heard.size(),
        listened.size(),
        sorted[sorted.length / 2],
        sorted[sorted.length / 10],
        sorted[sorted.length * 9 / 10]);
  }

  /** Streams of the same sound, each begun elsewhere in it. */
  private static void cost(Process serve, String heard, byte[] wav, int streams) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WARM_SECONDS + MEASURED_SECONDS + 5);
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < streams; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), WYOMING);
      sockets.add(socket);
      int from = 44 + 2 * (i * (wav.length / 2 / (streams + 1)));
      byte[] sound = Arrays.copyOfRange(wav, from, wav.length);
      background(() -> send(socket, new ByteArrayInputStream(sound), end));
    }
    TimeUnit.SECONDS.sleep(WARM_SECONDS);
    measure(serve, streams + " streams of " + heard);
    for (Socket socket : sockets) {
      socket.close();
    }
    TimeUnit.SECONDS.sleep(2);
  }

  private static void measure(Process serve, String what) throws Exception {
    long before = serve.info().totalCpuDuration().orElseThrow().toMillis();
    TimeUnit.SECONDS.sleep(MEASURED_SECONDS);
    long used = serve.info().totalCpuDuration().orElseThrow().toMillis() - before;
    String memory =
        Files.readAllLines(Path.of("/proc/" + serve.pid() + "/status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .findFirst()
            .orElse("");
    System.out.printf(
        Locale.ROOT,
        "%s: %.2f %% of a core; %s%n",
        what,
        used / 10.0 / MEASURED_SECONDS,
        memory.replaceAll("\\s+", " "));
  }
}
