// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.actions.Marks.MarkedClip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarksTest {
  @TempDir Path folder;

  @BeforeEach
  void saveClips() throws IOException {
    for (String name : List.of("a.wav", "b.wav", "c.wav", "note.txt")) {
      Files.createFile(folder.resolve(name));
    }
  }

  private void lines(String file, String... lines) throws IOException {
    Files.writeString(folder.resolve(file), String.join("\n", lines));
  }

  private static String name(MarkedClip clip) {
    return clip.file().getFileName() + " " + clip.word() + " " + clip.isRight();
  }

  @Test
  void theLaterMarkOfAClipWins() throws IOException {
    lines(
        Marks.FILE,
        "{\"clip\":\"a.wav\",\"word\":\"nova\",\"mark\":\"wrong\",\"mood\":[1,{}]}",
        "",
        "{\"clip\":\"b.wav\",\"word\":\"nova\",\"mark\":\"wrong\"}",
        "{\"clip\":\"a.wav\",\"word\":\"luna\",\"mark\":\"wrong\"}",
        "{\"clip\":\"a.wav\",\"word\":\"nova\",\"mark\":\"right\"}");
    Marks marks = Marks.read(folder);
    assertEquals(
        List.of("b.wav nova false", "a.wav luna false", "a.wav nova true"),
        marks.clips().stream().map(MarksTest::name).toList());
    assertEquals(List.of(), marks.problems());
    assertEquals(1, marks.unmarked().size());
    assertEquals(folder.resolve("c.wav"), marks.unmarked().get(0).file());
  }

  @Test
  void theIndexSaysWhatAClipIs() throws IOException {
    lines(
        ClipFolder.INDEX,
        "{\"clip\":\"a.wav\",\"word\":\"nova\",\"score\":0.75,\"clip_at\":3.0}",
        "{\"clip\":\"c.wav\",\"word\":\"luna\"}",
        "nonsense");
    lines(Marks.FILE, "{\"clip\":\"a.wav\",\"mark\":\"wrong\"}");
    Marks marks = Marks.read(folder);
    assertEquals(
        List.of(new MarkedClip(folder.resolve("a.wav"), "nova", false, 3, 0.75f)), marks.clips());
    assertEquals(null, marks.unmarked().get(0).word());
    assertEquals("luna", marks.unmarked().get(1).word());
  }

  @Test
  void aBadLineIsNamedWithItsNumberAndTheOthersCount() throws IOException {
    lines(
        Marks.FILE,
        "{\"clip\":\"a.wav\",\"mark\":\"right\"}",
        "{\"clip\":\"b.wav\",\"mark\":\"maybe\"}",
        "",
        "{\"clip\":\"b.wav\"",
        "{\"clip\":\"../d.wav\",\"mark\":\"right\"}",
        "{\"clip\":\"note.txt\",\"mark\":\"right\"}",
        "[\"b.wav\"]",
        "{\"clip\":\"b.wav\",\"mark\":\"right\"}");
    Marks marks = Marks.read(folder);
    assertEquals(2, marks.clips().size());
    Path file = folder.resolve(Marks.FILE);
    assertEquals(
        List.of(
            file + ", line 2: mark=maybe, expected right or wrong",
            file + ", line 4: is not a JSON object",
            file + ", line 5: d.wav is not there",
            file + ", line 6: clip=\"note.txt\", expected the name of a WAV file",
            file + ", line 7: is not a JSON object"),
        marks.problems());
  }

  @Test
  void foldersMarkTheirClips() throws IOException {
    Files.createDirectory(folder.resolve("wrong"));
    Files.move(folder.resolve("b.wav"), folder.resolve("wrong").resolve("b.wav"));
    Marks marks = Marks.read(folder);
    assertEquals(List.of("b.wav null false"), marks.clips().stream().map(MarksTest::name).toList());
    assertEquals(2, marks.unmarked().size());
  }

  @Test
  void anAddedMarkIsRead() throws IOException {
    lines(Marks.FILE, "{\"clip\":\"b.wav\",\"mark\":\"ri"); // a writer died
    Marks.add(folder, "a.wav", "nova", true);
    Marks.add(folder, "a.wav", "nova", false);
    Marks marks = Marks.read(folder);
    assertEquals(List.of("a.wav nova false"), marks.clips().stream().map(MarksTest::name).toList());
    assertEquals(1, marks.problems().size());
    List<String> lines = Files.readAllLines(folder.resolve(Marks.FILE));
    assertEquals(3, lines.size());
    assertTrue(
        lines
            .get(2)
            .matches(
                "\\{\"clip\":\"a.wav\",\"word\":\"nova\",\"mark\":\"wrong\",\"time\":\".*Z\"}"),
        lines.get(2));
  }

  @Test
  void onlyAClipOfTheFolderIsMarked() throws IOException {
    for (String clip : List.of("d.wav", "../a.wav", folder.resolve("a.wav").toString(), "")) {
      assertThrows(NoSuchFileException.class, () -> Marks.add(folder, clip, "nova", true), clip);
    }
    assertThrows(NoSuchFileException.class, () -> Marks.read(folder.resolve("a.wav")));
  }
}
