// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.wyoming;

import static io.github.rouse.serve.wyoming.WyomingClient.chunk;
import static io.github.rouse.serve.wyoming.WyomingClient.event;
import static io.github.rouse.serve.wyoming.WyomingClient.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.Rouse;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.model.WakeModel;
import io.github.rouse.serve.TestShelf;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shipped words in a sample file, which has each of them once. */
@Timeout(300)
class ShippedWordsTest {
  private static final Path SOUND = Path.of("audio-samples", "three-words.ogg");
  private static final List<String> WORDS = List.of("alexa", "computer", "jarvis");

  private TestShelf shelf;
  private WyomingDoor door;

  private static Path model(String word) {
    return Path.of("models", word + ".onnx");
  }

  @BeforeEach
  void open() throws IOException {
    shelf = new TestShelf(List.of(), null, WORDS.stream().map(ShippedWordsTest::model).toList());
    door = new WyomingDoor(shelf.hub, "tcp://127.0.0.1:0", List.of(), null);
    door.open();
  }

  @AfterEach
  void close() {
    door.close();
    shelf.close();
  }

  /** The file as 16-bit PCM at its own rate. */
  private static byte[] pcm(AudioFile audio) throws IOException {
    List<float[]> parts = new ArrayList<>();
    audio.play(
        Channel.AUTO,
        (interleaved, from, length) -> {},
        (samples, from, length) -> parts.add(Arrays.copyOfRange(samples, from, from + length)));
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return WyomingClient.pcm(all, 2, 1);
  }

  /** Streams the sound in odd pieces, each with its first frame as its time. */
  private List<String> hear(String names, byte[] pcm, int rate, long seed) throws IOException {
    Random random = new Random(seed);
    try (WyomingClient client = new WyomingClient(door)) {
      client.send(event("detect", "{\"names\": " + names + "}"));
      client.send(start(rate, 2, 1));
      for (int at = 0; at < pcm.length; ) {
        int size = Math.min(pcm.length - at, 1 + random.nextInt(5000));
        byte[] piece = Arrays.copyOfRange(pcm, at, at + size);
        client.send(chunk(rate, 2, 1, (long) at / 2, piece));
        at += size;
      }
      client.send(event("audio-stop", ""));
      return client.detections();
    }
  }

  @Test
  void detectionsAreThoseOfAScan() throws IOException {
    List<TriggerEvent> scanned = new ArrayList<>();
    for (String word : WORDS) {
      scanned.addAll(Rouse.scan(WakeModel.read(model(word)), SOUND));
    }
    scanned.sort((a, b) -> Long.compare(a.at(), b.at()));
    try (AudioFile audio = AudioFile.open(SOUND)) {
      int rate = audio.sampleRate();
      List<String> found = hear("null", pcm(audio), rate, 1);
      assertEquals(scanned.size(), found.size(), found::toString);
      for (int i = 0; i < found.size(); i++) {
        TriggerEvent event = scanned.get(i);
        String[] detection = found.get(i).split(" ", -1);
        assertEquals(event.word(), detection[0]);
        double last = (event.end() - 1.0) * rate / event.sampleRate();
        double begin = Double.parseDouble(detection[1]); // of the chunk, up to 2500 frames
        assertTrue(begin <= last && last < begin + 2502, last + " " + found);
      }
    }
  }

  @Test
  void fiftyClientsHearEachItsWord() throws Exception {
    byte[] pcm;
    int rate;
    try (AudioFile audio = AudioFile.open(SOUND)) {
      rate = audio.sampleRate();
      pcm = pcm(audio);
    }
    int start = 2 * (int) (3.0 * rate); // jarvis is from 3.7 s to 4.2 s, alone
    byte[] jarvis = Arrays.copyOfRange(pcm, start, start + 2 * 2 * rate);
    ExecutorService threads = Executors.newFixedThreadPool(50);
    try {
      List<Future<List<String>>> clients = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        String name = i % 2 == 0 ? "jarvis" : WORDS.get(i / 2 % 2);
        int seed = i;
        clients.add(threads.submit(() -> hear("[\"" + name + "\"]", jarvis, rate, seed)));
      }
      for (int i = 0; i < 50; i++) {
        List<String> found = clients.get(i).get();
        assertEquals(1, found.size(), i + ": " + found);
        assertEquals(
            i % 2 == 0 ? "jarvis" : "not-detected",
            found.get(0).split(" ", -1)[0],
            i + ": " + found);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
