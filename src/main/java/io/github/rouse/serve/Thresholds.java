// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.file.JsonFields;
import io.github.rouse.file.TextFile;
import io.github.rouse.model.WakeModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The thresholds of single words that users have set, kept in a file for the next start. */
public final class Thresholds {
  private final Path file; // null if they are not kept
  private final Map<String, Float> byWord = new TreeMap<>(); // guarded by this

  private Thresholds(Path file) {
    this.file = file;
  }

  /** None, and none is kept. */
  public static Thresholds none() {
    return new Thresholds(null);
  }

  /**
   * Reads those of earlier runs.
   *
   * @param file need not exist
   * @throws IOException if it is damaged
   */
  public static Thresholds read(Path file) throws IOException {
    Thresholds read = new Thresholds(file);
    if (Files.exists(file)) {
      try {
        JsonElement json = JsonFields.parse(TextFile.read(file));
        for (Map.Entry<String, JsonElement> entry : json.getAsJsonObject().entrySet()) {
          read.byWord.put(entry.getKey(), checked(entry.getValue().getAsFloat()));
        }
      } catch (IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) {
        throw new IOException(file + ": expected {\"word\": threshold}: " + e.getMessage(), e);
      }
    }
    return read;
  }

  private static float checked(float threshold) {
    if (!(threshold > 0 && threshold < 1)) {
      throw new IllegalArgumentException(
          "threshold=" + threshold + ", expected above 0 to below 1");
    }
    return threshold;
  }

  /**
   * Sets a word's threshold and writes the file.
   *
   * @throws IllegalArgumentException if it is not between 0 and 1
   */
  synchronized void set(String word, float threshold) throws IOException {
    byWord.put(word, checked(threshold));
    if (file != null) {
      JsonObject json = new JsonObject();
      byWord.forEach(json::addProperty);
      AtomicFile.prepare(file);
      AtomicFile.write(file, out -> out.write(json.toString().getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** The model with the thresholds that were set for its words. */
  synchronized WakeModel applyTo(WakeModel model) {
    WakeModel changed = model;
    for (String word : model.words()) {
      Float threshold = byWord.get(word);
      changed = threshold == null ? changed : changed.withThreshold(word, threshold);
    }
    return changed;
  }
}
