// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.actions;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.file.JsonFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * People's marks of the clips in a folder: which detections were right, and which were not. {@value
 * #FILE} has one JSON object per line; a later line about the same clip and word wins. Clips in the
 * folders {@value #RIGHT} and {@value #WRONG} count as marked, too. Immutable.
 *
 * <pre>
 * {"clip":"jarvis-20260102-030405-678.wav","word":"jarvis","mark":"wrong","time":"2026-01-02T03:05:00Z"}
 * </pre>
 */
public final class Marks {
  /** The file of the marks, in the folder of the clips. */
  public static final String FILE = "marks.jsonl";

  private static final String RIGHT = "right"; // mark, and folder
  private static final String WRONG = "wrong"; // mark, and folder
  private static final String SOUND = ".wav";

  /**
   * A clip that somebody marked.
   *
   * @param file of the sound
   * @param word that was detected; null if neither the mark nor the folder's index has it
   * @param isRight whether the word was spoken
   * @param at seconds from the clip's start to the decision; NaN if unknown
   * @param score of the event; NaN if unknown
   */
  public record MarkedClip(Path file, String word, boolean isRight, double at, float score) {}

  /**
   * A clip that nobody marked.
   *
   * @param word that was detected; null if the folder's index does not have it
   */
  public record UnmarkedClip(Path file, String word) {}

  /** A clip's entry in the folder's index. */
  private record Indexed(String word, double at, float score) {
    static final Indexed UNKNOWN = new Indexed(null, Double.NaN, Float.NaN);

    static Indexed of(JsonObject line) {
      double at = number(line, ClipFolder.CLIP_AT);
      return new Indexed(text(line, "word"), at, (float) number(line, "score"));
    }

    MarkedClip marked(Path file, String word, boolean isRight) {
      return new MarkedClip(file, word == null ? this.word : word, isRight, at, score);
    }
  }

  private record Key(String clip, String word) {}

  private final List<MarkedClip> clips;
  private final List<UnmarkedClip> unmarked;
  private final List<String> problems;

  private Marks(List<MarkedClip> clips, List<UnmarkedClip> unmarked, List<String> problems) {
    this.clips = List.copyOf(clips);
    this.unmarked = List.copyOf(unmarked);
    this.problems = List.copyOf(problems);
  }

  /**
   * Reads the marks of a folder.
   *
   * @throws IOException if it is not a folder, or cannot be read
   */
  public static Marks read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    Map<String, Indexed> index = index(folder);
    Map<Key, MarkedClip> marked = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    Path file = folder.resolve(FILE);
    int number = 0;
    for (String line : lines(file)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      try {
        put(folder, line, index, marked);
      } catch (IllegalArgumentException e) {
        problems.add(file + ", line " + number + ": " + e.getMessage());
      }
    }
    List<MarkedClip> clips = new ArrayList<>(marked.values());
    for (boolean isRight : new boolean[] {true, false}) {
      for (Path clip : sounds(folder.resolve(isRight ? RIGHT : WRONG))) {
        Indexed indexed = index.getOrDefault(clip.getFileName().toString(), Indexed.UNKNOWN);
        clips.add(indexed.marked(clip, null, isRight));
      }
    }
    Set<Path> known = new HashSet<>();
    clips.forEach(clip -> known.add(clip.file()));
    List<UnmarkedClip> unmarked = new ArrayList<>();
    for (Path clip : sounds(folder)) {
      if (!known.contains(clip)) {
        String name = clip.getFileName().toString();
        unmarked.add(new UnmarkedClip(clip, index.getOrDefault(name, Indexed.UNKNOWN).word()));
      }
    }
    return new Marks(clips, unmarked, problems);
  }

  private static Map<String, Indexed> index(Path folder) throws IOException {
    Map<String, Indexed> index = new HashMap<>();
    for (String line : lines(folder.resolve(ClipFolder.INDEX))) {
      JsonObject event = object(line);
      String clip = event == null ? null : clip(event);
      if (clip != null) {
        index.put(clip, Indexed.of(event));
      }
    }
    return index;
  }

  private static void put(
      Path folder, String line, Map<String, Indexed> index, Map<Key, MarkedClip> marked) {
    JsonObject json = object(line);
    if (json == null) {
      throw new IllegalArgumentException("is not a JSON object");
    }
    String name = clip(json);
    if (name == null) {
      throw new IllegalArgumentException(
          "clip=" + json.get("clip") + ", expected the name of a WAV file");
    }
    JsonElement mark = json.get("mark");
    boolean isRight =
        isRight(mark instanceof JsonPrimitive text ? text.getAsString() : String.valueOf(mark));
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(name + " is not there");
    }
    MarkedClip one =
        index.getOrDefault(name, Indexed.of(json)).marked(file, text(json, "word"), isRight);
    Key key = new Key(name, one.word());
    marked.remove(key); // the later line also comes later in order
    marked.put(key, one);
  }

  /**
   * Adds a mark.
   *
   * @param clip name of a file in the folder
   * @param word that was detected; null if unknown
   */
  public static void add(Path folder, String clip, String word, boolean isRight)
      throws IOException {
    add(folder, clip, word, isRight, Double.NaN, Float.NaN);
  }

  /**
   * Adds a mark of a clip that is not in the folder's index.
   *
   * @param at seconds from the clip's start to the decision; NaN if unknown
   * @param score of the event; NaN if unknown
   */
  public static void add(
      Path folder, String clip, String word, boolean isRight, double at, float score)
      throws IOException {
    if (!clip.equals(fileName(clip)) || !Files.isRegularFile(folder.resolve(clip))) {
      throw new NoSuchFileException(clip);
    }
    JsonObject line = new JsonObject();
    line.addProperty(ClipFolder.CLIP, clip);
    if (word != null) {
      line.addProperty("word", word);
    }
    if (!Double.isNaN(at)) {
      line.addProperty(ClipFolder.CLIP_AT, at);
    }
    if (!Float.isNaN(score)) {
      line.addProperty("score", score);
    }
    line.addProperty("mark", isRight ? RIGHT : WRONG);
    line.addProperty("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    AtomicFile.append(folder.resolve(FILE), line.toString());
  }

  /** The marked clips, in the order of their last marks. */
  public List<MarkedClip> clips() {
    return clips;
  }

  /** The clips that nobody marked, by name. */
  public List<UnmarkedClip> unmarked() {
    return unmarked;
  }

  /** What is wrong with lines that were left out: file, line and reason. */
  public List<String> problems() {
    return problems;
  }

  /** The lines of a text file, whatever its bytes; none if there is no file. */
  static List<String> lines(Path file) throws IOException {
    return Files.exists(file)
        ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList()
        : List.of();
  }

  private static List<Path> sounds(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(SOUND) && Files.isRegularFile(file))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }

  /**
   * Whether a mark says that the word was spoken.
   *
   * @throws IllegalArgumentException if it is neither {@value #RIGHT} nor {@value #WRONG}
   */
  public static boolean isRight(String mark) {
    if (!RIGHT.equals(mark) && !WRONG.equals(mark)) {
      throw new IllegalArgumentException("mark=" + mark + ", expected " + RIGHT + " or " + WRONG);
    }
    return mark.equals(RIGHT);
  }

  /** A line's JSON object; null if it is none. */
  static JsonObject object(String line) {
    try {
      JsonElement json = JsonFields.parse(line);
      return json.isJsonObject() ? json.getAsJsonObject() : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The name of the clip that a line is about; null if it names no WAV file. */
  static String clip(JsonObject line) {
    String path = text(line, ClipFolder.CLIP);
    String name = path == null ? null : fileName(path);
    return name != null && name.endsWith(SOUND) ? name : null;
  }

  private static String text(JsonObject json, String field) {
    JsonElement value = json.get(field);
    return value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isString()
        ? value.getAsString()
        : null;
  }

  private static double number(JsonObject json, String field) {
    JsonElement value = json.get(field);
    return value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()
        ? value.getAsDouble()
        : Double.NaN;
  }

  private static String fileName(String clip) {
    try {
      Path name = Path.of(clip).getFileName();
      return name == null ? null : name.toString();
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
