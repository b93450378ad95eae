// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rouse.Rouse;
import io.github.rouse.TestModels;
import io.github.rouse.actions.Marks;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.WakeModel;
import io.github.rouse.serve.Limits;
import io.github.rouse.serve.LocalMicrophone;
import io.github.rouse.serve.ModelShelf;
import io.github.rouse.serve.StreamHub;
import io.github.rouse.serve.Waiting;
import io.github.rouse.speak.SpokenSamples;
import io.github.rouse.trigger.EventJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebDoorTest {
  private static final WebDoor.Address ANY_PORT = new WebDoor.Address("127.0.0.1", 0);
  private static final float[] SOUND = TestModels.bursts(16_000, 5, 1, 3);

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private ModelShelf shelf;
  private StreamHub hub;
  private WebDoor door;

  @BeforeEach
  void openTheDoor() throws IOException {
    TestModels.loudness("loud")
        .with(Provenance.NONE.with(Provenance.LICENCE, "MIT"))
        .write(folder.resolve("loud.onnx"));
    shelf =
        new ModelShelf(
            List.of(folder.resolve("loud.onnx")),
            null,
            List.of(),
            WakeModel::read,
            ModelShelf.INTERVAL);
    hub = new StreamHub(shelf);
    hub.start();
    hub.awaitModels();
    use(new WebDoor(hub, ANY_PORT, null, List.of("named.example"), null, words(), lessons()));
  }

  private OwnWords words() {
    return new OwnWords(
        folder.resolve("recordings"),
        folder.resolve("own"),
        folder.resolve("base.onnx"),
        folder.resolve("base.bank"));
  }

  private Lessons lessons() {
    return new Lessons(folder.resolve("clips"), folder.resolve("own"), Path.of("models", "people"));
  }

  private void use(WebDoor other) throws IOException {
    if (door != null) {
      door.close();
    }
    door = other;
    door.open();
  }

  @AfterEach
  void close() {
    door.close();
    hub.close();
    shelf.close();
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + door.port() + path);
  }

  private HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    return client.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String type, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  /** Sends raw bytes; returns the answer up to the end of the connection, or a second's pause. */
  private String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
      socket.setSoTimeout(1000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try {
        socket.getInputStream().transferTo(answer);
      } catch (SocketTimeoutException e) {
        // kept alive
      }
      return answer.toString(StandardCharsets.UTF_8);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonObject json(String text) {
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private Path wav() throws IOException {
    Path file = folder.resolve("sound.wav");
    write(file, SOUND);
    return file;
  }

  private static void write(Path file, float[] samples) throws IOException {
    try (WavWriter wav = new WavWriter(file, 16_000, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
  }

  @Test
  void namesTheModelsAndSaysThatItIsWell() throws Exception {
    JsonObject model =
        json(get("/api/models").body()).getAsJsonArray("models").get(0).getAsJsonObject();
    assertEquals("loud", model.get("id").getAsString());
    assertEquals("[\"loud\"]", model.get("words").toString());
    assertTrue(model.get("bytes").getAsLong() > 100);
    assertEquals("{\"loud\":0.500000}", model.get("thresholds").toString());
    assertEquals("MIT", model.get("licence").getAsString());
    HttpResponse<String> health = get("/health");
    assertEquals(200, health.statusCode());
    assertEquals("ok", json(health.body()).get("status").getAsString());
  }

  @Test
  void aFileThatIsSentGivesTheEventsOfAScan() throws Exception {
    Path file = wav();
    List<String> expected = new ArrayList<>();
    Rouse.scan(WakeModel.read(folder.resolve("loud.onnx")), file)
        .forEach(event -> expected.add(EventJson.of("upload", event, Map.of()).toString()));
    assertTrue(expected.size() >= 2);
    expected.add("{\"done\":true,\"seconds\":5.000}");
    HttpResponse<String> answer = post("/api/scan", "audio/wav", Files.readAllBytes(file));
    assertEquals(200, answer.statusCode());
    assertEquals(expected, answer.body().lines().toList());
  }

  @Test
  void whatMakesDetectionWorseIsAWarning() throws Exception {
    write(folder.resolve("silent.wav"), new float[80_000]);
    List<String> lines =
        post("/api/scan", "audio/wav", Files.readAllBytes(folder.resolve("silent.wav")))
            .body()
            .lines()
            .toList();
    assertEquals(2, lines.size(), lines.toString());
    assertTrue(json(lines.get(0)).get("warning").getAsString().startsWith("silent: "));
    assertEquals("{\"done\":true,\"seconds\":5.000}", lines.get(1));
  }

  @Test
  void addressesAreReadWithTheirPartsLeftOut() {
    WebDoor.Address usual = new WebDoor.Address("127.0.0.1", 8080);
    assertEquals(new WebDoor.Address("a.example", 8080), WebDoor.Address.parse("a.example", usual));
    assertEquals(new WebDoor.Address("127.0.0.1", 90), WebDoor.Address.parse("90", usual));
    assertEquals(new WebDoor.Address("::1", 90), WebDoor.Address.parse("[::1]:90", usual));
    assertEquals(new WebDoor.Address("0.0.0.0", 1), WebDoor.Address.parse("0.0.0.0:1", usual));
    for (String bad : List.of("[", "a:b", "a:99999", "99999", "a:-1", "")) {
      IllegalArgumentException problem =
          assertThrows(
              IllegalArgumentException.class, () -> WebDoor.Address.parse(bad, usual), bad);
      assertEquals("web=" + bad + ", expected HOST:PORT", problem.getMessage());
    }
  }

  @Test
  void aFileThatIsCutOrNoSoundEndsInAnError() throws Exception {
    byte[] whole = Files.readAllBytes(wav());
    List<String> cut =
        post("/api/scan", "audio/wav", java.util.Arrays.copyOf(whole, whole.length / 2))
            .body()
            .lines()
            .toList();
    JsonObject last = json(cut.get(cut.size() - 1));
    assertEquals(2.5, last.get("heard_seconds").getAsDouble(), 0.01);
    assertTrue(last.get("error").getAsString().startsWith("upload: "), last.toString());
    assertTrue(cut.size() > 1, "the events before the cut");
    JsonObject text = json(post("/api/scan", "application/octet-stream", utf8("no sound")).body());
    assertEquals(0, text.get("heard_seconds").getAsDouble());
    assertFalse(text.get("error").getAsString().contains("/"), text.toString());
  }

  @Test
  void playlistsAndBombsAreNoSounds() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret.txt"), "secret");
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
      for (int i = 0; i < 100; i++) {
        zip.write(new byte[1 << 20]);
      }
    }
    for (byte[] upload :
        List.of(
            utf8("#EXTM3U\n#EXTINF:1,\n" + secret.toUri() + "\n"),
            utf8("ffconcat version 1.0\nfile '" + secret + "'\n"),
            utf8("[playlist]\nFile1=http://127.0.0.1:" + door.port() + "/api/models\n"),
            bomb.toByteArray())) {
      String answer = post("/api/scan", "application/octet-stream", upload).body();
      JsonObject last = json(answer.lines().reduce((first, second) -> second).orElseThrow());
      assertTrue(last.get("error").getAsString().startsWith("upload: "), answer);
      assertEquals(0, last.get("heard_seconds").getAsDouble());
      assertFalse(answer.contains("secret"), answer);
    }
  }

  @Test
  void onlyItsOwnNamesAndItsOwnPageAreLetIn() throws Exception {
    int port = door.port();
    for (String host :
        List.of("127.0.0.1:" + port, "localhost:" + port, "[::1]", "named.example", "LOCALHOST.")) {
      assertTrue(
          raw("GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
              .startsWith("HTTP/1.1 200"),
          host);
    }
    for (String host :
        List.of("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1")) {
      String answer =
          raw("GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 403"), host);
      assertTrue(answer.contains("--allow-host"), answer);
    }
    for (String origin :
        List.of(
            "http://localhost:" + port,
            "http://127.0.0.1:" + port,
            "https://named.example",
            "https://named.example:444")) {
      assertEquals(200, get("/health", "Origin", origin).statusCode(), origin);
    }
    for (String origin :
        List.of("null", "http://evil.example", "http://localhost:1", "http://127.0.0.1", "")) {
      assertEquals(403, get("/health", "Origin", origin).statusCode(), origin);
    }
    HttpResponse<String> page = get("/");
    assertEquals(200, page.statusCode());
    assertEquals(
        "default-src 'self'; frame-ancestors 'none'",
        page.headers().firstValue("Content-Security-Policy").orElseThrow());
    assertEquals("nosniff", page.headers().firstValue("X-Content-Type-Options").orElseThrow());
  }

  /**
   * 150 short bodies that do not end exceed the server's threads; 30 long ones exceed {@link
   * Limits#BODIES}. With the token, a request needs no content type.
   */
  @ParameterizedTest
  @ValueSource(strings = {"", "Content-Type: audio/wav\r\n"})
  void bodiesThatComeSlowlyHoldNobodyUp(String type) throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "0123456789abcdef");
    use(new WebDoor(hub, ANY_PORT, token, List.of(), null, words(), lessons()));
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 180; i++) {
        int length = i < 150 ? Limits.SHORT_BODY : Limits.SHORT_BODY + 1;
        String head =
            "POST /api/scan HTTP/1.1\r\nHost: localhost\r\n%s%sContent-Length: %d\r\n\r\n"
                .formatted("Authorization: Bearer 0123456789abcdef\r\n", type, length);
        slow.add(sent(head + "x".repeat(length - 1)));
      }
      assertEquals(200, get("/health").statusCode());
      assertEquals(
          "the server is busy with 16 other files; try again",
          error(scan(new byte[Limits.SHORT_BODY + 1]), 503));
      assertEquals(200, scan(new byte[Limits.SHORT_BODY]).statusCode());
      HttpRequest withoutBody =
          HttpRequest.newBuilder(uri("/api/nothing"))
              .header("Authorization", "Bearer 0123456789abcdef")
              .DELETE()
              .build();
      assertEquals(404, client.send(withoutBody, BodyHandlers.discarding()).statusCode());
    } finally {
      closeAll(slow);
    }
  }

  private HttpResponse<String> scan(byte[] file) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/api/scan"))
            .header("Authorization", "Bearer 0123456789abcdef")
            .POST(HttpRequest.BodyPublishers.ofByteArray(file))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private static void closeAll(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Test
  @DisabledOnOs(OS.MAC) // has only one address
  void oneAddressLeavesConnectionsToOthers() throws Exception {
    List<Socket> one = new ArrayList<>();
    try {
      for (int i = 0; i < 2 * Limits.CONNECTIONS; i++) {
        one.add(sent("GET /health HTTP/1.1\r\n"));
      }
      InetAddress other = InetAddress.getByName("127.0.0.2");
      try (Socket socket =
          new Socket(InetAddress.getLoopbackAddress(), door.port(), other, /* localPort= */ 0)) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(utf8("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        assertEquals('H', socket.getInputStream().read());
      }
    } finally {
      closeAll(one);
    }
    Waiting.until(this::isServed, () -> "their places are not free again");
  }

  private boolean isServed() {
    try {
      return raw("GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
          .startsWith("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }

  /** A connection that has sent the beginning of a request. */
  private Socket sent(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port());
    socket.getOutputStream().write(utf8(text));
    return socket;
  }

  @Test
  void aFormOfAnotherPageChangesNothing() throws Exception {
    for (String type :
        List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; x=y")) {
      HttpResponse<String> answer = post("/api/scan", type, new byte[3]);
      assertEquals(415, answer.statusCode(), type);
      assertTrue(json(answer.body()).has("error"));
    }
    assertTrue(
        raw("POST /api/scan HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n"
                + "Connection: close\r\n\r\nx")
            .startsWith("HTTP/1.1 415"));
  }

  @Test
  void mistakesAreAnsweredInJson() throws Exception {
    assertEquals("there is nothing at /nothing", error(get("/nothing"), 404));
    assertEquals(
        "/api/models takes GET", error(post("/api/models", "application/json", new byte[0]), 405));
    assertEquals("/api/scan takes POST", error(get("/api/scan"), 405));
    assertEquals("/ takes GET, HEAD", error(post("/", "application/json", utf8("{}")), 405));
    assertEquals(
        "not JSON at line 1, column 2",
        error(post("/api/login", "application/json", utf8("{")), 422));
    assertEquals(
        "expected a JSON object", error(post("/api/login", "application/json", utf8("[]")), 422));
    assertEquals(
        "expected {\"token\": \"...\"}",
        error(post("/api/login", "application/json", utf8("{}")), 422));
    String large =
        raw(
            """
            POST /api/scan HTTP/1.1\r
            Host: localhost\r
            Content-Type: audio/wav\r
            Content-Length: 3000000000\r
            Connection: close\r
            \r
            """);
    assertTrue(large.startsWith("HTTP/1.1 413"), large);
    assertTrue(
        raw("GET /" + "x".repeat(70_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .startsWith("HTTP/1.1 4"));
    assertTrue(raw("nonsense\r\n\r\n").startsWith("HTTP/1.1 400"));
  }

  private static String error(HttpResponse<String> answer, int status) {
    assertEquals(status, answer.statusCode());
    return json(answer.body()).get("error").getAsString();
  }

  @Test
  void beyondLoopbackATokenIsNeeded() throws Exception {
    WebDoor.Address everywhere = new WebDoor.Address("0.0.0.0", 0);
    IllegalArgumentException none =
        assertThrows(
            IllegalArgumentException.class,
            () -> new WebDoor(hub, everywhere, null, List.of(), null, words(), lessons()));
    assertEquals(
        "web=0.0.0.0: beyond this machine, give --token FILE with a secret", none.getMessage());
    Path token = Files.writeString(folder.resolve("token"), "short\n");
    IOException weak =
        assertThrows(
            IOException.class,
            () -> new WebDoor(hub, everywhere, token, List.of(), null, words(), lessons()));
    assertEquals(token + ": the token has 5 characters, expected at least 16", weak.getMessage());
    for (Path endless : List.of(Path.of("/dev/zero"), Files.write(token, new byte[4097]))) {
      IOException tooLong =
          assertThrows(
              IOException.class,
              () -> new WebDoor(hub, everywhere, endless, List.of(), null, words(), lessons()));
      assertEquals(endless + ": the file has more than 4096 bytes", tooLong.getMessage());
    }
    Files.writeString(token, "0123456789abcdef\nmore\n");
    use(new WebDoor(hub, everywhere, token, List.of(), null, words(), lessons()));
    assertEquals("the token is needed", error(get("/api/models"), 401));
    assertEquals(200, get("/health").statusCode());
    assertEquals(200, get("/").statusCode());
    assertEquals(401, get("/api/models", "Authorization", "Bearer nonsense").statusCode());
    assertEquals(200, get("/api/models", "Authorization", "Bearer 0123456789abcdef").statusCode());
    assertEquals(
        "this is not the token",
        error(post("/api/login", "application/json", utf8("{\"token\":\"x\"}")), 401));
    HttpResponse<String> login =
        post("/api/login", "application/json", utf8("{\"token\":\"0123456789abcdef\"}"));
    String cookie = login.headers().firstValue("Set-Cookie").orElseThrow();
    assertTrue(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), cookie);
    assertEquals(200, get("/api/models", "Cookie", cookie.split(";", 2)[0]).statusCode());
    assertEquals(401, get("/api/models", "Cookie", "rouse=nonsense").statusCode());
  }

  @Test
  void soundThroughASocketGivesTheEventsOfAScan() throws Exception {
    List<JsonObject> expected =
        Rouse.scan(WakeModel.read(folder.resolve("loud.onnx")), wav()).stream()
            .map(event -> EventJson.of("web:127.0.0.1", event, Map.of()))
            .toList();
    for (String format : List.of("s16", "f32")) {
      for (int channels : new int[] {1, 2}) {
        Received received =
            listen(
                "rate=16000&channels=" + channels + "&format=" + format,
                frames(format, channels),
                1237);
        assertEquals(expected, received.events(), format + " " + channels);
        JsonObject done = received.messages.get(received.messages.size() - 1);
        assertEquals("done", done.get("type").getAsString());
        assertEquals(5, done.get("seconds").getAsDouble());
        assertEquals(
            "{\"type\":\"ready\",\"rate\":16000,"
                + "\"words\":[{\"word\":\"loud\",\"threshold\":0.500000}]}",
            received.messages.get(0).toString());
        Set<String> types = new TreeSet<>();
        received.messages.forEach(message -> types.add(message.get("type").getAsString()));
        assertTrue(types.containsAll(Set.of("level", "posteriors")), types.toString());
        assertEquals(WebSocket.NORMAL_CLOSURE, received.status);
      }
    }
  }

  @Test
  void badSoundAndBadQueriesAreRefusedByName() throws Exception {
    Map.of(
            "", "rate is missing: samples per second",
            "rate=9", "rate=9, expected 1000 to 384000",
            "rate=16000&format=mp3", "format=mp3, expected s16 or f32",
            "rate=16000&channels=0", "channels=0, expected 1 to 64",
            "rate=16000&chanels=1",
                "chanels: unknown, expected one of [rate, channels, format, words]")
        .forEach(
            (query, reason) -> {
              try {
                String answer =
                    raw(
                        "GET /api/listen?"
                            + query
                            + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                            + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
                assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
                assertTrue(answer.contains(reason), answer);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    Received unknown = listen("rate=16000&words=nonsense", new byte[0], 100);
    assertEquals(
        "word=nonsense, expected one of [loud]",
        unknown.messages.get(0).get("error").getAsString());
  }

  @Test
  void aSampleOutOfRangeIsNamedByItsPlaceInTheStream() throws Exception {
    for (float bad : new float[] {Float.NaN, 101, -12345}) {
      ByteBuffer sound = ByteBuffer.allocate(4 * 50_001).order(ByteOrder.LITTLE_ENDIAN);
      sound.putFloat(4 * 50_000, bad).putFloat(0, 99);
      for (int piece : new int[] {8001, sound.capacity()}) {
        Received received = listen("rate=16000&format=f32", sound.array(), piece);
        assertEquals(
            "sample 50000 of the stream is " + bad + ", expected -100 to 100",
            received.next("error").get("error").getAsString());
      }
    }
  }

  /** 32 frames of 128 KiB and one byte. */
  @Test
  void aMessageOfMoreThanItsLimitEndsTheStream() throws Exception {
    Received received = new Received();
    WebSocket socket = socket("rate=384000", received);
    for (int i = 0; i < 32; i++) {
      socket.sendBinary(ByteBuffer.allocate(Limits.PAYLOAD / 32), false).join();
    }
    socket.sendBinary(ByteBuffer.allocate(1), false).join();
    assertTrue(received.ended.poll(20, TimeUnit.SECONDS) != null, received.messages.toString());
    assertEquals(
        "the message has more than 4194304 bytes",
        received.next("error").get("error").getAsString());
    assertEquals(1009, received.status);
    Waiting.until(() -> hub.openStreams() == 0, () -> hub.openStreams() + " streams are open");
  }

  @Test
  void anotherPageGetsNoSocket() {
    assertThrows(
        CompletionException.class,
        () ->
            client
                .newWebSocketBuilder()
                .header("Origin", "http://evil.example")
                .buildAsync(
                    URI.create("ws://127.0.0.1:" + door.port() + "/api/listen?rate=16000"),
                    new Received())
                .join());
  }

  private static byte[] frames(String format, int channels) {
    ByteBuffer bytes =
        ByteBuffer.allocate(SOUND.length * channels * (format.equals("s16") ? 2 : 4))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float sample : SOUND) {
      short value = (short) Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
      for (int c = 0; c < channels; c++) {
        if (format.equals("s16")) {
          bytes.putShort(value);
        } else {
          bytes.putFloat(value / 32768f);
        }
      }
    }
    return bytes.array();
  }

  private WebSocket socket(String query, Received received) {
    return client
        .newWebSocketBuilder()
        .buildAsync(URI.create("ws://127.0.0.1:" + door.port() + "/api/listen?" + query), received)
        .join();
  }

  private Received listen(String query, byte[] sound, int piece) throws Exception {
    Received received = new Received();
    WebSocket socket = socket(query, received);
    try {
      for (int at = 0; at < sound.length; at += piece) {
        int length = Math.min(piece, sound.length - at);
        socket.sendBinary(ByteBuffer.wrap(sound, at, length), true).join();
      }
      socket.sendText("{\"type\":\"end\"}", true).join();
    } catch (CompletionException e) {
      // the server closed the socket: its messages say why
    }
    assertTrue(received.ended.poll(20, TimeUnit.SECONDS) != null, received.messages.toString());
    return received;
  }

  private static final class Received implements WebSocket.Listener {
    private final List<JsonObject> messages = new ArrayList<>();
    private final BlockingQueue<JsonObject> arriving = new LinkedBlockingQueue<>();
    private int ready; // messages of this type
    private final BlockingQueue<Object> ended = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private int status;
    private long bytes; // of sound, before the second ready message

    /** Waits for the next message of a type; null if none comes. */
    JsonObject next(String type) throws InterruptedException {
      while (true) {
        JsonObject message = arriving.poll(20, TimeUnit.SECONDS);
        if (message == null || message.get("type").getAsString().equals(type)) {
          return message;
        }
      }
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      bytes += ready == 1 ? data.remaining() : 0;
      socket.request(1);
      return null;
    }

    List<JsonObject> events() {
      return messages.stream()
          .filter(message -> message.get("type").getAsString().equals("event"))
          .map(JsonObject::deepCopy)
          .peek(message -> message.remove("type"))
          .peek(message -> message.remove("time"))
          .toList();
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        JsonObject message = json(text.toString());
        messages.add(message);
        ready += message.get("type").getAsString().equals("ready") ? 1 : 0;
        arriving.add(message);
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      status = code;
      ended.add("closed");
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable problem) {
      ended.add(problem);
    }
  }

  @Test
  void metricsCountEventsAndStreams() throws Exception {
    listen("rate=16000", frames("s16", 1), 4096);
    String metrics = get("/metrics").body();
    assertTrue(metrics.matches("(?s).*rouse_events_total\\{word=\"loud\"} [1-9].*"), metrics);
    assertTrue(metrics.contains("rouse_streams_total{door=\"web\"} 1.0"), metrics);
    assertTrue(metrics.contains("rouse_score_bucket{word=\"loud\",le=\"0.5\"}"), metrics);
    assertTrue(metrics.contains("rouse_streams_open 0.0"), metrics);
  }

  @Test
  void eventsOfTheMicrophoneReachEveryReader() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri("/api/events")).build();
    HttpResponse<InputStream> answer =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    LocalMicrophone.Sinks microphone = door.follow(16_000, List.of("loud"));
    try (StreamHub.Stream stream =
        hub.open("microphone", 16_000, Set.of(), microphone.detections())) {
      stream.accept(SOUND, 0, SOUND.length);
    }
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try (InputStream in = answer.body()) {
      while (!read.toString(StandardCharsets.UTF_8).contains("event: event\n")) {
        read.write(in.read());
      }
      while (!read.toString(StandardCharsets.UTF_8).endsWith("}\n\n")) {
        read.write(in.read());
      }
    }
    String text = read.toString(StandardCharsets.UTF_8);
    int from = text.indexOf("event: event\ndata: ") + 19;
    String event = text.substring(from, text.indexOf('\n', from));
    assertEquals("loud", json(event.strip()).get("word").getAsString());
    assertEquals("microphone", json(event.strip()).get("source").getAsString());
  }

  @Test
  void soundAndEventsOfTheMicrophoneReachASocket() throws Exception {
    LocalMicrophone.Sinks microphone = door.follow(16_000, List.of("loud"));
    microphone.samples().accept(SOUND, 0, 800); // before anyone hears it
    Received received = new Received();
    WebSocket socket =
        client
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + door.port() + "/api/microphone"), received)
            .join();
    try (StreamHub.Stream stream =
        hub.open("microphone", 16_000, Set.of(), microphone.detections())) {
      stream.accept(SOUND, 0, 800);
      for (int i = 800; i < SOUND.length; i += 800) {
        int length = Math.min(800, SOUND.length - i);
        microphone.samples().accept(SOUND, i, length);
        stream.accept(SOUND, i, length);
      }
    }
    door.follow(16_000, List.of("loud")).samples().accept(SOUND, 0, 800); // the models changed
    JsonObject ready = received.next("ready");
    JsonObject again = received.next("ready"); // after all that was before
    assertEquals(0, again.get("at").getAsDouble());
    socket.abort();
    assertEquals(ready, received.messages.get(0));
    assertEquals(16_000, ready.get("rate").getAsInt());
    long before = Math.round(16_000 * ready.get("at").getAsDouble());
    assertTrue(before >= 800, ready.toString());
    assertEquals("microphone", received.events().get(0).get("source").getAsString());
    assertEquals(2 * (SOUND.length - before), received.bytes);
  }

  @Test
  void aMicrophoneThatIsNotOpenIsAnError() throws Exception {
    Received received = new Received();
    client
        .newWebSocketBuilder()
        .buildAsync(URI.create("ws://127.0.0.1:" + door.port() + "/api/microphone"), received)
        .join();
    assertTrue(received.ended.poll(20, TimeUnit.SECONDS) != null);
    assertEquals(
        "this machine's microphone is not open",
        received.messages.get(0).get("error").getAsString());
  }

  @Test
  void aDeviceSaysThatItSpeaks() throws Exception {
    assertEquals(422, put("/api/microphone/speaking", "{\"seconds\":3}").statusCode());
    LocalMicrophone microphone = new LocalMicrophone(hub, "none", Channel.AUTO, door::follow);
    door.watch(microphone);
    assertEquals(200, put("/api/microphone/speaking", "{\"seconds\":3}").statusCode());
    assertTrue(microphone.guard().isSpeaking());
    assertEquals(200, put("/api/microphone/speaking", "{\"seconds\":0}").statusCode());
    assertEquals(422, put("/api/microphone/speaking", "{\"seconds\":-1}").statusCode());
    assertEquals(422, put("/api/microphone/speaking", "{}").statusCode());
  }

  @Test
  void aThresholdThatIsSetCountsAndIsKept() throws Exception {
    assertEquals(200, put("/api/words/loud/threshold", "{\"threshold\":0.987}").statusCode());
    JsonObject model =
        json(get("/api/models").body()).getAsJsonArray("models").get(0).getAsJsonObject();
    assertEquals("{\"loud\":0.987000}", model.get("thresholds").toString());
    JsonObject ready = listen("rate=16000", new byte[0], 1).messages.get(0);
    assertTrue(ready.toString().contains("\"threshold\":0.987000"), ready.toString());
    assertEquals(0.987f, hub.models().loaded().get(0).threshold("loud"));
    for (String bad : List.of("{}", "[]", "{\"threshold\":2}", "{\"threshold\":\"x\"}", "x")) {
      assertEquals(422, put("/api/words/loud/threshold", bad).statusCode(), bad);
    }
    assertEquals(
        "word=quiet, expected one of [loud]",
        error(put("/api/words/quiet/threshold", "{\"threshold\":0.5}"), 422));
  }

  private HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .DELETE()
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private HttpResponse<String> put(String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  @Test
  void recordingsAreCheckedKeptPlayedAndDeleted() throws Exception {
    float[] word = TestModels.bursts(16_000, 2, 0.8);
    Path file = folder.resolve("word.wav");
    String path = "/api/words/f%C3%BCr%20dich/recordings";
    for (int number = 1; number <= 2; number++) {
      word[word.length / 2] = 0.01f * number; // else the same sound
      write(file, word);
      HttpResponse<String> kept = post(path, "audio/wav", Files.readAllBytes(file));
      assertEquals(201, kept.statusCode(), kept.body());
      assertEquals(number, json(kept.body()).get("number").getAsInt());
    }
    assertTrue(Files.exists(folder.resolve("recordings/für-dich/2.wav")));
    assertEquals("[1,2]", json(get(path).body()).get("recordings").toString());
    assertEquals(SpokenSamples.available(), json(get(path).body()).get("from_text").getAsBoolean());
    assertTrue(get(path + "/2").body().startsWith("RIFF"));
    assertEquals(200, delete(path + "/1").statusCode());
    assertEquals("there is no recording 1", error(delete(path + "/1"), 404));
    assertEquals("[2]", json(get(path).body()).get("recordings").toString());
    assertEquals(
        "the same sound as recording 2",
        error(post(path, "audio/wav", Files.readAllBytes(file)), 422));
    write(file, new float[32_000]);
    assertEquals(
        "nothing stands out from the background noise: speak up, or come closer",
        error(post(path, "audio/wav", Files.readAllBytes(file)), 422));
    assertTrue(error(post(path, "audio/wav", utf8("no sound")), 422).startsWith("upload: "));
    List<JsonObject> lines =
        post("/api/words/f%C3%BCr%20dich/enrolment", "application/json", utf8("{}"))
            .body()
            .lines()
            .map(WebDoorTest::json)
            .toList();
    String reason = lines.get(lines.size() - 1).get("error").getAsString();
    assertFalse(reason.contains(folder.toString()), reason);
  }

  @Test
  void marksAreKeptWithTheirSound() throws Exception {
    byte[] sound = Files.readAllBytes(wav());
    assertEquals(
        201,
        post("/api/words/loud/marks/wrong?at=1.5&score=0.75", "audio/wav", sound).statusCode());
    assertEquals(201, post("/api/words/loud/marks/right", "audio/wav", sound).statusCode());
    assertEquals(
        "{\"right\":1,\"wrong\":1,\"versions\":0}", get("/api/words/loud/marks").body().strip());
    Marks kept = Marks.read(folder.resolve("clips"));
    assertEquals(List.of(), kept.problems());
    assertEquals(1.5, kept.clips().get(0).at());
    assertEquals(0.75f, kept.clips().get(0).score());
    try (AudioFile clip = AudioFile.open(kept.clips().get(0).file())) {
      assertEquals(16_000, clip.sampleRate());
    }
    assertTrue(
        error(post("/api/words/loud/marks/maybe", "audio/wav", utf8("x")), 422)
            .contains("mark=maybe"));
    error(post("/api/words/other/marks/right", "audio/wav", utf8("x")), 404);
    error(post("/api/words/loud/marks/right", "audio/wav", utf8("no sound")), 422);
    for (String number : List.of("at=Infinity", "at=1e999", "at=-5", "score=1e40", "score=2")) {
      error(post("/api/words/loud/marks/right?" + number, "audio/wav", sound), 422);
    }
    error(post("/api/words/nothing%20yet/recordings", "audio/wav", utf8("no sound")), 422);
    assertFalse(Files.exists(folder.resolve("recordings")), "a folder for nothing");
    error(post("/api/words/loud/marks/right", "text/plain", utf8("x")), 415);
    assertEquals(2, Marks.read(folder.resolve("clips")).clips().size());
    assertTrue(
        error(post("/api/words/loud/improvement", "application/json", utf8("{}")), 422)
            .contains("second look"));
    assertEquals(422, delete("/api/words/loud/improvement").statusCode());
  }

  @Test
  void pathsCannotLeaveTheirFolder() throws Exception {
    Files.writeString(folder.resolve("secret.wav"), "RIFFsecret");
    for (String path :
        List.of(
            "/api/words/../recordings/secret",
            "/api/words/x/recordings/..%2F..%2Fsecret",
            "/api/words/..%2F..%2Fx/recordings/1",
            "/api/words/x/recordings/../../secret.wav",
            "/../secret.wav",
            "/page/../openapi.json",
            "/WebPage.class")) {
      String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 4"), path + answer);
      assertFalse(answer.contains("RIFF"), answer);
    }
    assertEquals(422, get("/api/words/..%20!/recordings").statusCode());
  }

  @Test
  void theApiDocumentNamesEveryPathAndMethod() throws Exception {
    JsonObject document = json(get("/api/openapi.json").body());
    Set<String> documented = new TreeSet<>();
    for (Map.Entry<String, JsonElement> path : document.getAsJsonObject("paths").entrySet()) {
      path.getValue()
          .getAsJsonObject()
          .keySet()
          .forEach(method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
    }
    assertEquals(
        new Api(hub, null, new Metrics(hub), new EventFeed(), words(), lessons()).paths(),
        documented);
  }

  /** Every message of a stream has the fields, and only those, that the schema gives its type. */
  @Test
  void theMessagesFollowTheirSchema() throws Exception {
    Map<String, JsonObject> types = new TreeMap<>();
    for (JsonElement type : json(get("/api/listen.schema.json").body()).getAsJsonArray("oneOf")) {
      JsonObject properties = type.getAsJsonObject().getAsJsonObject("properties");
      types.put(
          properties.getAsJsonObject("type").get("const").getAsString(), type.getAsJsonObject());
    }
    Received received = listen("rate=16000", frames("s16", 1), 4096);
    for (JsonObject message : received.messages) {
      JsonObject type = types.get(message.get("type").getAsString());
      Set<String> known = type.getAsJsonObject("properties").keySet();
      assertTrue(known.containsAll(message.keySet()), message.toString());
      type.getAsJsonArray("required")
          .forEach(key -> assertTrue(message.has(key.getAsString()), message.toString()));
    }
  }
}
