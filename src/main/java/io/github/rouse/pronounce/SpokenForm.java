// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.pronounce;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words that an English text is read as: numbers, abbreviations and signs become words. Each
 * part of the text has one reading or more, most likely first. A letter that is named, as in "TV",
 * is written with a full stop: {@code t.}
 */
final class SpokenForm {
  private static final int LONGEST = 100; // characters
  private static final int MOST_SPELT = 5; // letters of an abbreviation
  private static final int MOST_DIGITS = 9; // longer numbers are read digit by digit

  private static final Pattern PIECES =
      Pattern.compile(
          "\\p{L}+(?:'\\p{L}+)*|\\d{1,3}(?:,\\d{3})+|\\d+(?:st|nd|rd|th)\\b|\\d+(?:\\.\\d+)?|[&@%+]");
  private static final Pattern DOTTED = Pattern.compile("(?:\\p{L}\\.)+\\p{L}\\.?");

  private static final Map<String, String> SHORT =
      Map.ofEntries(
          Map.entry("mr", "mister"),
          Map.entry("mrs", "missus"),
          Map.entry("dr", "doctor"),
          Map.entry("jr", "junior"),
          Map.entry("sr", "senior"),
          Map.entry("vs", "versus"),
          Map.entry("etc", "et cetera"),
          Map.entry("ok", "okay"),
          Map.entry("&", "and"),
          Map.entry("@", "at"),
          Map.entry("%", "percent"),
          Map.entry("+", "plus"));
  private static final String[] UNITS =
      ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
              + " fifteen sixteen seventeen eighteen nineteen")
          .split(" ");
  private static final String[] TENS =
      "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
  private static final Map<String, String> ORDINALS =
      Map.of(
          "one", "first",
          "two", "second",
          "three", "third",
          "five", "fifth",
          "eight", "eighth",
          "nine", "ninth",
          "twelve", "twelfth");

  private SpokenForm() {}

  /**
   * Reads a text.
   *
   * @param dictionary whose words are read as they are, such as "e-mail"
   * @return the readings of each part, [parts][readings][words]
   * @throws IllegalArgumentException if the text is empty, too long, of symbols only, or has
   *     letters that English does not have
   */
  static List<List<List<String>>> of(String text, PronouncingDictionary dictionary) {
    String plain = plain(text);
    check(text, plain);
    boolean shouted = plain.contains(" ") && plain.equals(plain.toUpperCase(Locale.ROOT));
    List<List<List<String>>> parts = new ArrayList<>();
    for (String chunk : List.of(plain.split("\\s+"))) {
      String trimmed = chunk.replaceAll("^[^\\p{L}\\p{N}&@+]+|[^\\p{L}\\p{N}&@%+.']+$", "");
      String lower = trimmed.toLowerCase(Locale.ROOT).replaceAll("[.']+$", "");
      if (lower.length() > 1 && !dictionary.of(lower).isEmpty() && !SHORT.containsKey(lower)) {
        parts.add(List.of(List.of(lower)));
      } else if (DOTTED.matcher(trimmed).matches()) { // "U.S.A."
        parts.add(List.of(spelt(trimmed.replace(".", ""))));
      } else {
        Matcher pieces = PIECES.matcher(trimmed);
        while (pieces.find()) {
          parts.add(piece(pieces.group(), shouted, dictionary));
        }
      }
    }
    return parts;
  }

  /** Whether a text has letters or digits, and only those of English. */
  static boolean isEnglish(String text) {
    String plain = plain(text);
    return plain.codePoints().anyMatch(Character::isLetterOrDigit)
        && plain.codePoints().noneMatch(SpokenForm::isForeign);
  }

  private static boolean isForeign(int symbol) {
    return Character.isLetterOrDigit(symbol) && symbol > 'z';
  }

  /** Without accents. */
  private static String plain(String text) {
    return Normalizer.normalize(text.replace('’', '\''), Normalizer.Form.NFD)
        .replaceAll("\\p{M}", "")
        .strip();
  }

  private static void check(String text, String plain) {
    if (plain.codePoints().noneMatch(Character::isLetterOrDigit)) {
      throw new IllegalArgumentException("text=" + text.strip() + ", expected letters or digits");
    }
    if (plain.length() > LONGEST) {
      throw new IllegalArgumentException(
          "text of " + plain.length() + " characters, expected at most " + LONGEST);
    }
    if (plain.codePoints().anyMatch(SpokenForm::isForeign)) {
      throw new IllegalArgumentException(
          "text=" + text.strip() + ", expected the letters and digits of English");
    }
  }

  private static List<List<String>> piece(
      String piece, boolean shouted, PronouncingDictionary dictionary) {
    String lower = piece.toLowerCase(Locale.ROOT);
    if (Character.isDigit(piece.charAt(0))) {
      return number(lower.replace(",", ""));
    } else if (SHORT.containsKey(lower)) {
      return List.of(List.of(SHORT.get(lower).split(" ")));
    } else if (lower.length() == 1) {
      return lower.equals("a")
          ? List.of(List.of("a"), List.of("a."))
          : List.of(List.of(lower + "."));
    } else if (!dictionary.of(lower).isEmpty()) {
      return List.of(List.of(lower));
    } else if (piece.matches("\\p{Lu}{2," + MOST_SPELT + "}s")) { // "TVs"
      List<String> letters = spelt(piece.substring(0, piece.length() - 1));
      letters.add("'s");
      return List.of(letters);
    } else if (lower.matches("[^aeiouy']{2," + MOST_SPELT + "}")) {
      return List.of(spelt(piece));
    } else if (!shouted && piece.matches("\\p{Lu}{2," + MOST_SPELT + "}")) { // "USA", "NASA"
      return List.of(spelt(piece), List.of(lower));
    }
    return List.of(List.of(lower));
  }

  private static List<String> spelt(String letters) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < letters.length(); i++) {
      names.add(Character.toLowerCase(letters.charAt(i)) + ".");
    }
    return names;
  }

  private static List<List<String>> number(String text) {
    if (Character.isLetter(text.charAt(text.length() - 1))) { // "21st"
      String digits = text.substring(0, text.length() - 2);
      return List.of(digits.length() > MOST_DIGITS ? digits(digits) : ordinal(digits));
    }
    int point = text.indexOf('.');
    String whole = point < 0 ? text : text.substring(0, point);
    boolean single = whole.length() > MOST_DIGITS || (whole.length() > 1 && whole.startsWith("0"));
    List<String> words = single ? digits(whole) : cardinal(Integer.parseInt(whole));
    if (point >= 0) { // "3.5"
      words.add("point");
      words.addAll(digits(text.substring(point + 1)));
      return List.of(words);
    }
    int value = single ? 0 : Integer.parseInt(whole);
    boolean year = whole.length() == 4 && value / 100 % 10 > 0;
    if (!year && !(whole.length() == 4 && value >= 2010 && value < 2100)) {
      return List.of(words);
    }
    List<String> asYear = new ArrayList<>(cardinal(value / 100)); // "1984", "2024"
    if (value % 100 == 0) {
      asYear.add("hundred");
    } else {
      asYear.addAll(value % 100 < 10 ? List.of("o.", UNITS[value % 100]) : cardinal(value % 100));
    }
    return List.of(asYear, words);
  }

  private static List<String> digits(String text) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      words.add(UNITS[text.charAt(i) - '0']);
    }
    return words;
  }

  private static List<String> ordinal(String digits) {
    List<String> words = cardinal(Integer.parseInt(digits));
    String last = words.remove(words.size() - 1);
    String regular =
        last.endsWith("y") ? last.substring(0, last.length() - 1) + "ieth" : last + "th";
    words.add(ORDINALS.getOrDefault(last, regular));
    return words;
  }

  private static List<String> cardinal(int value) {
    List<String> words = new ArrayList<>();
    if (value >= 1_000_000) {
      words.addAll(cardinal(value / 1_000_000));
      words.add("million");
      value %= 1_000_000;
    }
    if (value >= 1000) {
      words.addAll(cardinal(value / 1000));
      words.add("thousand");
      value %= 1000;
    }
    if (value >= 100) {
      words.add(UNITS[value / 100]);
      words.add("hundred");
      value %= 100;
    }
    if (value >= 20) {
      words.add(TENS[value / 10]);
      value %= 10;
    }
    if (value > 0 || words.isEmpty()) {
      words.add(UNITS[value]);
    }
    return words;
  }
}
