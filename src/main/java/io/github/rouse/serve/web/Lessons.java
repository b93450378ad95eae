// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import io.github.rouse.actions.Marks;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.WakeModel;
import io.github.rouse.review.Improvement;
import io.github.rouse.review.ModelVersions;
import io.github.rouse.serve.Models;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Lets models learn from detections that users mark right or wrong. Clips and marks are in one
 * folder, which {@code rouse review} can read too.
 */
public final class Lessons {
  private static final double LONGEST_SECONDS = 20;

  private final Path clips;
  private final Path models;
  private final Path people;

  /**
   * Creates the lessons of a user.
   *
   * @param clips folder of the marked clips
   * @param models folder of the user's own models, which takes the new versions
   * @param people folder of the people files
   */
  public Lessons(Path clips, Path models, Path people) {
    this.clips = clips;
    this.models = models;
    this.people = people;
  }

  /** The marked clips of a word. */
  List<Marks.MarkedClip> marked(String word) throws IOException {
    return Files.isDirectory(clips)
        ? Marks.read(clips).clips().stream().filter(clip -> word.equals(clip.word())).toList()
        : List.of();
  }

  /**
   * Keeps a clip and its mark.
   *
   * @param sound an audio file
   * @param at seconds from the clip's start to the decision; NaN if unknown
   * @param score of the event; NaN if unknown
   * @throws IllegalArgumentException if it is too long
   */
  synchronized void mark(String word, boolean isRight, Path sound, double at, float score)
      throws IOException {
    ShortSound read = ShortSound.read(sound, LONGEST_SECONDS);
    Files.createDirectories(clips);
    Path clip = Files.createTempFile(clips, OwnWords.stem(word) + "-", ".wav");
    read.write(clip);
    Marks.add(clips, clip.getFileName().toString(), word, isRight, at, score);
  }

  /** A message without the paths of this machine's folders. */
  String withoutPaths(String problem) {
    return problem.replace(clips + File.separator, "").replace(models + File.separator, "");
  }

  /** The number of previous versions. */
  int versions(Models.Offer offer) throws IOException {
    return offer.own() ? ModelVersions.count(offer.file()) : 0;
  }

  /**
   * Makes the next version of a model, in the folder that the server watches. One at a time.
   *
   * @param problems receives what is wrong with single clips
   * @throws IllegalArgumentException if it would be worse, or cannot learn, with the reason
   */
  synchronized Improvement improve(Models.Offer offer, Consumer<String> problems)
      throws IOException {
    List<Marks.MarkedClip> marked = new ArrayList<>();
    for (String word : offer.words()) {
      marked.addAll(marked(word));
    }
    WakeModel now = WakeModel.read(offer.file());
    Improvement next = Improvement.of(now, marked, List.of(people), problems);
    if (next.refusal().isPresent()) {
      throw new IllegalArgumentException(next.refusal().get());
    }
    Path file = offer.file();
    if (!offer.own()) { // a shipped model stays as it is; a copy of it goes first
      Files.createDirectories(models);
      file = models.resolve(offer.file().getFileName());
      AtomicFile.write(file, out -> Files.copy(offer.file(), out));
    }
    ModelVersions.replace(file, next.model());
    return next;
  }

  /** Restores the previous version. */
  synchronized void undo(Models.Offer offer) throws IOException {
    if (versions(offer) == 0) {
      throw new IllegalArgumentException("has no previous version");
    }
    ModelVersions.undo(offer.file());
  }
}
