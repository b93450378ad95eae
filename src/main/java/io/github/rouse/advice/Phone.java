package io.github.rouse.advice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One sound of speech: a vowel (a diphthong is one) or a consonant (an affricate is one).
 *
 * @param ipa in the International Phonetic Alphabet, without stress
 * @param stressed whether it carries a stress, the first or a second one
 */
public record Phone(String ipa, boolean stressed) {
  private static final String VOWELS = "aeiouyæøœɐɑɒɔəɘɚɛɜɝɞɤɨɪɯɵɶʉʊʌʏᵻᵿ";
  private static final String REDUCED = "əɚɐᵻᵿɪi"; // what unstressed vowels become
  private static final String STRESS = "ˈˌ";
  private static final String SYLLABIC = "\u0329"; // below n or l that is a syllable of its own

  /**
   * Consonants by manner and voicing. Through noise these two are heard long after the place of
   * articulation is lost: Miller and Nicely, "An analysis of perceptual confusions among some
   * English consonants", 1955.
   */
  private enum Kind {
    PLOSIVE("ptkcqʈʔ", "bdɡgɖɟɢɾ"),
    SIBILANT("sʃʂɕ", "zʒʐʑ"),
    FRICATIVE("fθhxχçħɸ", "vðβɣʁɦʝ"),
    NASAL("", "mnŋɲɳɴɱ"),
    APPROXIMANT("", "lɫʎɭɹrɻjwɥɰ"),
    OTHER("", "");

    final String voiceless;
    final String voiced;

    Kind(String voiceless, String voiced) {
      this.voiceless = voiceless;
      this.voiced = voiced;
    }

    static Kind of(int symbol) {
      return Arrays.stream(values())
          .filter(kind -> (kind.voiceless + kind.voiced).indexOf(symbol) >= 0)
          .findFirst()
          .orElse(OTHER);
    }
  }

  private static final String AFFRICATE = "ʃʒsz"; // ends one

  /** One of espeak-ng's phonemes, of which some are a vowel with what follows it. */
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

  /** Of letters and the marks on them, without stress, tones and pauses. */
  private static boolean isSound(int symbol) {
    return Character.isLetter(symbol)
        ? STRESS.indexOf(symbol) < 0
        : Character.getType(symbol) == Character.NON_SPACING_MARK && SYLLABIC.indexOf(symbol) < 0;
  }

  /** Whether a symbol begins another sound: the r of "car", the second syllable of "fire". */
  private static boolean isNext(String run, int symbol) {
    boolean first = isVowel(run.charAt(0));
    return isVowel(symbol)
        ? !first || (run.length() > 1 && (symbol == 'ə' || symbol == 'ɚ'))
        : first && Kind.of(symbol) != Kind.OTHER;
  }

  private static boolean isVowel(int symbol) {
    return VOWELS.indexOf(symbol) >= 0;
  }

  boolean vowel() {
    return isVowel(ipa.charAt(0));
  }

  /** Whether it is a consonant of little power, a fricative that does not hiss. */
  boolean faint() {
    return !vowel() && kind() == Kind.FRICATIVE;
  }

  /** What it costs to leave it out or put it in, of a full vowel: 1. */
  double weight() {
    if (vowel()) {
      return reduced() ? 0.7 : 1;
    }
    return faint() || ipa.startsWith("ʔ") ? 0.5 : 0.8;
  }

  /** What it costs to take one for the other: 0 for the same, to 1. */
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
    if (kind() != other.kind() || kind() == Kind.OTHER) {
      return 0.9; // differ in manner
    }
    boolean alike = voiced() == other.voiced() && affricate() == other.affricate();
    return alike ? 0.4 : 0.6; // in place alone, in voicing or closure
  }

  private boolean reduced() {
    return !stressed && REDUCED.contains(ipa);
  }

  private boolean affricate() {
    return ipa.length() > 1 && AFFRICATE.indexOf(ipa.charAt(ipa.length() - 1)) >= 0;
  }

  private Kind kind() {
    return Kind.of(ipa.charAt(0));
  }

  private boolean voiced() {
    return kind().voiced.indexOf(ipa.charAt(0)) >= 0;
  }
}
