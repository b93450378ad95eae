// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import io.github.rouse.NeedsMicrophone;
import io.github.rouse.TestModels;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.audio.capture.FakeDevice;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
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
    CompletableFuture<Void> player = play(sound, System.getenv("ROUSE_TEST_SINK"), "listening to");
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
    CompletableFuture<Void> unplugged = // after 2 s, plugged in again after 3 s more
        whenSaid(
            "listening to",
            "sh",
            "-c",
            "sleep 2; pactl unload-module module-null-sink; sleep 3;"
                + " pactl load-module module-null-sink sink_name=$0 rate=44100 channels=1;"
                + " pactl set-default-source $0.monitor",
            System.getenv("ROUSE_TEST_SINK"));
    int code = terminal.run("listen", "--model", model, "--duration", 15);
    assertEquals(0, code, terminal.err().toString());
    unplugged.get(5, TimeUnit.SECONDS);
    List<String> messages =
        terminal.err().stream().filter(l -> l.startsWith("rouse: microphone ")).toList();
    assertEquals(2, messages.size(), terminal.err().toString());
    assertTrue(messages.get(0).contains("lost") && messages.get(1).contains("back after"));
    double seconds = Double.parseDouble(messages.get(1).replaceAll(".*after ([0-9.]+) s.*", "$1"));
    assertTrue(seconds > 2.5 && seconds < 13, messages.get(1)); // the sound server takes seconds
  }

  /** The default is gone, and the sound server has another: no name of a device is given. */
  @Test
  @NeedsMicrophone
  void anotherDefaultDeviceIsHeardInItsPlace() throws Exception {
    Path sound = folder.resolve("sound.wav");
    float[] samples = TestModels.bursts(RATE, 1.5, 0.5);
    try (WavWriter wav = new WavWriter(sound, RATE, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
    CompletableFuture<Void> unplugged =
        whenSaid(
            "listening to",
            "sh",
            "-c",
            "sleep 1; pactl unload-module $0;" // first, else the server may move the stream
                + " pactl load-module module-null-sink sink_name=other rate=48000 channels=2;"
                + " pactl set-default-source other.monitor",
            module(System.getenv("ROUSE_TEST_SINK")));
    CompletableFuture<Void> player = play(sound, "other", "microphone back after");
    try {
      int code = terminal.run("listen", "--model", model, "--duration", 7);
      assertEquals(0, code, terminal.err().toString());
      assertEquals(1, terminal.out().size(), terminal.err().toString());
      player.get(5, TimeUnit.SECONDS);
      unplugged.get(5, TimeUnit.SECONDS);
    } finally {
      new ProcessBuilder(
              "sh",
              "-c",
              "pactl unload-module $1; pactl load-module module-null-sink sink_name=$0 rate=44100"
                  + " channels=1; pactl set-default-source $0.monitor",
              System.getenv("ROUSE_TEST_SINK"),
              module("other"))
          .start()
          .waitFor();
    }
  }

  /** The number of the module that made a sink, or what is no module's. */
  private static String module(String sink) throws IOException {
    Process list = new ProcessBuilder("pactl", "list", "short", "modules").start();
    String modules = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return modules
        .lines()
        .filter(line -> line.contains("sink_name=" + sink + " ") || line.endsWith("=" + sink))
        .findFirst()
        .orElse("none")
        .split("\t", -1)[0];
  }

  /** Plays into a sink of with-microphone once the command says something. */
  private CompletableFuture<Void> play(Path sound, String sink, String said) {
    return whenSaid(said, "paplay", "--device=" + sink, sound.toString());
  }

  /** Starts a program once the command has said something; completes when the program ends. */
  private CompletableFuture<Void> whenSaid(String said, String... program) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            for (int waits = 0; terminal.err().stream().noneMatch(l -> l.contains(said)); waits++) {
              if (waits == 1000) {
                throw new IOException("the command never said: " + said);
              }
              Thread.sleep(20);
            }
            new ProcessBuilder(program)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
          } catch (IOException | InterruptedException e) {
            throw new CompletionException(e);
          }
        });
  }

  /** Another Java hears the fake device, whose sound is loud from the start. */
  private List<String> listenToFake(String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-D" + FakeDevice.PLUGGED + "=true");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("listen", "--device", FakeDevice.NAME, "--duration", "1.5"));
    command.addAll(List.of(args));
    Process rouse =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    List<String> out =
        new String(rouse.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertEquals(0, rouse.waitFor(), Files.readString(folder.resolve("err")));
    return out;
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aConfigFileHasActionsWordByWord() throws Exception {
    String evil = "$(touch ran)";
    Path two = folder.resolve("two.onnx");
    TestModels.loudness(List.of(evil, "never"), 2, 2).write(two);
    Files.writeString(
        folder.resolve("rouse.yaml"),
        """
        exec: echo unused > unused
        save: {folder: clips, before: 1, after: 0}
        words:
          $(touch ran): {exec: 'printf "%s|%s" "$ROUSE_WORD" {word} > noted; test -n "$ROUSE_CLIP"'}
          never: {threshold: 1}
        """);
    List<String> out =
        listenToFake("--model", two.toString(), "--config", "rouse.yaml", "--format", "csv");
    assertEquals("source,model,word,start,end,at,score,lost_samples,time,clip", out.get(0));
    assertEquals(2, out.size(), out.toString());
    assertEquals(evil + "|touch-ran-", Files.readString(folder.resolve("noted")));
    assertFalse(Files.exists(folder.resolve("ran")));
    assertFalse(Files.exists(folder.resolve("unused")));
    Path clip = Path.of(out.get(1).substring(out.get(1).lastIndexOf(',') + 1));
    assertTrue(Files.isRegularFile(folder.resolve(clip)), out.get(1));
    String err = Files.readString(folder.resolve("err"));
    assertTrue(err.contains("rouse: --save: keeps clips in clips for 30 days"), err);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void nearMissesArePrintedAndSetOffNothing() throws Exception {
    List<String> out =
        listenToFake(
            "--model",
            model.toString(),
            "--threshold",
            "1",
            "--refractory",
            "0.2",
            "--near-misses",
            "--exec",
            "touch ran");
    assertFalse(out.isEmpty());
    assertTrue(out.get(0).endsWith(",\"near_miss\":true}"), out.toString());
    assertFalse(Files.exists(folder.resolve("ran")));
  }

  @Test
  void unknownDevicePrintsOneLine() {
    assertEquals(1, terminal.run("listen", "--model", model, "--device", "no such device"));
    assertEquals(1, terminal.err().size(), terminal.err().toString());
    assertTrue(terminal.err().get(0).startsWith("rouse: no capture device"));
  }

  @Test
  void aWrongConfigFilePrintsFileAndLine() throws IOException {
    Path config = Files.writeString(folder.resolve("c.yaml"), "words:\n  quiet: {threshold: 0.6}");
    assertEquals(1, terminal.run("listen", "--model", model, "--config", config));
    assertEquals(
        List.of(
            "rouse: " + config + ": line 2: quiet: no model has this word, expected one of [loud]"),
        terminal.err());
  }

  @Test
  void wrongUsagePrintsOneLine() {
    Object[][] wrong = {
      {"listen", "--model", model, "--duration", "0"},
      {"listen", "--model", model, "--duration", "soon"},
      {"listen", "--model", model, "--webhook", "mailto:me"},
      {"listen", "--model", model, "--second-chance", "61"},
    };
    for (Object[] args : wrong) {
      Terminal one = new Terminal();
      assertEquals(2, one.run(args));
      assertEquals(1, one.err().size(), one.err().toString());
    }
  }
}
