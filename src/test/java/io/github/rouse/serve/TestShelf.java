// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A hub with models of files, and what it says. */
public final class TestShelf implements AutoCloseable {
  public static final Duration INTERVAL = Duration.ofMillis(50);

  public final List<String> notices = new CopyOnWriteArrayList<>();
  public final List<Models> changes = new CopyOnWriteArrayList<>();
  public final StreamHub hub;
  private final ModelShelf shelf;

  public TestShelf(List<Path> given, Path folder, List<Path> shipped) throws IOException {
    this(given, folder, shipped, WakeModel::read);
  }

  TestShelf(List<Path> given, Path folder, List<Path> shipped, ModelShelf.ModelSource reader)
      throws IOException {
    shelf = new ModelShelf(given, folder, shipped, reader, INTERVAL);
    hub = new StreamHub(shelf);
    hub.observe(
        new Activity() {
          @Override
          public void notice(String line) {
            notices.add(line);
          }

          @Override
          public void modelsChanged(Models models) {
            changes.add(models);
          }
        });
    hub.start();
  }

  public List<String> words() {
    return hub.models().words();
  }

  @Override
  public void close() {
    hub.close();
    shelf.close();
  }
}
