// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rouse.NeedsMicrophone;
import io.github.rouse.TestModels;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.audio.capture.FakeDevice;
import io.github.rouse.cli.Terminal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  private static final int SECONDS = 6; // of the sounds

  @TempDir Path folder;
  private final Terminal terminal = new Terminal();
  private Path model;

  @BeforeEach
  void prepare() throws IOException {
    model = folder.resolve("loud.onnx");
    TestModels.loudness("loud").write(model);
  }

  /** Noise with more bass than treble, in bursts that stand out from a background. */
  private static double[] voice(int rate) {
    Random random = new Random(1);
    double[] samples = new double[SECONDS * rate];
    double bass = 0;
    for (int i = 0; i < samples.length; i++) {
      bass = 0.95 * bass + 0.1 * random.nextGaussian();
      double burst = i / (rate / 3) % 2 == 0 ? 1 : 0.02;
      samples[i] = 0.5 * burst * (bass + 0.02 * random.nextGaussian());
    }
    return samples;
  }

  private Path sound(int rate, IntToDoubleFunction... channels) throws IOException {
    float[] samples = new float[SECONDS * rate * channels.length];
    for (int i = 0; i < samples.length; i++) {
      double value = channels[i % channels.length].applyAsDouble(i / channels.length);
      samples[i] = (float) Math.max(-1, Math.min(1, value));
    }
    Path file = folder.resolve("sound.wav");
    try (WavWriter wav = new WavWriter(file, rate, channels.length)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
    return file;
  }

  private static List<JsonObject> findings(String json) {
    return JsonParser.parseString(json)
        .getAsJsonObject()
        .getAsJsonArray("findings")
        .asList()
        .stream()
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  /** Looks for a finding by its level, the beginning of its text and a part of its remedy. */
  private static void assertNames(String level, String text, String remedy, List<JsonObject> all) {
    assertTrue(
        all.stream()
            .anyMatch(
                one ->
                    one.get("level").getAsString().equals(level)
                        && one.get("text").getAsString().startsWith(text)
                        && one.get("remedy").getAsString().contains(remedy)),
        all.toString());
  }

  private List<JsonObject> judged(int code, Path file) {
    assertEquals(code, terminal.run("doctor", "--file", file, "--format", "json"));
    return findings(terminal.out().get(0));
  }

  @Test
  void aGoodSoundIsMeasuredAndHasNoWarning() throws IOException {
    double[] voice = voice(16_000);
    List<JsonObject> findings = judged(0, sound(16_000, i -> voice[i]));
    assertEquals(1, findings.size(), findings.toString());
    String text = findings.get(0).get("text").getAsString();
    assertTrue(
        text.matches(
            "peak -\\d dB, background -[45]\\d dB, 0.0 % clipped, .*, bandwidth [78].\\d kHz"),
        text);
  }

  @Test
  void aMutedMicrophoneIsAFault() throws IOException {
    assertNames("fault", "silent", "set-source-mute", judged(1, sound(16_000, i -> 0)));
  }

  @Test
  void clippingIsNamed() throws IOException {
    double[] voice = voice(16_000);
    assertNames(
        "warning", "clipped", "set-source-volume", judged(0, sound(16_000, i -> 20 * voice[i])));
  }

  @Test
  void bluetoothAtTelephoneQualityIsNamed() throws IOException {
    double[] voice = voice(8000);
    assertNames("warning", "no treble", "mSBC", judged(0, sound(8000, i -> voice[i])));
  }

  @Test
  void aLowLevelIsNamed() throws IOException {
    double[] voice = voice(16_000);
    assertNames("warning", "quiet", "raise it", judged(0, sound(16_000, i -> voice[i] / 100)));
  }

  @Test
  void aConstantOffsetIsNamed() throws IOException {
    double[] voice = voice(16_000);
    assertNames("warning", "a constant offset", "", judged(0, sound(16_000, i -> voice[i] + 0.2)));
  }

  @Test
  void eitherDeadChannelIsNamed() throws IOException {
    double[] voice = voice(16_000);
    assertNames("warning", "channel 1", "best", judged(0, sound(16_000, i -> 0, i -> voice[i])));
    Terminal second = new Terminal();
    assertEquals(
        0,
        second.run("doctor", "--file", sound(16_000, i -> voice[i], i -> 0), "--format", "json"));
    assertNames("warning", "channel 2", "best", findings(second.out().get(0)));
  }

  @Test
  void aLoudBackgroundIsNamed() throws IOException {
    double[] voice = voice(16_000);
    Random random = new Random(2);
    assertNames(
        "warning",
        "a loud background",
        "fans",
        judged(0, sound(16_000, i -> voice[i] + 0.05 * random.nextGaussian())));
  }

  @Test
  void textHasALineForEachFindingAndOneForEachRemedy() throws IOException {
    assertEquals(1, terminal.run("doctor", "--file", sound(16_000, i -> 0)));
    assertEquals(2, terminal.out().size(), terminal.out().toString());
    assertTrue(terminal.out().get(0).startsWith("fault    sound         silent: "));
    assertTrue(terminal.out().get(1).startsWith(" ".repeat(23) + "-> unmute it: "));
    assertEquals(List.of("rouse: listen cannot work, 1 fault"), terminal.err());
  }

  /** Another Java, whose sound devices depend on its environment and properties. */
  private Map.Entry<Integer, List<JsonObject>> inAnotherJava(
      Map<String, String> environment, String... args) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("-Duser.home=" + folder);
    command.addAll(List.of(args));
    command.addAll(List.of("--model", model.toString(), "--format", "json"));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(folder.resolve("err").toFile());
    builder.environment().keySet().removeAll(List.of("PULSE_SERVER", "XDG_RUNTIME_DIR"));
    builder.environment().putAll(environment);
    Process rouse = builder.start();
    String out = new String(rouse.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Map.entry(rouse.waitFor(), findings(out));
  }

  @Test
  void aMachineWithoutSoundIsAFault() throws Exception {
    assumeFalse(Files.exists(Path.of("/dev/snd")), "this machine has sound");
    var found =
        inAnotherJava(
            Map.of("ALSA_CONFIG_PATH", "/dev/null"), "io.github.rouse.cli.Main", "doctor");
    assertEquals(1, found.getKey());
    assertNames("fault", "no capture device", "plug a microphone in", found.getValue());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aDeviceIsHeardAndAPortInUseIsNamed() throws Exception {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 10400));
      var found =
          inAnotherJava(
              Map.of(),
              "-D" + FakeDevice.PLUGGED + "=true",
              "io.github.rouse.cli.Main",
              "doctor",
              "--device",
              FakeDevice.NAME,
              "--duration",
              "1.5");
      List<String> texts =
          found.getValue().stream().map(one -> one.get("text").getAsString()).toList();
      assertTrue(texts.stream().anyMatch(text -> text.matches("\\d+ " + FakeDevice.NAME + ".*")));
      assertTrue(texts.contains(FakeDevice.NAME + " at 16000 Hz, 1 channel, 16 bit"), "" + texts);
      assertTrue(texts.stream().anyMatch(text -> text.startsWith("peak 0 dB")), "" + texts);
      assertNames("warning", "10400 is in use", "10401", found.getValue());
      assertNames("warning", "loud.onnx: loud; 16000 Hz", "rouse tune", found.getValue());
    }
  }

  @Test
  void aBrokenModelIsAFault() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.onnx"), "no model");
    assertEquals(1, terminal.run("doctor", "--model", broken, "--duration", 0, "--format", "json"));
    assertNames("fault", broken.toString(), "copy it again", findings(terminal.out().get(0)));
  }

  /** What is found while the virtual microphone hears a sound. */
  private List<JsonObject> heard(Path played) throws Exception {
    String sink = "--device=" + System.getenv("ROUSE_TEST_SINK");
    CompletableFuture<Void> player =
        CompletableFuture.runAsync(
            () -> {
              try {
                while (terminal.err().stream().noneMatch(line -> line.contains("listening for"))) {
                  Thread.sleep(20);
                }
                new ProcessBuilder("paplay", sink, played.toString()).inheritIO().start().waitFor();
              } catch (IOException | InterruptedException e) {
                throw new CompletionException(e);
              }
            });
    terminal.run("doctor", "--model", model, "--duration", 4, "--format", "json");
    player.get(10, TimeUnit.SECONDS);
    return findings(terminal.out().get(0));
  }

  @Test
  @NeedsMicrophone
  void aClippingMicrophoneIsNamed() throws Exception {
    double[] voice = voice(44_100);
    assertNames(
        "warning", "clipped", "set-source-volume", heard(sound(44_100, i -> 20 * voice[i])));
  }

  @Test
  @NeedsMicrophone
  void aBluetoothLikeMicrophoneIsNamedThroughTheResamplerOfTheSoundServer() throws Exception {
    double[] voice = voice(8000);
    assertNames("warning", "no treble", "mSBC", heard(sound(8000, i -> voice[i])));
  }

  @Test
  @NeedsMicrophone
  void aMutedMicrophoneIsNamedWithItsRemedy() throws Exception {
    String source = System.getenv("ROUSE_TEST_SINK") + ".monitor";
    new ProcessBuilder("pactl", "set-source-mute", source, "1").start().waitFor();
    try {
      double[] voice = voice(16_000);
      List<JsonObject> found = heard(sound(16_000, i -> voice[i]));
      assertNames("fault", "silent", "set-source-mute", found);
      assertNames("fault", "the default source is muted", "set-source-mute", found);
    } finally {
      new ProcessBuilder("pactl", "set-source-mute", source, "0").start().waitFor();
    }
  }
}
