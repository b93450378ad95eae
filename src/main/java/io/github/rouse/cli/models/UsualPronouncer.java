// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.models;

import io.github.rouse.cli.options.ModelFiles;
import io.github.rouse.model.PronunciationModel;
import io.github.rouse.pronounce.Pronouncer;
import io.github.rouse.speak.Espeak;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Pronounces English words with espeak-ng or, if that is not installed, the shipped model. */
public final class UsualPronouncer {
  private UsualPronouncer() {}

  /**
   * The pronunciation model, or null for espeak-ng.
   *
   * @param notes receives a line if it is the model
   * @throws IOException if there is neither
   */
  public static Pronouncer orNull(Consumer<String> notes) throws IOException {
    if (Espeak.installed()) {
      return null;
    }
    Path folder = ModelFiles.pronunciation();
    if (!Files.exists(folder.resolve(PronunciationModel.ENCODER))) {
      throw new IOException(
          "espeak-ng: not found; install it (Debian: apt install espeak-ng) to look up"
              + " pronunciations, or give --pronunciation DIR");
    }
    notes.accept("espeak-ng: not found; " + folder + " pronounces the words, stress is a guess");
    return new Pronouncer(PronunciationModel.read(folder), null);
  }
}
