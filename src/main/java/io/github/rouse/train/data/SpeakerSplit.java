// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data;

import io.github.rouse.train.data.AudioCache.Sound;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Recordings split by speaker into training and held-out sets. Each word and the negatives hold out
 * a share of their speakers, rounded down; if this leaves any of them without a held-out speaker,
 * nobody is held out. A file's speaker is its name up to the first dash or underscore.
 *
 * @param words number of positives that are not auxiliary
 */
public record SpeakerSplit(Side trained, Side heldOut, int words) {
  /**
   * One side of the split.
   *
   * @param positives by word, the auxiliary words last
   * @param negatives long ones appear several times, see {@link TrainingData#weighted}
   */
  public record Side(List<List<Sound>> positives, List<Sound> negatives) {
    private List<List<Sound>> all() {
      List<List<Sound>> all = new ArrayList<>(positives);
      all.add(negatives);
      return all;
    }
  }

  /**
   * Splits recordings. All recordings of a speaker go to the same side, except that a word whose
   * speakers are all held out (for other words) stays in training.
   *
   * @param positives by word, the auxiliary words last
   * @param words number of positives that are not auxiliary
   * @param share of the speakers to hold out
   */
  static SpeakerSplit of(
      List<List<Sound>> positives, int words, List<Sound> negatives, double share) {
    List<List<Sound>> needed = new ArrayList<>(positives.subList(0, words));
    if (!negatives.isEmpty()) {
      needed.add(negatives);
    }
    List<List<String>> chosen = needed.stream().map(s -> chooseSpeakers(s, share)).toList();
    Set<String> out = new HashSet<>();
    if (chosen.stream().noneMatch(List::isEmpty)) {
      chosen.forEach(out::addAll);
    }
    List<List<Sound>> trained = new ArrayList<>();
    List<List<Sound>> heldOut = new ArrayList<>();
    for (List<Sound> sounds : positives) {
      split(sounds, out, trained, heldOut);
    }
    split(negatives, out, trained, heldOut);
    int last = positives.size();
    return new SpeakerSplit(
        new Side(trained.subList(0, last), trained.get(last)),
        new Side(heldOut.subList(0, last), heldOut.get(last)),
        words);
  }

  private static void split(
      List<Sound> sounds,
      Set<String> speakers,
      List<List<Sound>> trained,
      List<List<Sound>> heldOut) {
    List<Sound> kept = new ArrayList<>();
    List<Sound> out = new ArrayList<>();
    for (Sound sound : sounds) {
      (speakers.contains(speaker(sound)) ? out : kept).add(sound);
    }
    boolean none = kept.isEmpty(); // all speakers are held out for other words
    trained.add(none ? out : kept);
    heldOut.add(none ? kept : out);
  }

  /** Recordings of a share of the speakers, rounded down; chosen by a hash of their names. */
  public static List<Sound> share(List<Sound> sounds, double share) {
    Set<String> chosen = Set.copyOf(chooseSpeakers(sounds, share));
    return sounds.stream().filter(sound -> chosen.contains(speaker(sound))).toList();
  }

  private static List<String> chooseSpeakers(List<Sound> sounds, double share) {
    List<String> speakers =
        sounds.stream()
            .map(SpeakerSplit::speaker)
            .distinct()
            .sorted(Comparator.comparing(name -> name.hashCode() * 0x9e3779b9))
            .toList();
    return speakers.subList(0, (int) (share * speakers.size()));
  }

  private static String speaker(Sound sound) {
    return sound.path().getFileName().toString().split("[-_]", 2)[0];
  }

  /** Whether every word, and the negatives if any, have held-out recordings. */
  boolean holdsOut() {
    return heldOut.positives.stream().limit(words).noneMatch(List::isEmpty)
        && !(heldOut.negatives.isEmpty() && !trained.negatives.isEmpty());
  }

  /** The speakers of each part, as part of a checkpoint's identity. */
  String parts() {
    StringBuilder parts = new StringBuilder();
    for (Side part : List.of(trained, heldOut)) {
      for (List<Sound> sounds : part.all()) {
        parts.append(sounds.stream().map(SpeakerSplit::speaker).toList());
      }
    }
    return parts.toString();
  }
}
