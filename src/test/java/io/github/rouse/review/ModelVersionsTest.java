// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.review;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestModels;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelVersionsTest {
  private static final WakeModel MODEL = TestModels.loudness("loud");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("loud.onnx");
    version(1).write(file);
  }

  private static WakeModel version(int number) {
    return MODEL.withThreshold(number / 10f);
  }

  private float threshold() throws IOException {
    return WakeModel.read(file).policy().threshold();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void eachVersionIsKeptAndComesBack() throws IOException {
    byte[] first = Files.readAllBytes(file);
    Files.createFile(folder.resolve("loud.onnx.bak"));
    assertEquals(folder.resolve("loud.onnx.1"), ModelVersions.replace(file, version(2)));
    assertEquals(folder.resolve("loud.onnx.2"), ModelVersions.replace(file, version(3)));
    assertEquals(0.3f, threshold(), 0);
    assertEquals(List.of("loud.onnx", "loud.onnx.1", "loud.onnx.2", "loud.onnx.bak"), names());
    assertEquals(2, ModelVersions.count(file));
    assertEquals(folder.resolve("loud.onnx.2"), ModelVersions.undo(file));
    assertEquals(0.2f, threshold(), 0);
    ModelVersions.undo(file);
    assertArrayEquals(first, Files.readAllBytes(file));
    assertEquals(List.of("loud.onnx", "loud.onnx.bak"), names());
    IOException none = assertThrows(IOException.class, () -> ModelVersions.undo(file));
    assertEquals(file + ": has no previous version", none.getMessage());
  }

  @Test
  void aDamagedVersionReplacesNothing() throws IOException {
    ModelVersions.replace(file, version(2));
    Files.writeString(folder.resolve("loud.onnx.1"), "half a mod");
    assertThrows(IOException.class, () -> ModelVersions.undo(file));
    assertEquals(0.2f, threshold(), 0);
    assertTrue(Files.exists(folder.resolve("loud.onnx.1")));
  }

  @Test
  void theModelStaysWhereTheNextCannotBeWritten() throws IOException {
    WakeModel unwritable = TestModels.loudness("other");
    Path missing = folder.resolve("none").resolve("loud.onnx");
    assertThrows(IOException.class, () -> ModelVersions.replace(missing, unwritable));
    assertEquals(List.of("loud.onnx"), names());
  }
}
