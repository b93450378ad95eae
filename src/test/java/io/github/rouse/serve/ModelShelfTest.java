// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelShelfTest {
  @TempDir Path temp;

  private Path model(Path folder, String file, String... words) throws IOException {
    Files.createDirectories(folder);
    Path path = folder.resolve(file + ".onnx");
    TestModels.loudness(List.of(words), new float[words.length]).write(path);
    return path;
  }

  private static void age(Path file, int seconds) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(seconds)));
  }

  private static void awaitWords(TestShelf shelf, String... words) throws InterruptedException {
    Waiting.until(
        () -> shelf.words().equals(List.of(words)), () -> shelf.words() + " " + shelf.notices);
  }

  @Test
  void wordsAreKnownBeforeModelsAreLoaded() throws Exception {
    Path own = temp.resolve("own");
    age(model(own, "nova", "nova"), 60);
    CountDownLatch loading = new CountDownLatch(1);
    ModelShelf.ModelSource slow =
        file -> {
          try {
            loading.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return WakeModel.read(file);
        };
    Path shipped = model(temp.resolve("shipped"), "jarvis", "jarvis");
    try (TestShelf shelf = new TestShelf(List.of(), own, List.of(shipped), slow)) {
      assertEquals(List.of("nova", "jarvis"), shelf.words());
      assertNull(shelf.hub.models().offers().get(1).model());
      loading.countDown();
      shelf.hub.open("test", 16_000, Set.of("nova"), event -> {}).close(); // waits
      assertNotNull(shelf.hub.models().offers().get(1).model());
    }
  }

  @Test
  void modelsComeAndGoWithTheirFiles() throws Exception {
    Path shipped = model(temp.resolve("shipped"), "jarvis", "jarvis");
    Path own = temp.resolve("own"); // does not exist yet
    try (TestShelf shelf = new TestShelf(List.of(), own, List.of(shipped))) {
      awaitWords(shelf, "jarvis");
      Path nova = model(own, "nova", "nova");
      awaitWords(shelf, "nova", "jarvis");
      shelf.hub.open("test", 16_000, Set.of("nova"), event -> {}).close();
      Path other = model(own, "replacement", "luna");
      Files.move(other, nova, StandardCopyOption.REPLACE_EXISTING);
      awaitWords(shelf, "luna", "jarvis");
      Files.delete(nova);
      awaitWords(shelf, "jarvis");
      assertThrows(
          IllegalArgumentException.class,
          () -> shelf.hub.open("test", 16_000, Set.of("nova"), event -> {}));
    }
  }

  @Test
  void halfACopyIsNotLoaded() throws Exception {
    Path own = Files.createDirectories(temp.resolve("own"));
    byte[] whole = Files.readAllBytes(model(temp, "nova", "nova"));
    try (TestShelf shelf = new TestShelf(List.of(), own, List.of())) {
      Path copy = own.resolve("nova.onnx");
      Files.write(copy, Arrays.copyOf(whole, whole.length / 2));
      Waiting.until(() -> !shelf.notices.isEmpty(), () -> "no notice");
      assertTrue(
          shelf.notices.get(0).startsWith("cannot use " + copy + ": "), shelf.notices::toString);
      Thread.sleep(6 * TestShelf.INTERVAL.toMillis());
      assertEquals(1, shelf.notices.size(), shelf.notices::toString);
      assertEquals(List.of(), shelf.words());
      Files.write(copy, whole);
      awaitWords(shelf, "nova");
    }
  }

  @Test
  void aVersionThatIsNoModelLeavesTheOneBefore() throws Exception {
    Path own = temp.resolve("own");
    Path nova = model(own, "nova", "nova");
    try (TestShelf shelf = new TestShelf(List.of(), own, List.of())) {
      awaitWords(shelf, "nova");
      Files.writeString(nova, "not a model");
      Waiting.until(() -> !shelf.notices.isEmpty(), () -> "no notice");
      assertEquals(List.of("nova"), shelf.words());
      shelf.hub.open("test", 16_000, Set.of("nova"), event -> {}).close();
    }
  }

  @Test
  void aWordOfTwoModelsIsDetectedByOne() throws Exception {
    Path own = temp.resolve("own");
    Path older = model(own, "a-older", "nova", "luna");
    Path newer = model(own, "b-newer", "nova");
    age(older, 200);
    age(newer, 100);
    Path given = model(temp, "given", "sol");
    Path shipped = model(temp.resolve("shipped"), "shipped", "sol", "nova", "jarvis");
    try (TestShelf shelf = new TestShelf(List.of(given), own, List.of(shipped))) {
      awaitWords(shelf, "sol", "nova", "luna", "jarvis");
      Waiting.until(() -> shelf.changes.size() == 2, shelf.changes::toString);
      List<Models.Offer> offers = shelf.hub.models().offers();
      assertEquals(
          List.of(given, newer, older, shipped), offers.stream().map(Models.Offer::file).toList());
      assertEquals(
          List.of(List.of("sol"), List.of("nova"), List.of("luna"), List.of("jarvis")),
          offers.stream().map(offer -> offer.model().words()).toList());
      assertTrue(
          shelf.notices.contains("nova: " + newer + " detects it, not " + older),
          shelf.notices::toString);
    }
  }

  @Test
  void aShippedFileThatIsNoModelIsAnError() throws Exception {
    Path bad = Files.writeString(temp.resolve("bad.onnx"), "not a model");
    assertThrows(
        ModelFormatException.class, () -> new TestShelf(List.of(), null, List.of(bad)).close());
  }

  @Test
  void aModelThatCannotRunOnAStreamIsReported() throws Exception {
    Path own = Files.createDirectories(temp.resolve("own"));
    TestModels.bidirectional().write(own.resolve("both.onnx"));
    try (TestShelf shelf = new TestShelf(List.of(), own, List.of())) {
      Waiting.until(() -> !shelf.notices.isEmpty(), () -> "no notice");
      assertTrue(shelf.notices.get(0).contains("both"), shelf.notices::toString);
      awaitWords(shelf);
      assertEquals(
          "there is no model yet",
          assertThrows(
                  IllegalStateException.class,
                  () -> shelf.hub.open("test", 16_000, Set.of(), event -> {}))
              .getMessage());
    }
  }
}
