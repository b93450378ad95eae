// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.advice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A speech sound: a vowel or consonant. Diphthongs and affricates count as one.
 *
 * @param ipa in the International Phonetic Alphabet, without stress
 * @param stressed whether it carries primary or secondary stress
 */
public record Phone(String ipa, boolean stressed) {
  private static final String VOWELS = "aeiouyæøœɐɑɒɔəɘɚɛɜɝɞɤɨɪɯɵɶʉʊʌʏᵻᵿ";
  private static final String REDUCED = "əɚɐᵻᵿɪi"; // what unstressed vowels become
  private static final String STRESS = "ˈˌ";
  private static final String SYLLABIC = "\u0329"; // combining mark of a syllabic n or l

  /**
   * Consonants by manner and voicing, which survive noise far better than the place of
   * articulation: Miller and Nicely, "An analysis of perceptual confusions among some English
   * consonants", 1955.
   */
  private enum Manner {
    PLOSIVE("ptkcqʈʔ", "bdɡgɖɟɢɾ"),
    SIBILANT("sʃʂɕ", "zʒʐʑ"),
    FRICATIVE("fθhxχçħɸ", "vðβɣʁɦʝ"),
    NASAL("", "mnŋɲɳɴɱ"),
    APPROXIMANT("", "lɫʎɭɹrɻjwɥɰ"),
    OTHER("", "");

    final String voiceless;
    final String voiced;

    Manner(String voiceless, String voiced) {
      this.voiceless = voiceless;
      this.voiced = voiced;
    }

    static Manner of(int symbol) {
      return Arrays.stream(values())
          .filter(manner -> (manner.voiceless + manner.voiced).indexOf(symbol) >= 0)
          .findFirst()
          .orElse(OTHER);
    }
  }

  private static final String AFFRICATE = "ʃʒsz"; // last symbol of one

  /** Splits a phoneme of espeak-ng; some are a vowel with a following sound. */
  static List<Phone> parse(String phoneme) {
    boolean stressed = phoneme.codePoints().anyMatch(c -> STRESS.indexOf(c) >= 0);
    List<String> sounds = new ArrayList<>();
    StringBuilder sound = new StringBuilder(phoneme.contains(SYLLABIC) ? "ə" : "");
    for (int symbol : phoneme.codePoints().filter(Phone::isSound).toArray()) {
      if (sound.length() > 0 && isNext(sound.toString(), symbol)) {
        sounds.add(sound.toString());
        sound.setLength(0);
      }
      sound.appendCodePoint(symbol);
    }
    if (sound.length() > 0) {
      sounds.add(sound.toString());
    }
    return sounds.stream().map(ipa -> new Phone(ipa, stressed && isVowel(ipa.charAt(0)))).toList();
  }

  /** Whether a symbol is a letter or its mark, and not a stress, tone or pause. */
  private static boolean isSound(int symbol) {
    return Character.isLetter(symbol)
        ? STRESS.indexOf(symbol) < 0
        : Character.getType(symbol) == Character.NON_SPACING_MARK && SYLLABIC.indexOf(symbol) < 0;
  }

  /** Whether a symbol starts a new sound: the r of "car", the second syllable of "fire". */
  private static boolean isNext(String run, int symbol) {
    boolean first = isVowel(run.charAt(0));
    return isVowel(symbol)
        ? !first || (run.length() > 1 && (symbol == 'ə' || symbol == 'ɚ'))
        : first && Manner.of(symbol) != Manner.OTHER;
  }

  private static boolean isVowel(int symbol) {
    return VOWELS.indexOf(symbol) >= 0;
  }

  boolean vowel() {
    return isVowel(ipa.charAt(0));
  }

  /** Whether it is a weak consonant: a non-sibilant fricative. */
  boolean faint() {
    return !vowel() && manner() == Manner.FRICATIVE;
  }

  /** The cost of deleting or inserting it; 1 for a full vowel. */
  double weight() {
    if (vowel()) {
      return reduced() ? 0.7 : 1;
    }
    return faint() || ipa.startsWith("ʔ") ? 0.5 : 0.8;
  }

  /** The cost of substituting another sound: 0 for the same, up to 1. */
  double cost(Phone other) {
    if (ipa.equals(other.ipa)) {
      return 0;
    }
    if (vowel() || other.vowel()) {
      if (vowel() && other.vowel()) {
        return reduced() && other.reduced() ? 0.2 : 0.5;
      }
      return 1;
    }
    if (manner() != other.manner() || manner() == Manner.OTHER) {
      return 0.9; // different manner
    }
    boolean similar = voiced() == other.voiced() && affricate() == other.affricate();
    return similar ? 0.4 : 0.6; // different place only, or also voicing or closure
  }

  private boolean reduced() {
    return !stressed && REDUCED.contains(ipa);
  }

  private boolean affricate() {
    return ipa.length() > 1 && AFFRICATE.indexOf(ipa.charAt(ipa.length() - 1)) >= 0;
  }

  private Manner manner() {
    return Manner.of(ipa.charAt(0));
  }

  private boolean voiced() {
    return manner().voiced.indexOf(ipa.charAt(0)) >= 0;
  }
}
