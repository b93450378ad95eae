package io.github.rouse.train.data;

import io.github.rouse.train.data.AudioCache.Sound;
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
 *
 * @param words how many of the positives are not auxiliary
 */
public record SpeakerSplit(Part trained, Part heldOut, int words) {
  /**
   * One side.
   *
   * @param positives by word, the auxiliary ones last
   * @param negatives a long one stands here several times, see {@link TrainingData#weighted}
   */
  public record Part(List<List<Sound>> positives, List<Sound> negatives) {
    private List<List<Sound>> all() {
      List<List<Sound>> all = new ArrayList<>(positives);
      all.add(negatives);
      return all;
    }
  }

  /**
   * Splits them; whole speakers go to one side, whatever they say, but for a word all of whose
   * speakers are held out of others.
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
    List<List<Sound>> trained = new ArrayList<>();
    List<List<Sound>> heldOut = new ArrayList<>();
    for (List<Sound> sounds : positives) {
      split(sounds, out, trained, heldOut);
    }
    split(negatives, out, trained, heldOut);
    int last = positives.size();
    return new SpeakerSplit(
        new Part(trained.subList(0, last), trained.get(last)),
        new Part(heldOut.subList(0, last), heldOut.get(last)),
        words);
  }

  private static void split(
      List<Sound> sounds,
      Set<String> speakers,
      List<List<Sound>> trained,
      List<List<Sound>> heldOut) {
    List<Sound> here = new ArrayList<>();
    List<Sound> out = new ArrayList<>();
    for (Sound sound : sounds) {
      (speakers.contains(speaker(sound)) ? out : here).add(sound);
    }
    boolean all = here.isEmpty(); // are held out of another word
    trained.add(all ? out : here);
    heldOut.add(all ? here : out);
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
  boolean holdsOut() {
    return heldOut.positives.stream().limit(words).noneMatch(List::isEmpty)
        && !(heldOut.negatives.isEmpty() && !trained.negatives.isEmpty());
  }

  /** Who says what on which side; a checkpoint's identity depends on it. */
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
