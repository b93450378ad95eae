package io.github.rouse.train;

import io.github.rouse.train.SoundBank.Sound;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Recordings split by speaker into those trained on and those held out: of each word and of the
 * negatives a share of the speakers, rounded down, and nobody at all where that is nobody of one of
 * them, as then there is too little to measure on. A file's speaker is its name up to the first
 * dash or underscore, as recordings are commonly named.
 */
record SpeakerSplit(Part trained, Part heldOut) {
  /**
   * One side.
   *
   * @param positives by word, the auxiliary ones last
   * @param negatives an often wanted one stands here several times
   */
  record Part(List<List<Sound>> positives, List<Sound> negatives) {
    private Part() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    private List<List<Sound>> all() {
      List<List<Sound>> all = new ArrayList<>(positives);
      all.add(negatives);
      return all;
    }
  }

  /**
   * Splits them; whole speakers go to one side, whatever they say.
   *
   * @param positives by word, the auxiliary ones last
   * @param words how many are not auxiliary
   * @param share of the speakers to hold out
   */
  static SpeakerSplit of(
      List<List<Sound>> positives, int words, List<Sound> negatives, double share) {
    List<List<Sound>> needed = new ArrayList<>(positives.subList(0, words));
    if (!negatives.isEmpty()) {
      needed.add(negatives);
    }
    List<List<String>> some = needed.stream().map(sounds -> someSpeakers(sounds, share)).toList();
    Set<String> out = new HashSet<>();
    if (some.stream().noneMatch(List::isEmpty)) {
      some.forEach(out::addAll);
    }
    SpeakerSplit split = new SpeakerSplit(new Part(), new Part());
    for (List<Sound> sounds : positives) {
      List<Sound> trained = new ArrayList<>();
      List<Sound> heldOut = new ArrayList<>();
      split(sounds, out, trained, heldOut);
      split.trained.positives.add(trained);
      split.heldOut.positives.add(heldOut);
    }
    split(negatives, out, split.trained.negatives, split.heldOut.negatives);
    return split;
  }

  private static void split(
      List<Sound> sounds, Set<String> speakers, List<Sound> trained, List<Sound> heldOut) {
    for (Sound sound : sounds) {
      (speakers.contains(speaker(sound)) ? heldOut : trained).add(sound);
    }
    if (trained.isEmpty()) {
      trained.addAll(heldOut); // all of them are held out of another word
      heldOut.clear();
    }
  }

  /** A share of the speakers, rounded down; which is a function of their names alone. */
  private static List<String> someSpeakers(List<Sound> sounds, double share) {
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

  /** Whether every word is held out, and negatives if there are any: enough to measure on. */
  boolean holdsOut(int words) {
    return heldOut.positives.stream().limit(words).noneMatch(List::isEmpty)
        && !(heldOut.negatives.isEmpty() && !trained.negatives.isEmpty());
  }

  /** Who says what on which side: which of the recordings play which part. */
  String parts() {
    StringBuilder parts = new StringBuilder();
    for (Part part : List.of(trained, heldOut)) {
      for (List<Sound> sounds : part.all()) {
        parts.append(sounds.stream().map(SpeakerSplit::speaker).toList());
      }
    }
    return parts.toString();
  }
}
