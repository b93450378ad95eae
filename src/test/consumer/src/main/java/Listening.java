// SPDX-License-Identifier: Apache-2.0
import io.github.rouse.Listener;
import io.github.rouse.Rouse;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Listens to a file of the words computer, jarvis and alexa at 48 kHz as to a microphone, with a
 * model from a stream, one of the class path and one by name: {@code Listening FILE MODEL}. The
 * first word's handler throws, the second's unplugs the microphone, the third's closes the
 * listener.
 */
public class Listening {
  private static final CompletableFuture<Listener> LISTENER = new CompletableFuture<>();
  private static final CountDownLatch CLOSED = new CountDownLatch(1);

  public static void main(String[] args) throws Exception {
    play(Path.of(args[0]));
    WakeModel computer;
    try (InputStream in = Files.newInputStream(Path.of(args[1]))) {
      computer = WakeModel.read(in, "computer.onnx");
    }
    WakeModel jarvis;
    try (InputStream in = Listening.class.getResourceAsStream("/io/github/rouse/models/jarvis.onnx")) {
      jarvis = WakeModel.read(in, "jarvis.onnx");
    }
    Listener listener =
        Rouse.listen(computer, jarvis, WakeModel.named("alexa"))
            .device(FileMicrophone.NAME)
            .channel(Channel.of(2))
            .falseAlarmsPerHour(0.5)
            .refractory(Duration.ofSeconds(2))
            .onEvent(Listening::heard)
            .onNearMiss(miss -> System.out.println("almost " + miss.word()))
            .onDeviceLost(reason -> lost())
            .onDeviceRegained(gap -> System.out.println("regained"))
            .onError(problem -> System.out.println("error: " + problem.getMessage()))
            .start();
    LISTENER.complete(listener);
    boolean closed = CLOSED.await(60, TimeUnit.SECONDS);
    listener.close(); // waits for the end
    System.out.println(closed + ", listening: " + listener.isListening());
    System.out.println(listener.lostSamples() > 0 ? "samples lost" : "no sample lost");
  }

  private static void play(Path path) throws IOException {
    try (AudioFile file = AudioFile.open(path)) {
      List<float[]> blocks = new ArrayList<>();
      file.play(
          Channel.FIRST,
          (block, from, length) -> blocks.add(Arrays.copyOfRange(block, from, from + length)));
      float[] samples = new float[blocks.stream().mapToInt(block -> block.length).sum()];
      int filled = 0;
      for (float[] block : blocks) {
        System.arraycopy(block, 0, samples, filled, block.length);
        filled += block.length;
      }
      FileMicrophone.samples = samples;
    }
  }

  private static void heard(TriggerEvent event) {
    boolean now = Duration.between(event.time(), Instant.now()).abs().toSeconds() < 5;
    System.out.println(event.word() + (now ? " now" : " at " + event.time()));
    switch (event.word()) {
      case "computer" -> throw new IllegalStateException("a bug of the app");
      case "jarvis" -> FileMicrophone.plugged = false;
      default -> {
        LISTENER.join().close();
        LISTENER.join().close();
        CLOSED.countDown();
      }
    }
  }

  private static void lost() {
    System.out.println("lost");
    FileMicrophone.plugged = true;
  }
}
