// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import io.github.rouse.model.PronunciationModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Pronounces English text: words from a dictionary where it has them, else by a network. The
 * network also says which of a dictionary's pronunciations are likely.
 */
public final class Pronouncer {
  private static final PronouncingDictionary NONE = new PronouncingDictionary(Map.of());

  private static final double LEAST_SHARE = 0.05; // of the best pronunciation's probability
  private static final double LESS = 0.3; // probability of a part's second reading

  /** The names of the letters from a to z. */
  private static final String[] NAMES =
      ("EY,B IY,S IY,D IY,IY,EH F,JH IY,EY CH,AY,JH EY,K EY,EH L,EH M,EH N,OW,P IY,K Y UW,AA R"
              + ",EH S,T IY,Y UW,V IY,D AH B AH L Y UW,EH K S,W AY,Z IY")
          .split(",");

  /**
   * A pronunciation.
   *
   * @param words phonemes of each word, in CMU's notation
   * @param probability an estimate, 0 to 1
   */
  public record Pronounced(List<List<String>> words, double probability) {
    /** The phonemes of all words. */
    public List<String> phonemes() {
      return words.stream().flatMap(List::stream).toList();
    }

    private Pronounced with(Pronounced next) {
      List<List<String>> all = new ArrayList<>(words);
      all.addAll(next.words);
      return new Pronounced(List.copyOf(all), probability * next.probability);
    }
  }

  /**
   * How the network read a word.
   *
   * @param word lower case
   * @param found with the attention
   */
  public record WordReading(String word, BeamSearch.Transcription found) {}

  private final PronouncingDictionary dictionary;
  private final BeamSearch network;

  /**
   * Prepares to pronounce.
   *
   * @param dictionary or null
   */
  public Pronouncer(PronunciationModel model, PronouncingDictionary dictionary) {
    this.dictionary = dictionary == null ? NONE : dictionary;
    network = new BeamSearch(model);
  }

  /**
   * Pronounces a word or phrase.
   *
   * @param most how many pronunciations at most
   * @return different ones, most probable first; at least one
   * @throws IllegalArgumentException if the text is empty, too long, of symbols only, or not in
   *     English letters
   */
  public List<Pronounced> pronounce(String text, int most) {
    List<Pronounced> all = List.of(new Pronounced(List.of(), 1));
    for (List<List<String>> readings : SpokenForm.of(text, dictionary)) {
      List<Pronounced> part = new ArrayList<>();
      double share = 1;
      for (List<String> words : readings) {
        List<Pronounced> reading = List.of(new Pronounced(List.of(), share));
        for (String word : words) {
          reading = best(reading, word(word, most), most);
        }
        part.addAll(reading);
        share *= LESS;
      }
      all = best(all, part, most);
    }
    return all;
  }

  /** Whether a text has letters or digits, and only those of English. */
  public static boolean reads(String text) {
    return SpokenForm.isEnglish(text);
  }

  /** Every beginning followed by every continuation; the most probable ones. */
  private static List<Pronounced> best(List<Pronounced> before, List<Pronounced> next, int most) {
    List<Pronounced> all = new ArrayList<>();
    for (Pronounced first : before) {
      for (Pronounced second : next) {
        Pronounced both = first.with(second);
        if (all.stream().noneMatch(other -> other.words.equals(both.words))) {
          all.add(both);
        }
      }
    }
    all.sort(Comparator.comparingDouble(Pronounced::probability).reversed());
    double least = LEAST_SHARE * all.get(0).probability;
    return all.stream().filter(one -> one.probability >= least).limit(most).toList();
  }

  private List<Pronounced> word(String word, int most) {
    if (word.length() == 2 && word.endsWith(".")) {
      String name = NAMES[word.charAt(0) - 'a'];
      return List.of(new Pronounced(List.of(List.of(name.split(" "))), 1));
    } else if (word.equals("'s")) { // of "TVs"
      return List.of(new Pronounced(List.of(List.of("Z")), 1));
    } else if (word.equals("a")) {
      return List.of(new Pronounced(List.of(List.of("AH")), 1));
    }
    List<List<String>> listed = dictionary.of(word);
    if (listed.isEmpty()) {
      return network.search(word, most).stream()
          .map(found -> new Pronounced(List.of(found.phonemes()), found.probability()))
          .toList();
    } else if (listed.size() == 1) {
      return List.of(new Pronounced(List.of(listed.get(0)), 1));
    }
    return weighed(word, listed);
  }

  /** A dictionary's pronunciations with the network's probabilities, which then sum to one. */
  private List<Pronounced> weighed(String word, List<List<String>> listed) {
    String letters = word.replaceAll("[^a-z']", "");
    double[] shares =
        listed.stream().mapToDouble(one -> network.probability(letters, one)).toArray();
    double sum = 0;
    for (double share : shares) {
      sum += share;
    }
    List<Pronounced> weighed = new ArrayList<>();
    for (int i = 0; i < shares.length; i++) {
      double share = sum > 0 ? shares[i] / sum : 1.0 / shares.length;
      weighed.add(new Pronounced(List.of(listed.get(i)), share));
    }
    return weighed;
  }

  /** How the network reads the words of a text, whether a dictionary has them or not. */
  public List<WordReading> read(String text) {
    List<WordReading> read = new ArrayList<>();
    for (List<List<String>> readings : SpokenForm.of(text, dictionary)) {
      for (String word : readings.get(readings.size() - 1)) {
        String letters = word.replaceAll("[^a-z']", "");
        read.add(new WordReading(letters, network.search(letters, 1).get(0)));
      }
    }
    return read;
  }
}
