// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.file.JsonFields;
import io.github.rouse.file.TextFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** The steps of a new word that are done or skipped, kept in a file in its folder. */
final class StepFile {
  private final Path file;
  private final String word;
  private final Set<Stage> over = EnumSet.noneOf(Stage.class);

  private StepFile(Path file, String word) {
    this.file = file;
    this.word = word;
  }

  /**
   * Reads the file, if it exists.
   *
   * @throws IOException if it cannot be read, or is damaged
   */
  static StepFile read(Path folder, String word) throws IOException {
    StepFile progress = new StepFile(folder.resolve("steps.json"), word);
    if (Files.exists(progress.file)) {
      try {
        JsonObject json = JsonFields.parse(TextFile.read(progress.file)).getAsJsonObject();
        for (JsonElement step : json.getAsJsonArray("over")) {
          progress.over.add(Stage.valueOf(step.getAsString()));
        }
      } catch (IllegalArgumentException
          | IllegalStateException
          | UnsupportedOperationException
          | ClassCastException
          | NullPointerException e) {
        throw new IOException(progress.file + ": is damaged; delete it to start over", e);
      }
    }
    return progress;
  }

  boolean isOver(Stage step) {
    return over.contains(step);
  }

  /** Notes a step and writes the file. */
  void note(Stage step) throws IOException {
    over.add(step);
    write();
  }

  /** Forgets a step and those after it. */
  void returnTo(Stage first) throws IOException {
    over.removeIf(step -> step.compareTo(first) >= 0);
    write();
  }

  private void write() throws IOException {
    JsonObject json = new JsonObject();
    json.addProperty("word", word);
    JsonArray steps = new JsonArray();
    over.forEach(step -> steps.add(step.name()));
    json.add("over", steps);
    Files.createDirectories(file.getParent());
    AtomicFile.write(file, out -> out.write((json + "\n").getBytes(StandardCharsets.UTF_8)));
  }
}
