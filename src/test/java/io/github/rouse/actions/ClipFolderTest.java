// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipFolderTest {
  private static final int RATE = 1000;
  private static final double CLIP = 44 + 2 * 3.0 * RATE; // bytes

  @TempDir Path folder;
  private final List<String> problems = new CopyOnWriteArrayList<>();
  private final List<String> notes = new CopyOnWriteArrayList<>();

  private ClipFolder open(double clips, double days) throws IOException {
    ClipSettings settings = new ClipSettings(folder, 2, 1, clips * CLIP / 1e9, days);
    return new ClipFolder(settings, problems::add, notes::add);
  }

  private static TriggerEvent event(String word) {
    return new TriggerEvent("m", word, 0, 100, 200, RATE, 0.7f, null, 0);
  }

  /** Saves a clip of each word in turn; returns their paths. */
  private List<Path> save(ClipFolder clips, String... words) throws IOException {
    List<Path> paths = new ArrayList<>();
    ClipRecorder recorder = new ClipRecorder(clips, word -> true, "microphone", "", RATE);
    for (String word : words) {
      recorder.accept(new float[3 * RATE], 0, 3 * RATE);
      paths.add(recorder.save(event(word)).orElseThrow());
      recorder.accept(new float[RATE], 0, RATE);
    }
    recorder.close();
    return paths;
  }

  private static List<Boolean> exist(List<Path> paths) {
    return paths.stream().map(Files::exists).toList();
  }

  private void mark(String line) throws IOException {
    Files.writeString(
        folder.resolve(Marks.FILE),
        line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  @Test
  void aClipHasTheSoundAroundTheDecision() throws IOException {
    List<Path> paths = new ArrayList<>();
    float[] sound = new float[9000];
    for (int i = 0; i < sound.length; i++) {
      sound[i] = i / 32768f;
    }
    try (ClipFolder clips = open(10, 1)) {
      ClipRecorder recorder = new ClipRecorder(clips, "nova"::equals, "microphone", "", RATE);
      recorder.accept(sound, 0, 500);
      paths.add(recorder.save(event("nova")).orElseThrow());
      assertTrue(recorder.save(event("other")).isEmpty());
      recorder.accept(sound, 500, 4500);
      paths.add(recorder.save(event("nova")).orElseThrow());
      paths.add(recorder.save(event("nova")).orElseThrow());
      recorder.accept(sound, 5000, 2600); // more than the rest of the clip
      paths.add(recorder.save(event("nova")).orElseThrow());
      recorder.accept(sound, 7600, 400);
      recorder.close();
    }
    assertEquals(List.of(), problems);
    int[][] expected = {{0, 1500}, {3000, 6000}, {3000, 6000}, {5600, 8000}}; // from, to
    for (int i = 0; i < expected.length; i++) {
      float[] read = read(paths.get(i));
      assertEquals(expected[i][1] - expected[i][0], read.length, "clip " + i);
      assertEquals(expected[i][0], Math.round(read[0] * 32768), "clip " + i);
      assertEquals(expected[i][1] - 1, Math.round(read[read.length - 1] * 32768), "clip " + i);
    }
    assertEquals(4, paths.stream().distinct().count());
    List<String> index = Files.readAllLines(folder.resolve(ClipFolder.INDEX));
    assertEquals(4, index.size());
    assertTrue(index.get(0).contains("\"word\":\"nova\""), index.get(0));
    double[] decisions = {0.5, 2, 2, 2}; // seconds after the clip's start; the first lacks sound
    for (int i = 0; i < decisions.length; i++) {
      assertTrue(index.get(i).contains("\"clip_at\":" + decisions[i] + ","), index.get(i));
    }
    assertTrue(index.get(0).contains("\"" + paths.get(0).getFileName() + "\""), index.get(0));
  }

  private static float[] read(Path path) throws IOException {
    try (AudioFile file = AudioFile.open(path)) {
      float[] samples = new float[(int) file.frames()];
      int[] at = {0};
      file.play(
          io.github.rouse.audio.Channel.AUTO,
          (values, from, length) -> {
            System.arraycopy(values, from, samples, at[0], length);
            at[0] += length;
          });
      return samples;
    }
  }

  @Test
  void theOldestUnmarkedClipsMakeRoom() throws IOException {
    Path foreign = folder.resolve("nova-20260101-000000-000.wav");
    try (WavWriter wav = new WavWriter(foreign, RATE, 1)) {
      wav.write(new float[90 * RATE], 0, 90 * RATE);
      wav.commit();
    }
    List<Path> paths;
    try (ClipFolder clips = open(3, 1)) {
      paths = save(clips, "a", "b");
      mark("{\"clip\":\"" + paths.get(0).getFileName() + "\",\"mark\":\"right\"}");
      paths.addAll(save(clips, "c", "d", "e"));
    }
    assertEquals(List.of(true, false, true, true, true), exist(paths));
    assertTrue(Files.exists(foreign));
    assertEquals(List.of(), problems);
    assertEquals(2, notes.size(), notes.toString());
    assertEquals(
        "--save: deleted the oldest clip (0.0 MB): " + paths.get(1).getFileName(), notes.get(1));
    assertEquals(4, Files.readAllLines(folder.resolve(ClipFolder.INDEX)).size());
  }

  @Test
  void clipsOfAnEarlierRunAreDeletedByAge() throws IOException {
    List<Path> paths;
    try (ClipFolder clips = open(100, 30)) {
      paths = save(clips, "old", "marked", "path", "odd", "young");
    }
    for (Path path : paths.subList(0, 4)) {
      Instant then = Instant.now().minus(Duration.ofDays(31));
      Files.setLastModifiedTime(path, FileTime.from(then));
    }
    mark("{\"clip\":\"" + paths.get(1).getFileName() + "\"}");
    mark("{\"clip\":\"/elsewhere/" + paths.get(2).getFileName() + "\"}");
    mark("wrong: " + paths.get(3).getFileName());
    open(100, 30).close();
    assertEquals(List.of(false, true, true, true, true), exist(paths));
    assertEquals(
        "--save: keeps clips in "
            + folder
            + " for 30 days, at most "
            + 100 * CLIP / 1e9
            + " GB; then deletes the oldest that it wrote and nobody marked",
        notes.get(0));
    assertEquals(List.of(), problems);
  }

  /** Two processes may keep their clips in one folder. */
  @Test
  void theLimitIsThatOfTheFolder() throws IOException {
    List<Path> paths = new ArrayList<>();
    try (ClipFolder one = open(3, 1);
        ClipFolder other = open(3, 1)) {
      paths.addAll(save(one, "a", "b"));
      paths.addAll(save(other, "c", "d"));
      paths.addAll(save(one, "e"));
    }
    assertEquals(3, exist(paths).stream().filter(exists -> exists).count(), paths.toString());
    assertEquals(3, Files.readAllLines(folder.resolve(ClipFolder.INDEX)).size());
    assertEquals(List.of(), problems);
  }

  @Test
  void linesThatAreNotTextStopNothing() throws IOException {
    byte[] latin = "{\"clip\":\"caf\u00e9.wav\"}\n".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(folder.resolve(ClipFolder.INDEX), latin);
    Files.write(folder.resolve(Marks.FILE), latin);
    List<Path> paths;
    try (ClipFolder clips = open(1, 1)) {
      paths = save(clips, "a", "b");
    }
    assertEquals(List.of(false, true), exist(paths));
    assertEquals(List.of(), problems);
  }

  @Test
  void withoutReadableMarksNothingIsDeleted() throws IOException {
    Files.createDirectory(folder.resolve(Marks.FILE));
    List<Path> paths;
    try (ClipFolder clips = open(1, 1)) {
      paths = save(clips, "a", "b");
    }
    assertEquals(List.of(true, true), exist(paths));
    assertFalse(problems.isEmpty());
    assertEquals(1, notes.size());
  }

  @Test
  void anIndexNamesOnlyFilesOfItsFolder() throws IOException {
    Path outside = Files.createTempFile(folder.getParent(), "outside", ".wav");
    JsonObject line = new JsonObject();
    line.addProperty("clip", "../" + outside.getFileName());
    Files.writeString(folder.resolve(ClipFolder.INDEX), line + "\n\nnonsense\n[]\n{\"clip\":5}\n");
    Files.setLastModifiedTime(outside, FileTime.from(Instant.EPOCH));
    open(1, 1).close();
    assertTrue(Files.exists(outside));
    assertEquals(List.of(), problems);
    Files.delete(outside);
  }
}
