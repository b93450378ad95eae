// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.NeedsMicrophone;
import io.github.rouse.audio.Channel;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NeedsMicrophone
@Timeout(120)
class LocalMicrophoneTest {
  private static final Path MODELS = Path.of("models");

  private final List<String> heard = new CopyOnWriteArrayList<>();

  private final DetectionHandler words =
      new DetectionHandler() {
        @Override
        public void event(TriggerEvent event) {
          heard.add(event.word());
        }

        @Override
        public void posteriors(WakeModel model, long at, float[] posteriors) {}
      };

  private final AtomicInteger captured = new AtomicInteger(); // frames

  private final LocalMicrophone.Follower follower =
      new LocalMicrophone.Follower() {
        @Override
        public LocalMicrophone.Sinks begin(int sampleRate, List<String> known) {
          return new LocalMicrophone.Sinks((samples, from, length) -> {}, words);
        }

        @Override
        public void captured(
            float[] interleaved, float[] mono, int frames, int channels, int sampleRate) {
          captured.addAndGet(frames);
        }
      };

  /** Each change opens another stream; a word across two of them counts once. */
  @Test
  void wordsAreHeardOnceThoughModelsChangeAllTheTime() throws Exception {
    try (TestShelf shelf =
            new TestShelf(
                List.of(),
                null,
                List.of(MODELS.resolve("jarvis.onnx"), MODELS.resolve("computer.onnx")));
        LocalMicrophone microphone = new LocalMicrophone(shelf.hub, null, Channel.AUTO, follower)) {
      shelf.hub.awaitModels();
      microphone.start();
      Waiting.until(
          () -> shelf.notices.stream().anyMatch(n -> n.startsWith("listening to")),
          () -> shelf.notices);
      Process playing =
          new ProcessBuilder(
                  "paplay",
                  "--device=" + System.getenv("ROUSE_TEST_SINK"),
                  Path.of("audio-samples", "jarvis-quiet.flac").toString())
              .inheritIO()
              .start();
      for (int change = 0; !playing.waitFor(450, TimeUnit.MILLISECONDS); change++) {
        shelf.hub.setThreshold("computer", change % 2 == 0 ? 0.6f : 0.61f);
      }
      assertTrue(shelf.changes.size() > 10, shelf.changes.size() + " changes");
      Thread.sleep(1000); // the last decision
    }
    assertEquals(List.of("jarvis", "jarvis", "jarvis"), heard);
    assertTrue(captured.get() > 14 * 16_000, captured.get() + " frames");
  }
}
