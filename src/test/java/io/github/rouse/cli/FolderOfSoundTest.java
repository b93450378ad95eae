// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.Sounds;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.cli.options.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders are judged by the first bytes of their files. */
class FolderOfSoundTest {
  private static final String MODEL = "models/jarvis.onnx";

  @TempDir Path folder;

  @BeforeAll
  static void hideFfmpeg() {
    Sounds.hideFfmpeg();
  }

  @AfterAll
  static void showFfmpeg() {
    Sounds.showFfmpeg();
  }

  private final Terminal terminal = new Terminal();

  @BeforeEach
  void fill() throws IOException {
    Files.copy(Path.of("audio-samples/jarvis-quiet.flac"), folder.resolve("recording"));
    write("notes.txt", "no sound");
    write("more.TXT", "no sound");
    write("README", "no sound");
    write("photo.heic", "\0\0\0\30ftypheic\0\0\0\0");
    write("image.webp", "RIFF\4\0\0\0WEBPVP8 ");
  }

  private void write(String name, String bytes) throws IOException {
    Files.write(folder.resolve(name), bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  private int scan() {
    return terminal.run("scan", folder, "--model", MODEL, "--format", "jsonl");
  }

  @Test
  void soundWithoutAnExtensionIsScannedAndTheRestIsCounted() {
    assertEquals(0, scan(), terminal.err()::toString);
    assertEquals(3, terminal.out().size());
    assertEquals(
        List.of(
            "rouse: skipped 5 files that are no sound: 1 .heic, 2 .txt, 1 .webp, 1 without extension"),
        terminal.err());
  }

  @Test
  void soundThatCannotBeReadIsNamedAndFails() throws IOException {
    write("a.m4a", "\0\0\0\30ftypM4A \0\0\0\0");
    write("b.bin", "\u001aE\u00df\u00a3matroska");
    write("c", "caff\0\1\0\0");
    write("d.data", "#!AMR\n....");
    write("e.opus", "");
    write("f.wma", "0&\u00b2u\u008ef\u00cf\u0011");
    assertEquals(ExitCode.FAILED, scan());
    assertEquals(3, terminal.out().size());
    for (String problem :
        List.of(
            "a.m4a: has no index: its recording was not finished",
            "b.bin: MATROSKA header is damaged or truncated",
            "c: CAF header is damaged or truncated",
            "d.data: AMR; install ffmpeg to read it",
            "e.opus: is empty",
            "f.wma: Windows Media; install ffmpeg to read it")) {
      String line = "rouse: " + folder + "/" + problem;
      assertTrue(
          terminal.err().stream().anyMatch(said -> said.startsWith(line)),
          () -> line + " in " + terminal.err());
    }
  }

  @Test
  void linksInACircleAreFollowedOnceAndBrokenOnesReported() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.createSymbolicLink(inner.resolve("outer"), folder);
    assertEquals(0, scan(), terminal.err()::toString);
    assertEquals(3, terminal.out().size());
    Path broken = Files.createSymbolicLink(folder.resolve("gone.wav"), Path.of("nowhere"));
    assertEquals(ExitCode.FAILED, scan());
    String line = "rouse: " + broken + ": is a link to a file that does not exist";
    assertTrue(terminal.err().contains(line), terminal.err()::toString);
  }

  @Test
  void aFileOfNoSamplesFails() throws IOException {
    try (WavWriter writer = new WavWriter(folder.resolve("none.wav"), 16_000, 1)) {
      writer.commit();
    }
    assertEquals(ExitCode.FAILED, scan());
    String line = "rouse: " + folder + "/none.wav: holds no sound";
    assertTrue(terminal.err().contains(line), terminal.err()::toString);
  }
}
