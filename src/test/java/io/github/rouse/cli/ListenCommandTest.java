// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import io.github.rouse.NeedsMicrophone;
import io.github.rouse.TestModels;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.cli.output.EventActions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenCommandTest {
  private static final int RATE = 44_100;

  @TempDir Path folder;
  private Path model;
  private final Terminal terminal = new Terminal();

  @BeforeEach
  void prepare() throws IOException {
    model = folder.resolve("loud.onnx");
    TestModels.loudness("loud").write(model);
  }

  @Test
  @NeedsMicrophone
  void detectsPlayedSoundAndRunsEveryAction() throws Exception {
    Path sound = folder.resolve("sound.wav");
    float[] samples = TestModels.bursts(RATE, 5, 1, 3);
    try (WavWriter wav = new WavWriter(sound, RATE, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
    List<String> posted = new CopyOnWriteArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          posted.add(new String(body, StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    CompletableFuture<Void> player = play(sound);
    Path clips = folder.resolve("clips");
    Path noted = folder.resolve("noted.txt");
    int code =
        terminal.run(
            "listen",
            "--model",
            model,
            "--duration",
            7,
            "--save",
            clips,
            "--exec",
            "echo {word} {score} >> '" + noted + "'",
            "--webhook",
            "http://127.0.0.1:" + server.getAddress().getPort() + "/wake");
    player.get(5, TimeUnit.SECONDS);
    server.stop(0);
    assertEquals(0, code, terminal.err().toString());
    assertEquals(2, terminal.out().size(), terminal.out().toString());
    JsonObject first = JsonParser.parseString(terminal.out().get(0)).getAsJsonObject();
    JsonObject second = JsonParser.parseString(terminal.out().get(1)).getAsJsonObject();
    assertEquals(2, second.get("start").getAsDouble() - first.get("start").getAsDouble(), 0.05);
    assertEquals(0, second.get("lost_samples").getAsLong());
    Instant.parse(first.get("time").getAsString());
    try (AudioFile clip = AudioFile.open(Path.of(first.get("clip").getAsString()))) {
      assertEquals(16_000, clip.sampleRate()); // the model's
      assertTrue(clip.frames() > 2L * clip.sampleRate(), clip.frames() + " frames");
    }
    assertEquals(terminal.out(), posted);
    List<String> lines = Files.readAllLines(noted);
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).matches("loud 0\\.\\d{3}"), lines.toString());
  }

  @Test
  @NeedsMicrophone
  void lostMicrophoneIsReportedOnceAndReopened() throws Exception {
    String sink = System.getenv("ROUSE_TEST_SINK");
    Process unplug = // unplugs the microphone after 3 s, plugs it in again after 6 s
        new ProcessBuilder(
                "sh",
                "-c",
                "sleep 3; pactl unload-module module-null-sink; sleep 3;"
                    + " pactl load-module module-null-sink sink_name=$0 rate=44100 channels=1;"
                    + " pactl set-default-source $0.monitor",
                sink)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    int code = terminal.run("listen", "--model", model, "--duration", 10);
    assertTrue(unplug.waitFor(5, TimeUnit.SECONDS));
    assertEquals(0, code, terminal.err().toString());
    List<String> messages =
        terminal.err().stream().filter(l -> l.startsWith("rouse: microphone ")).toList();
    assertEquals(2, messages.size(), terminal.err().toString());
    assertTrue(messages.get(0).contains("lost") && messages.get(1).contains("back after"));
    double seconds = Double.parseDouble(messages.get(1).replaceAll(".*after ([0-9.]+) s.*", "$1"));
    assertTrue(seconds > 2.5 && seconds < 7, messages.get(1));
  }

  /** Plays into the virtual microphone of with-microphone once the command listens. */
  private CompletableFuture<Void> play(Path sound) {
    String sink = "--device=" + System.getenv("ROUSE_TEST_SINK");
    return CompletableFuture.runAsync(
        () -> {
          try {
            while (terminal.err().stream().noneMatch(l -> l.contains("listening to"))) {
              Thread.sleep(20);
            }
            new ProcessBuilder("paplay", sink, sound.toString()).inheritIO().start().waitFor();
          } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
          }
        });
  }

  @Test
  void unknownDevicePrintsOneLine() {
    assertEquals(1, terminal.run("listen", "--model", model, "--device", "no such device"));
    assertEquals(1, terminal.err().size(), terminal.err().toString());
    assertTrue(terminal.err().get(0).startsWith("rouse: no capture device"));
  }

  @Test
  void anActionsCommandGetsTheEventsValues() {
    JsonObject event = new JsonObject();
    event.addProperty("word", "se\u00f1or");
    event.addProperty("score", 0.987);
    event.addProperty("time", "2026-11-29T05:00:00.123Z");
    event.addProperty("source", "microphone");
    String all = "say {word} {score} {time} {source} {clip} {other}";
    assertEquals(
        "say se\u00f1or 0.987 2026-11-29T05:00:00.123Z microphone  {other}",
        EventActions.filled(all, event));
    event.addProperty("clip", "my clips/it's.wav");
    assertEquals("play 'my clips/it'\\''s.wav'", EventActions.filled("play {clip}", event));
  }

  @Test
  void wordCannotInjectShellCommands() {
    JsonObject event = new JsonObject();
    event.addProperty("score", 1);
    event.addProperty("time", "now");
    event.addProperty("source", "microphone");
    for (String[] word :
        new String[][] {
          {"ok google", "ok-google"},
          {"$(reboot)", "-reboot-"},
          {"a'; \"b`", "a-b-"},
          {"a\nb", "a-b"}
        }) {
      event.addProperty("word", word[0]);
      assertEquals(word[1], EventActions.filled("{word}", event));
    }
  }

  @Test
  void wrongUsagePrintsOneLine() {
    Object[][] wrong = {
      {"listen", "--model", model, "--duration", "0"},
      {"listen", "--model", model, "--duration", "soon"},
      {"listen", "--model", model, "--webhook", "mailto:me"},
    };
    for (Object[] args : wrong) {
      Terminal one = new Terminal();
      assertEquals(2, one.run(args));
      assertEquals(1, one.err().size(), one.err().toString());
    }
  }
}
