// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import static io.github.rouse.serve.wyoming.WyomingClient.chunk;
import static io.github.rouse.serve.wyoming.WyomingClient.event;
import static io.github.rouse.serve.wyoming.WyomingClient.pcm;
import static io.github.rouse.serve.wyoming.WyomingClient.start;
import static io.github.rouse.serve.wyoming.WyomingClient.type;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.rouse.Detector;
import io.github.rouse.TestModels;
import io.github.rouse.serve.Limits;
import io.github.rouse.serve.TestShelf;
import io.github.rouse.serve.Waiting;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WyomingDoorTest {
  private static final byte[] STOP = event("audio-stop", "{\"timestamp\": null}");
  private static final String ANY = "tcp://127.0.0.1:0";

  /** Loud from 1.0 s to 1.4 s and from 3.0 s to 3.4 s. */
  private static final float[] SOUND = TestModels.bursts(16_000, 4.5, 1, 3);

  @TempDir Path temp;
  private TestShelf shelf;
  private WyomingDoor door;

  @BeforeEach
  void open() throws IOException {
    Path file = temp.resolve("loud.onnx");
    TestModels.loudness("loud").write(file);
    Path other = temp.resolve("other.onnx");
    TestModels.loudness(List.of("other"), 2).write(other);
    shelf = new TestShelf(List.of(file, other), null, List.of());
    door = new WyomingDoor(shelf.hub, ANY, List.of(), null);
    door.open();
  }

  @AfterEach
  void close() {
    door.close();
    shelf.close();
  }

  /** The sound in chunks of so many bytes, each with the time at which it begins. */
  private static List<byte[]> chunks(int width, int channels, int size) {
    byte[] pcm = pcm(SOUND, width, channels);
    List<byte[]> chunks = new ArrayList<>();
    for (int at = 0; at < pcm.length; at += size) {
      long ms = at * 1000L / (16_000L * width * channels);
      byte[] part = Arrays.copyOfRange(pcm, at, Math.min(pcm.length, at + size));
      chunks.add(chunk(16_000, width, channels, ms, part));
    }
    return chunks;
  }

  private List<String> hear(String names, byte[] begin, List<byte[]> chunks) throws IOException {
    try (WyomingClient client = new WyomingClient(door)) {
      client.send(event("detect", "{\"names\": " + names + "}"));
      client.send(begin);
      for (byte[] chunk : chunks) {
        client.send(chunk);
      }
      client.send(STOP);
      return client.detections();
    }
  }

  private static final String LOUD = "[\"loud\"]";

  @Test
  void theBytesAreThoseOfTheProtocol() throws IOException {
    try (WyomingClient client = new WyomingClient(door)) {
      client.send("{\"type\": \"describe\", \"version\": \"1.9.0\"}\n");
      JsonObject info = client.next();
      assertEquals("info", type(info));
      assertEquals("[type, asr, tts, handle, intent, wake, mic, snd]", info.keySet().toString());
      JsonObject program = info.getAsJsonArray("wake").get(0).getAsJsonObject();
      assertEquals("rouse", program.get("name").getAsString());
      assertTrue(program.get("installed").getAsBoolean());
      JsonObject model = program.getAsJsonArray("models").get(0).getAsJsonObject();
      assertEquals(
          "[name, attribution, installed, description, version, languages, phrase]",
          model.keySet().toString());
      assertEquals("loud", model.get("name").getAsString());
      assertTrue(model.get("installed").getAsBoolean());
      assertEquals("[name, url]", model.getAsJsonObject("attribution").keySet().toString());

      client.send(
          "{\"type\": \"ping\", \"version\": \"1.9.0\", \"data_length\": 14}\n{\"text\": \"hi\"}");
      String pong =
          "{\"type\": \"pong\", \"version\": \"1.9.0\", \"data_length\": 14}\n{\"text\": \"hi\"}";
      assertEquals(pong, client.bytes(pong.length()));

      client.send(event("detect", "{\"names\": null}"));
      client.send(start(16_000, 2, 1));
      client.send(chunk(16_000, 2, 1, null, (byte) 0, (byte) 1, (byte) 2, (byte) 3));
      client.send(STOP);
      String notDetected = "{\"type\": \"not-detected\", \"version\": \"1.9.0\"}\n";
      assertEquals(notDetected, client.bytes(notDetected.length()));

      client.send(event("detect", "{\"names\": [\"loud\"]}"));
      client.send(start(16_000, 2, 1));
      client.send(chunk(16_000, 2, 1, 1234L, pcm(SOUND, 2, 1)));
      String detection =
          "{\"type\": \"detection\", \"version\": \"1.9.0\", \"data_length\": 52}\n"
              + "{\"name\": \"loud\", \"timestamp\": 1234, \"speaker\": null}";
      assertEquals(detection, client.bytes(detection.length()));
      assertEquals(detection, client.bytes(detection.length()));
      client.send(STOP); // no answer after a detection
      client.send(event("ping", ""));
      assertEquals("pong", type(client.next()));
    }
  }

  @Test
  void detectionsAreInTheClientsTime() throws IOException {
    List<TriggerEvent> events = new ArrayList<>();
    try (Detector detector = new Detector(TestModels.loudness("loud"), events::add)) {
      detector.accept(SOUND, 0, SOUND.length);
      detector.finish();
    }
    assertEquals(2, events.size());
    List<String> expected =
        events.stream().map(e -> "loud " + (e.end() - 1) / 320 * 20).toList(); // 20 ms a chunk
    assertEquals(expected, hear(LOUD, start(16_000, 2, 1), chunks(2, 1, 640)));
  }

  @Test
  void detectionsDoNotDependOnFormatOrChunks() throws IOException {
    List<String> expected = hear(LOUD, start(16_000, 2, 1), chunks(2, 1, 640));
    assertEquals(expected, hear(LOUD, start(16_000, 4, 2), chunks(4, 2, 640 * 4)));
    assertEquals(expected, hear(LOUD, start(16_000, 3, 1), chunks(3, 1, 960)));
    assertEquals(
        expected,
        hear("null", start(16_000, 2, 3), chunks(2, 3, 1920)).stream()
            .filter(line -> line.startsWith("loud"))
            .toList());
    int[] sizes = {1, 7, 4097, 100_000};
    for (int size : sizes) {
      List<byte[]> chunks = chunks(2, 1, size);
      List<String> found =
          hear(LOUD, start(16_000, 2, 1), size == 1 ? chunks.subList(0, 60_000) : chunks);
      assertEquals(size == 1 ? 1 : 2, found.size(), size + ": " + found);
    }
    assertEquals(
        1,
        hear(LOUD, start(16_000, 1, 1), chunks(1, 1, 333)).stream()
            .distinct()
            .filter(line -> line.startsWith("loud 1"))
            .count());
  }

  @Test
  void namesNullAbsentOrEmptyAreAllWords() throws IOException {
    for (String data : List.of("{\"names\": null}", "", "{\"names\": []}")) {
      try (WyomingClient client = new WyomingClient(door)) {
        client.send(event("detect", data));
        client.send(chunk(16_000, 2, 1, null, pcm(SOUND, 2, 1))); // without audio-start
        client.send(STOP);
        List<String> found = client.detections();
        assertEquals(4, found.size(), found::toString);
        assertTrue(found.contains("loud null") && found.contains("other null"), found::toString);
      }
    }
  }

  @Test
  void unknownNamesAreAnErrorThenNotDetected() throws IOException {
    String error = "error: no model is named nope; there are loud, other";
    assertEquals(
        List.of(error, "not-detected"),
        hear("[\"nope\"]", start(16_000, 2, 1), chunks(2, 1, 4000)));
    List<String> found = hear("[\"nope\", \"loud\"]", start(16_000, 2, 1), chunks(2, 1, 4000));
    assertEquals(3, found.size(), found::toString);
    assertEquals(error, found.get(0));
    assertTrue(found.get(1).startsWith("loud "), found::toString);
  }

  @Test
  void audioStartForgetsWhatWasHeard() throws IOException {
    try (WyomingClient client = new WyomingClient(door)) {
      client.send(event("detect", "{\"names\": [\"loud\"]}"));
      for (int i = 0; i < 3; i++) {
        client.send(start(16_000, 2, 1));
        for (byte[] chunk : chunks(2, 1, 3200)) {
          client.send(chunk);
        }
      }
      client.send(STOP); // else the last may still be on their way
      List<String> found = client.detections();
      assertEquals(6, found.size(), found::toString);
      assertEquals(found.subList(0, 2), found.subList(4, 6));
      client.send(start(16_000, 2, 1));
      client.send(STOP);
      assertEquals(List.of("not-detected"), client.detections());
    }
  }

  @Test
  void theFormatMayChangeAmidAStream() throws IOException {
    try (WyomingClient client = new WyomingClient(door)) {
      client.send(event("detect", "{\"names\": [\"loud\"]}"));
      client.send(start(16_000, 2, 1));
      float[] first = Arrays.copyOf(SOUND, 32_000);
      float[] second = Arrays.copyOfRange(SOUND, 32_000, SOUND.length);
      client.send(chunk(16_000, 2, 1, 0L, pcm(first, 2, 1)));
      client.send(chunk(16_000, 4, 2, 2000L, pcm(second, 4, 2)));
      client.send(chunk(48_000, 2, 1, 4500L, pcm(TestModels.bursts(48_000, 3, 1), 2, 1)));
      client.send(STOP);
      assertEquals(List.of("loud 0", "loud 2000", "loud 4500"), client.detections());
    }
  }

  @Test
  void describeIsAnsweredAmidAudio() throws IOException {
    try (WyomingClient client = new WyomingClient(door)) {
      client.send(start(16_000, 2, 1));
      client.send(chunk(16_000, 2, 1, 0L, new byte[2000]));
      client.send(event("describe", ""));
      assertEquals("info", type(client.next()));
      client.send(chunk(16_000, 2, 1, 0L, pcm(SOUND, 2, 1)));
      client.send(STOP);
      assertEquals(4, client.detections().size());
    }
  }

  @Test
  void eventsMayBeCutAnywhere() throws IOException, InterruptedException {
    try (WyomingClient client = new WyomingClient(door)) {
      byte[] ping = event("ping", "{\"text\": \"hej ☃\"}", new byte[5]);
      for (byte one : ping) {
        client.send(new byte[] {one});
        Thread.sleep(1);
      }
      assertEquals("hej ☃", client.next().get("text").getAsString());
      client.send(
          "{\"type\":\"ping\",\"data\":{\"text\":\"a\"},\"payload_length\":0}\n"
              + "{\"type\":\"ping\",\"data\":{\"text\":\"a\"},\"data_length\":13}\n{\"text\": \"b\"}"
              + "{\"type\":\"played\",\"data_length\":2,\"payload_length\":3}\n{}abc"
              + "{\"type\":\"ping\",\"data\":{\"text\":\"c\"},\"extra\":[1],\"data_length\":null}\n");
      assertEquals("a", client.next().get("text").getAsString());
      assertEquals("b", client.next().get("text").getAsString());
      assertEquals("c", client.next().get("text").getAsString());
    }
  }

  @Test
  void anEventThatBreaksTheProtocolEndsTheConnection() throws IOException {
    List<String> broken =
        List.of(
            "hello\n",
            "\n",
            "[]\n",
            "{\"data\": {}}\n",
            "{\"type\": \"x\", \"data_length\": -1}\n",
            "{\"type\": \"x\", \"data_length\": 1.5}\n",
            "{\"type\": \"x\", \"data_length\": \"3\"}\n",
            "{\"type\": \"x\", \"data_length\": 1048577}\n",
            "{\"type\": \"x\", \"payload_length\": 2147483648}\n",
            "{\"type\": \"" + "x".repeat(1 << 20) + "\"}\n");
    for (String bytes : broken) {
      try (WyomingClient client = new WyomingClient(door)) {
        client.send(event("ping", ""));
        assertEquals("pong", type(client.next()));
        client.send(bytes);
        JsonObject error = client.next();
        assertEquals("error", type(error));
        assertEquals("bad-event", error.get("code").getAsString());
        assertTrue(error.get("text").getAsString().length() < 200);
        assertNull(client.next());
      }
    }
    assertStillServes();
  }

  private void assertStillServes() throws IOException {
    assertEquals(2, hear(LOUD, start(16_000, 2, 1), chunks(2, 1, 640)).size());
  }

  @Test
  void wrongDataIsAnErrorOnly() throws IOException {
    try (WyomingClient client = new WyomingClient(door)) {
      client.send(event("detect", "{\"names\": \"loud\"}"));
      assertEquals("names: expected a list of strings", client.next().get("text").getAsString());
      client.send(event("detect", "{\"names\": [7]}"));
      assertEquals("error", type(client.next()));
      client.send(event("detect", "nonsense"));
      assertEquals("the data is not JSON", client.next().get("text").getAsString());
      client.send("{\"type\": \"detect\", \"data\": 7}\n");
      assertEquals("data is not a JSON object", client.next().get("text").getAsString());
      client.send(event("audio-start", "{\"rate\": 16000, \"width\": 2}"));
      assertEquals("channels is missing", client.next().get("text").getAsString());
      client.send(start(16_000, 5, 1));
      assertEquals("width=5, expected 1 to 4", client.next().get("text").getAsString());
      client.send(chunk(16_000, 5, 1, null, new byte[10])); // no second error
      client.send(chunk(16_000, 2, 1, null, pcm(SOUND, 2, 1)));
      client.send(STOP);
      assertEquals(List.of("not-detected"), client.detections());
      client.send(chunk(16_000, 2, 1, null, pcm(SOUND, 2, 1)));
      client.send(STOP);
      assertEquals(4, client.detections().size());
    }
  }

  @Test
  void oneStreamTooManyIsRefused() throws IOException, InterruptedException {
    List<WyomingClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < Limits.STREAMS; i++) {
        WyomingClient client = new WyomingClient(door);
        clients.add(client);
        client.send(chunk(16_000, 2, 1, null, new byte[64]));
      }
      Waiting.until(() -> shelf.hub.openStreams() == Limits.STREAMS, () -> shelf.hub.openStreams());
      assertEquals(
          List.of("error: all 64 streams are in use", "not-detected"),
          hear(LOUD, start(16_000, 2, 1), chunks(2, 1, 6400)));
      clients.get(0).close();
      Waiting.until(() -> shelf.hub.openStreams() < Limits.STREAMS, () -> shelf.hub.openStreams());
      assertStillServes();
    } finally {
      for (WyomingClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void aClientThatDiesAmidAPayloadFreesItsStream() throws IOException, InterruptedException {
    for (int i = 0; i < 100; i++) {
      try (WyomingClient client = new WyomingClient(door)) {
        byte[] bytes = chunk(16_000, 2, 1, null, new byte[4000]);
        client.send(Arrays.copyOf(bytes, bytes.length - 1 - i));
        client.socket.setSoLinger(i % 2 == 0, 0); // half of them end with a reset
      }
    }
    Waiting.until(() -> shelf.hub.openStreams() == 0, () -> shelf.hub.openStreams());
    assertStillServes();
  }

  @Test
  void aClientThatNeverReadsIsCutOffAndDelaysNobody() throws IOException, InterruptedException {
    try (WyomingClient greedy = new WyomingClient(door)) {
      Thread asking =
          new Thread(
              () -> {
                try {
                  byte[] describe = event("describe", "");
                  while (true) {
                    greedy.send(describe);
                  }
                } catch (IOException e) {
                  // cut off
                }
              });
      asking.start();
      assertStillServes();
      asking.join();
      Waiting.until(() -> !shelf.notices.isEmpty(), () -> "no notice");
      assertEquals(List.of("wyoming:127.0.0.1 left output unread; disconnected"), shelf.notices);
    }
    assertStillServes();
  }

  @Test
  void connectionsOneAfterAnotherLeaveNothing() throws IOException, InterruptedException {
    for (int i = 0; i < 500; i++) {
      try (WyomingClient client = new WyomingClient(door)) {
        client.send(event("describe", ""));
        assertEquals("info", type(client.next()));
      }
    }
    Waiting.until(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("rouse-wyoming"))
                    .count()
                < 50,
        () -> "threads");
    assertStillServes();
  }

  @Test
  void anAddressThatOthersReachNeedsToSayWhoMayConnect() {
    assertEquals(
        "tcp://0.0.0.0:0 is open to other machines, and the protocol has no password: say who may"
            + " connect with --allow, such as --allow 192.168.1.0/24",
        assertThrows(
                IllegalArgumentException.class,
                () -> new WyomingDoor(shelf.hub, "tcp://0.0.0.0:0", List.of(), null))
            .getMessage());
    for (String uri :
        List.of(
            "tcp://127.0.0.1",
            "http://127.0.0.1:1",
            "127.0.0.1:1",
            "unix://",
            "tcp://127.0.0.1:70000",
            "tcp://127.0.0.1:1/x",
            "")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new WyomingDoor(shelf.hub, uri, List.of(), null),
          uri);
    }
  }

  @Test
  void theLineSaysWhoMayConnect() throws IOException {
    try (WyomingDoor open =
        new WyomingDoor(shelf.hub, "tcp://0.0.0.0:0", List.of("10.0.0.0/8", "fd00::/8"), null)) {
      open.open();
      assertTrue(
          open.describe()
              .matches(
                  "Wyoming on tcp://0\\.0\\.0\\.0:\\d+ for this machine and 10\\.0\\.0\\.0/8, fd00::/8"),
          open::describe);
      try (WyomingClient client = new WyomingClient(open)) {
        client.send(event("describe", ""));
        assertEquals("info", type(client.next()));
      }
    }
    assertTrue(door.describe().endsWith(" for this machine"), door::describe);
  }

  @Test
  void twoServersCannotHaveOneAddress() throws IOException {
    String uri = "tcp://127.0.0.1:" + WyomingClient.port(door);
    try (WyomingDoor second = new WyomingDoor(shelf.hub, uri, List.of(), null)) {
      assertTrue(assertThrows(IOException.class, second::open).getMessage().startsWith(uri + ": "));
    }
  }

  @Test
  void aUnixSocketIsReplacedIfStaleAndRemovedAtTheEnd() throws IOException {
    Path path = temp.resolve("s");
    try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      stale.bind(UnixDomainSocketAddress.of(path));
    }
    assertTrue(Files.exists(path));
    try (WyomingDoor unix = new WyomingDoor(shelf.hub, "unix://" + path, List.of(), null)) {
      unix.open();
      assertEquals("Wyoming on unix://" + path + " for this machine", unix.describe());
      try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
        client.write(ByteBuffer.wrap(event("ping", "")));
        ByteBuffer answer = ByteBuffer.allocate(10);
        while (answer.hasRemaining()) {
          client.read(answer);
        }
        assertEquals("{\"type\": \"", new String(answer.array(), StandardCharsets.UTF_8));
      }
      try (WyomingDoor second = new WyomingDoor(shelf.hub, "unix://" + path, List.of(), null)) {
        assertEquals(
            path + ": a server already listens there",
            assertThrows(IOException.class, second::open).getMessage());
      }
      assertTrue(Files.exists(path)); // the first one's
    }
    assertTrue(Files.notExists(path));
    Path file = Files.writeString(temp.resolve("file"), "x");
    try (WyomingDoor wrong = new WyomingDoor(shelf.hub, "unix://" + file, List.of(), null)) {
      assertEquals(
          file + ": exists and is not a socket",
          assertThrows(IOException.class, wrong::open).getMessage());
    }
    assertEquals("x", Files.readString(file));
  }

  @Test
  void aClosedDoorEndsItsConnections() throws IOException {
    try (WyomingClient client = new WyomingClient(door)) {
      client.send(chunk(16_000, 2, 1, null, new byte[64]));
      client.send(event("ping", ""));
      assertEquals("pong", type(client.next()));
      int port = WyomingClient.port(door);
      door.close();
      try {
        assertNull(client.next());
      } catch (IOException e) {
        // a reset ends it too
      }
      assertThrows(
          ConnectException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port));
    }
  }
}
