// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.WavWriter;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Outputs onto pipes and sockets, which must stay what they are; and onto a file in use. */
class SpecialFileTest {
  @TempDir Path folder;

  private Path pipe() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    return pipe;
  }

  private static CompletableFuture<byte[]> reader(Path pipe) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Files.readAllBytes(pipe);
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aPipeIsWrittenToAndNotReplaced() throws IOException, InterruptedException {
    Path pipe = pipe();
    byte[] content = {1, 2, 3};
    for (Path path : new Path[] {pipe, Files.createSymbolicLink(folder.resolve("l"), pipe)}) {
      CompletableFuture<byte[]> read = reader(pipe);
      AtomicFile.prepare(path);
      AtomicFile.write(path, out -> out.write(content));
      assertArrayEquals(content, read.join());
    }
    Path part = Files.write(folder.resolve("part"), content);
    CompletableFuture<byte[]> read = reader(pipe);
    AtomicFile.place(part, pipe);
    assertArrayEquals(content, read.join());
    assertTrue(AtomicFile.isSpecial(pipe));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aWavIsWrittenToAPipe() throws IOException, InterruptedException {
    Path pipe = pipe();
    CompletableFuture<byte[]> read = reader(pipe);
    try (WavWriter wav = new WavWriter(pipe, 8000, 1)) {
      wav.write(new float[10], 0, 10);
      wav.commit();
    }
    assertEquals(44 + 20, read.join().length);
    assertTrue(AtomicFile.isSpecial(pipe));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aSocketIsNotReplaced() throws IOException {
    Path path = folder.resolve("s");
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(path));
      assertThrows(IOException.class, () -> AtomicFile.write(path, out -> out.write(1)));
      assertTrue(AtomicFile.isSpecial(path));
    }
  }

  @Test
  void aSecondRunIsRefusedWhileTheFirstLives() throws IOException {
    Path out = folder.resolve("m.onnx");
    try (OutputLock first = new OutputLock(out)) {
      var e = assertThrows(IOException.class, () -> new OutputLock(out));
      assertEquals(out + ": another run is writing it", e.getMessage());
      assertTrue(Files.exists(folder.resolve(".m.onnx.lock")), first::toString);
    }
    assertFalse(Files.exists(folder.resolve(".m.onnx.lock")));
    new OutputLock(out).close();
  }
}
