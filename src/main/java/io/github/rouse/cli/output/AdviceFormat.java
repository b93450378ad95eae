// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.rouse.advice.Advice;
import io.github.rouse.advice.Confusable;
import io.github.rouse.advice.Pronunciation;
import io.github.rouse.advice.Rating;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Formats advice for stdout. */
public enum AdviceFormat {
  /** For people. */
  TEXT {
    @Override
    public List<String> lines(List<Advice> words) {
      return words.size() == 1 ? all(words.get(0)) : table(words);
    }

    private List<String> all(Advice advice) {
      Rating rating = advice.rating();
      Pronunciation word = rating.word();
      List<String> lines = new ArrayList<>();
      lines.add(line(rating));
      lines.add("  phonemes   " + word.ipa().size() + ": " + String.join(" ", word.ipa()));
      lines.add(
          "  syllables  "
              + word.syllables()
              + ", stress on "
              + (word.stressed().isEmpty() ? "none" : String.join(", ", word.stressed())));
      for (Rating.Reason reason : rating.reasons()) {
        String points = reason.points() == 0 ? "note" : "-" + reason.points();
        lines.add(String.format(Locale.ROOT, "  %-9s  %s", points, reason.text()));
      }
      for (Confusable c : rating.near()) {
        lines.add(
            String.format(
                Locale.ROOT,
                "  like %3d %%  \"%s\", %s",
                Math.round(100 * c.likeness()),
                c.text(),
                c.origin().what()));
      }
      for (Rating better : advice.suggestions()) {
        lines.add("  better     " + line(better));
      }
      if (rating.verdict() != Rating.Verdict.GOOD
          && advice.suggestions().stream()
              .noneMatch(better -> better.verdict() == Rating.Verdict.GOOD)) {
        lines.add("  better     an invented name of three or four syllables");
      }
      return lines;
    }

    /** Best first, each with what costs it most. */
    private List<String> table(List<Advice> words) {
      int width = words.stream().mapToInt(a -> a.rating().word().text().length()).max().orElse(0);
      String row = "%-" + Math.max(4, width) + "s  %-7s  %6s  %9s  %8s  %s";
      List<String> lines = new ArrayList<>();
      lines.add(
          String.format(
              Locale.ROOT,
              row,
              "word",
              "verdict",
              "points",
              "syllables",
              "phonemes",
              "what costs most"));
      words.stream()
          .map(Advice::rating)
          .sorted(Comparator.comparing((Rating rating) -> -rating.score()))
          .forEach(
              rating ->
                  lines.add(
                      String.format(
                          Locale.ROOT,
                          row,
                          rating.word().text(),
                          verdict(rating),
                          rating.score(),
                          rating.word().syllables(),
                          rating.word().ipa().size(),
                          worst(rating))));
      return lines;
    }

    private String worst(Rating rating) {
      return rating.reasons().stream()
          .filter(reason -> reason.points() > 0)
          .max(Comparator.comparing(Rating.Reason::points))
          .map(reason -> "-" + reason.points() + " " + reason.text())
          .orElse("");
    }
  },
  /** One JSON object a word. */
  JSONL {
    @Override
    public List<String> lines(List<Advice> words) {
      return words.stream().map(this::line).toList();
    }

    private String line(Advice advice) {
      Rating rating = advice.rating();
      Map<String, Object> json = new LinkedHashMap<>(summary(rating));
      json.put("phonemes", rating.word().ipa());
      json.put("stressed", rating.word().stressed());
      json.put("reasons", rating.reasons());
      json.put("confusable", rating.near().stream().map(AdviceFormat::near).toList());
      json.put("suggestions", advice.suggestions().stream().map(AdviceFormat::summary).toList());
      return GSON.toJson(json);
    }
  },
  /** Each word, then its suggestions, under a header. */
  CSV {
    @Override
    public List<String> lines(List<Advice> words) {
      Stream<Rating> rows =
          words.stream()
              .flatMap(a -> Stream.concat(Stream.of(a.rating()), a.suggestions().stream()));
      return Stream.concat(Stream.of(CSV_HEADER), rows.map(AdviceFormat::row)).toList();
    }
  };

  private static final String CSV_HEADER = "word,score,verdict,syllables,phonemes";
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  public abstract List<String> lines(List<Advice> words);

  /** The format given; by default text on a terminal, else JSON. */
  public static AdviceFormat orDefault(AdviceFormat asked, Console console) {
    return asked != null ? asked : console.outIsTerminal() ? TEXT : JSONL;
  }

  private static String line(Rating rating) {
    return rating.word().text() + ": " + verdict(rating) + ", " + rating.score() + " of 100 points";
  }

  private static String verdict(Rating rating) {
    return rating.verdict().name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> summary(Rating rating) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("word", rating.word().text());
    json.put("score", rating.score());
    json.put("verdict", verdict(rating));
    json.put("syllables", rating.word().syllables());
    return json;
  }

  private static Map<String, Object> near(Confusable c) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", c.origin().name().toLowerCase(Locale.ROOT));
    json.put("word", c.text());
    json.put("likeness", Math.round(100 * c.likeness()) / 100.0);
    return json;
  }

  private static String row(Rating rating) {
    return String.join(
        ",",
        EventFormat.quoted(rating.word().text()),
        "" + rating.score(),
        verdict(rating),
        "" + rating.word().syllables(),
        String.join(" ", rating.word().ipa()));
  }
}
