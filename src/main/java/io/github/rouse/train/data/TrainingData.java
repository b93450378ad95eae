// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data;

import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.train.data.augment.MeasuredRoom;
import io.github.rouse.train.recipe.Recipe;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Finds, decodes, checks and splits by speaker the recordings of a recipe. */
public final class TrainingData implements Closeable {
  private final Recordings recordings;
  private final Consumer<String> problems;
  private final int sampleRate;
  private final PhoneLabels phones;
  private final SpeakerSplit split;
  public final List<Sound> backgrounds = new ArrayList<>();
  public final List<float[]> rooms = new ArrayList<>(); // impulse responses
  public final List<Sound> hardNegatives = new ArrayList<>();
  private final String hash; // SHA-256
  private final String hardHash; // SHA-256, of the hard negatives
  private final int recipeFiles; // without the hard negatives
  private final double recipeSeconds; // of these files

  /**
   * Decodes all recordings.
   *
   * @param hardPaths hard negatives that are not in the recipe
   * @param folder for the temporary file of decoded audio
   * @param workers that decode
   * @param problems receives a message for each file that is skipped though it can be read
   * @param unreadable receives why a file cannot be read to its end
   * @throws IOException if a path has no audio files, or a word has fewer than two recordings
   */
  public TrainingData(
      Recipe recipe,
      List<Path> hardPaths,
      Path folder,
      WorkerPool workers,
      Consumer<String> problems,
      Consumer<IOException> unreadable)
      throws IOException {
    this.problems = problems;
    sampleRate = recipe.features().sampleRate();
    phones = new PhoneLabels(recipe.sources().phones());
    recordings =
        new Recordings(
            sampleRate, recipe.sources().channel(), folder, workers, problems, unreadable);
    try {
      List<List<Sound>> positives = new ArrayList<>(); // by word, the auxiliary ones last
      Map<String, Path> seen = new HashMap<>(); // content hash to path of a positive
      for (List<Path> word : recipe.sources().recordings()) {
        List<Sound> sounds = words(decoded(word));
        if (sounds.size() < 2) {
          throw new IOException(
              word
                  + ": "
                  + sounds.size()
                  + " usable recordings of a word, expected at least 2; record several speakers for"
                  + " real use");
        }
        rejectDuplicates(seen, sounds, "another word");
        sounds.forEach(s -> seen.put(recordings.content(s), s.path()));
        positives.add(sounds);
      }
      List<Sound> negatives = decoded(recipe.sources().negatives());
      rejectDuplicates(seen, negatives, "a negative");
      double share = recipe.schedule().heldOut();
      split = SpeakerSplit.of(positives, recipe.words().size(), weighted(negatives), share);
      backgrounds.addAll(decoded(recipe.sources().backgrounds()));
      rejectDuplicates(seen, backgrounds, "a background");
      for (Sound room : decoded(recipe.sources().rooms())) {
        rooms.add(MeasuredRoom.response(room.part(0, room.length()), sampleRate));
      }
      for (Path labels : recipe.sources().phones()) {
        recordings.include(labels);
      }
      hash = recordings.hash();
      recipeFiles = recordings.files();
      recipeSeconds = recordings.seconds();
      hardNegatives.addAll(decoded(hardPaths));
      rejectDuplicates(seen, hardNegatives, "a hard negative");
      hardHash = recordings.hash();
      if (!phones.names().isEmpty() && negatives.stream().allMatch(s -> s.phones().isEmpty())) {
        throw new IOException(recipe.sources().phones() + ": matches none of the negatives");
      }
    } catch (IOException | RuntimeException e) {
      recordings.close();
      throw e;
    }
  }

  private List<Sound> decoded(List<Path> paths) throws IOException {
    return recordings.decode(paths).stream()
        .map(sound -> sound.with(phones.of(sound.path(), sampleRate)))
        .toList();
  }

  /** Skips recordings that cannot be of a single word. */
  private List<Sound> words(List<Sound> sounds) {
    List<Sound> usable = new ArrayList<>();
    for (Sound sound : sounds) {
      if (sound.length() > AudioCache.ONE_WORD_SECONDS * sampleRate) {
        problems.accept(
            String.format(
                "skipped: %s: is %d s long, expected one word",
                sound.path(), sound.length() / sampleRate));
      } else if (sound.isSilent()) {
        problems.accept("skipped: " + sound.path() + ": contains only silence");
      } else {
        usable.add(sound);
      }
    }
    return usable;
  }

  /** Repeats long recordings once per 3 s, so that negatives are drawn in proportion to length. */
  private List<Sound> weighted(List<Sound> sounds) {
    List<Sound> weighted = new ArrayList<>(sounds);
    for (Sound sound : sounds) {
      double stretches = sound.length() / (ClipSynthesizer.WHOLE_SECONDS * sampleRate);
      for (int i = 1; i < Math.round(stretches); i++) {
        weighted.add(sound);
      }
    }
    return weighted;
  }

  /** Rejects recordings whose content was already used for a word. */
  private void rejectDuplicates(Map<String, Path> others, List<Sound> sounds, String role)
      throws IOException {
    for (Sound sound : sounds) {
      Path other = others.get(recordings.content(sound));
      if (other != null) {
        throw new IOException(
            sound.path() + ": has the same audio as the word " + other + ", but is " + role);
      }
    }
  }

  /** The training part. */
  public SpeakerSplit.Side trained() {
    return split.trained();
  }

  /** Whether every word, and the negatives if any, have held-out recordings. */
  public boolean holdsOut() {
    return split.holdsOut();
  }

  /** The part to measure on: held-out recordings or, without any, the training part. */
  public SpeakerSplit.Side measured() {
    return holdsOut() ? split.heldOut() : split.trained();
  }

  /** Outputs of the network in training: words, auxiliary words, phones. */
  public int outputs() {
    return split.trained().positives().size() + phones.names().size();
  }

  /** Usable files of the recipe. */
  public int files() {
    return recipeFiles;
  }

  /** A description of the given hard negatives. */
  public String hardNegativesSaid() {
    return hardNegatives.isEmpty()
        ? "none given"
        : hardNegatives.size() + " files, SHA-256 " + hardHash;
  }

  /** Hours of audio in the recipe's usable files. */
  public double hours() {
    return recipeSeconds / 3600;
  }

  /** SHA-256 over the SHA-256 of each file's decoded audio, in the recipe's order. */
  public String hash() {
    return hash;
  }

  /**
   * Which recordings belong to which part, for a checkpoint's identity: {@link #hash} does not
   * include the boundaries between parts.
   */
  public String parts() {
    return split.parts() + backgrounds.size() + (rooms.isEmpty() ? "" : ", " + rooms.size());
  }

  @Override
  public void close() throws IOException {
    recordings.close();
  }
}
