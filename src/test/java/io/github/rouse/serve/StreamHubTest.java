// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.rouse.TestModels;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StreamHubTest {
  @TempDir Path folder;

  /** Neither the hub's count nor the pool may lose a place. */
  @Test
  void streamsThatFailToOpenTakeNoPlace() throws IOException {
    TestModels.loudness("loud").write(folder.resolve("loud.onnx"));
    List<Path> models = List.of(folder.resolve("loud.onnx"));
    try (ModelShelf shelf =
            new ModelShelf(models, null, List.of(), WakeModel::read, ModelShelf.INTERVAL);
        StreamHub hub = new StreamHub(shelf)) {
      hub.start();
      boolean[] full = {true};
      hub.observe(
          new Activity() {
            @Override
            public void streamOpened(String source) {
              if (full[0]) {
                throw new OutOfMemoryError();
              }
            }
          });
      for (int i = 0; i < 2 * Limits.STREAMS; i++) {
        assertThrows(OutOfMemoryError.class, () -> hub.open("test", 16_000, Set.of(), event -> {}));
      }
      assertEquals(0, hub.openStreams());
      full[0] = false;
      List<StreamHub.Stream> streams = new ArrayList<>();
      for (int i = 0; i < Limits.STREAMS; i++) {
        streams.add(hub.open("test", 16_000, Set.of(), event -> {}));
      }
      streams.forEach(StreamHub.Stream::close);
      assertEquals(0, hub.openStreams());
    }
  }
}
