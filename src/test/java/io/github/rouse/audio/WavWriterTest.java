// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WavWriterTest {
  @TempDir Path folder;

  @Test
  void samplesAreReadBackExactly() throws IOException {
    Path path = folder.resolve("a.wav");
    float[] samples = new float[65536];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (i - 32768) / 32768f;
    }
    try (WavWriter writer = new WavWriter(path, 22050, 2)) {
      writer.write(samples, 0, 10);
      writer.write(samples, 10, samples.length - 10);
      writer.commit();
    }
    try (AudioFile file = AudioFile.open(path)) {
      assertEquals(22050, file.sampleRate());
      assertEquals(2, file.channels());
      assertEquals(32768, file.frames());
      assertArrayEquals(samples, Sounds.readAll(file));
    }
  }

  @Test
  void samplesBeyondFullScaleAreClipped() throws IOException {
    Path path = folder.resolve("a.wav");
    try (WavWriter writer = new WavWriter(path, 16000, 1)) {
      writer.write(new float[] {1, 2, -2, Float.NaN, 1e30f}, 0, 5);
      writer.commit();
    }
    float top = 32767 / 32768f;
    try (AudioFile file = AudioFile.open(path)) {
      assertArrayEquals(new float[] {top, top, -1, 0, top}, Sounds.readAll(file));
    }
  }

  @Test
  void theFileAppearsOnlyOnCommit() throws IOException {
    Path path = folder.resolve("a.wav");
    Files.writeString(path, "before");
    WavWriter writer = new WavWriter(path, 16000, 1);
    writer.write(new float[100_000], 0, 100_000);
    assertEquals("before", Files.readString(path));
    writer.commit();
    writer.close();
    assertEquals(200_044, Files.size(path));
    assertEquals(1, countFiles());
  }

  @Test
  void withoutACommitTheTargetIsUnchanged() throws IOException {
    Path path = folder.resolve("a.wav");
    Files.writeString(path, "before");
    try (WavWriter writer = new WavWriter(path, 16000, 1)) {
      writer.write(new float[100_000], 0, 100_000);
    }
    assertEquals("before", Files.readString(path));
    assertEquals(1, countFiles());
  }

  @Test
  void anIncompleteFrameIsRejectedAndLeavesNothing() throws IOException {
    try (WavWriter writer = new WavWriter(folder.resolve("a.wav"), 16000, 2)) {
      writer.write(new float[3], 0, 3);
      assertThrows(IOException.class, writer::commit);
    }
    assertEquals(0, countFiles());
  }

  @Test
  void anExceptionWhileWritingLeavesTheTargetUnchanged() throws IOException {
    Path path = folder.resolve("a.wav");
    Files.writeString(path, "before");
    assertThrows(
        IllegalStateException.class,
        () -> {
          try (WavWriter writer = new WavWriter(path, 16000, 1)) {
            writer.write(new float[100_000], 0, 100_000);
            throw new IllegalStateException("the source broke");
          }
        });
    assertEquals("before", Files.readString(path));
    assertEquals(1, countFiles());
  }

  @Test
  void afterAFailedWriteFurtherWritesAndCommitsFail() throws IOException {
    Path path = folder.resolve("a.wav");
    try (WavWriter writer = new WavWriter(path, 16000, 1)) {
      writer.write(new float[10], 0, 10);
      var e =
          assertThrows(IOException.class, () -> writer.write(new float[10], 0, Integer.MAX_VALUE));
      assertTrue(e.getMessage().contains("4 GiB"), e.getMessage());
      assertThrows(IOException.class, () -> writer.write(new float[10], 0, 10));
      assertThrows(IOException.class, writer::commit);
    }
    assertEquals(0, countFiles());
  }

  @Test
  void aFailedWriteIsNotRetried() throws IOException {
    try (WavWriter writer = new WavWriter(folder.resolve("a.wav"), 16000, 1)) {
      Thread.currentThread().interrupt(); // closes the file under the writer
      assertThrows(
          ClosedByInterruptException.class, () -> writer.write(new float[100_000], 0, 100_000));
      assertTrue(Thread.interrupted());
      var e = assertThrows(IOException.class, writer::commit);
      assertTrue(e.getMessage().contains("a.wav: incomplete after"), e.getMessage());
    }
    assertEquals(0, countFiles());
  }

  private int countFiles() throws IOException {
    try (var files = Files.list(folder)) {
      return (int) files.count();
    }
  }
}
