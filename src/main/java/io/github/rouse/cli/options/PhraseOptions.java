// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import io.github.rouse.actions.Config;
import io.github.rouse.model.Engine;
import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.PronunciationModel;
import io.github.rouse.model.WakeModel;
import io.github.rouse.phones.PhoneBank;
import io.github.rouse.phones.Phrase;
import io.github.rouse.phones.PhraseModel;
import io.github.rouse.pronounce.Pronouncer;
import io.github.rouse.pronounce.PronouncingDictionary;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Typed phrases, and what hears them. */
public final class PhraseOptions {
  /** The phone recogniser in {@code models/}. */
  public static final String NETWORK = "multi/phones.onnx";

  private static final String BANK = "multi/phones.bank";
  private static final String RECIPE = "phones/english.yaml";
  private static final int PRONUNCIATIONS = 4; // of a phrase
  private static final String COMMENT = "#";

  @Option(
      names = "--phrase",
      paramLabel = "TEXT",
      description = "An English word or phrase to find, without a model of its own; repeatable.")
  List<String> typed = List.of();

  @Option(
      names = "--phrases",
      paramLabel = "FILE",
      description =
          "Phrases to find, one a line; a tab and a threshold may follow. Empty lines and those that"
              + " begin with # do not count.")
  Path list;

  @Option(
      names = "--network",
      paramLabel = "FILE",
      description = "The phone recogniser that hears the phrases. Default: models/" + NETWORK + ".")
  Path network;

  @Option(
      names = "--phone-bank",
      paramLabel = "FILE",
      description =
          "Other speech as the recogniser hears it, which calibrates each phrase (`rouse embed`)."
              + " Default: models/"
              + BANK
              + ", if --network is not given.")
  Path bank;

  @Option(
      names = "--pronunciation",
      paramLabel = "DIR",
      description =
          "The pronunciation model that reads the phrases. Default: models/pronunciation.")
  Path pronunciation;

  @Option(
      names = "--dictionary",
      paramLabel = "FILE",
      description =
          "A dictionary in CMU's format; the pronunciation model reads the words that it lacks.")
  Path dictionary;

  @Option(
      names = "--language",
      paramLabel = "en",
      defaultValue = "en",
      description = "The language of the phrases. Default: ${DEFAULT-VALUE}, the only one yet.")
  String language;

  /** Whether there are any. */
  public boolean any() {
    return !typed.isEmpty() || list != null;
  }

  /** The models of the options, and that of the phrases if there are any, with the settings. */
  public List<WakeModel> beside(ModelOptions models, Config config, Consumer<String> details)
      throws IOException {
    List<WakeModel> all = new ArrayList<>(models.load(config));
    if (any()) {
      if (models.engine != Engine.NATIVE) {
        throw new IllegalArgumentException("--phrase needs --engine native");
      }
      all.add(model(models.policy, config, details));
    }
    config.checkWords(all.stream().flatMap(model -> model.words().stream()).toList());
    return all;
  }

  /**
   * The model of the phrases.
   *
   * @param config whose thresholds hold for phrases without one in the list
   * @param details receives how the phrases are read
   * @throws IllegalArgumentException if a phrase cannot be pronounced
   */
  public WakeModel model(PolicyOptions policy, Config config, Consumer<String> details)
      throws IOException {
    policy.check();
    if (!language.matches("en([-_].*)?")) {
      throw new IllegalArgumentException(
          "language=" + language + ", expected en: the phone recogniser knows no other");
    }
    List<Phrase> phrases = phrases();
    PhoneModel recogniser = recogniser(network);
    Path calibrating = bank == null ? ModelFiles.models().resolve(BANK) : bank;
    boolean calibrated = bank != null || (network == null && Files.exists(calibrating));
    WakeModel model =
        named(
            calibrating,
            () ->
                PhraseModel.of(
                    recogniser, phrases, calibrated ? PhoneBank.read(calibrating) : null));
    for (Phrase phrase : phrases) {
      details.accept(
          phrase.text()
              + ": "
              + phrase.pronunciations().stream()
                  .map(phones -> String.join(" ", phones))
                  .collect(Collectors.joining(", ")));
    }
    String remedy =
        "give one that `rouse embed "
            + networkFile(network)
            + " --negatives PATH` wrote with --phone-bank FILE";
    WakeModel ready = model.withPolicy(policy.of(model, calibrating, remedy));
    WakeModel set = config.applyTo(ready, !policy.given());
    for (Phrase phrase : phrases) {
      if (phrase.threshold() != null) {
        set = set.withThreshold(phrase.text(), phrase.threshold());
      }
    }
    return set.fused();
  }

  private static Path networkFile(Path given) {
    return given == null ? ModelFiles.models().resolve(NETWORK) : given;
  }

  /**
   * Reads a phone recogniser.
   *
   * @param given null for the one in {@code models/}
   * @throws IOException if it is absent, with the command that makes one, or cannot be read
   */
  public static PhoneModel recogniser(Path given) throws IOException {
    Path file = networkFile(given);
    if (given == null && !Files.exists(file)) {
      throw new IOException(
          file
              + ": no phone recogniser; make one with `rouse train "
              + ModelFiles.models().resolve(RECIPE)
              + " --out "
              + file
              + "`, or give one with --network FILE");
    }
    return PhoneModel.read(file);
  }

  /** Makes a model with a bank. */
  @FunctionalInterface
  private interface Making {
    WakeModel make() throws IOException;
  }

  private static WakeModel named(Path bank, Making making) throws IOException {
    try {
      return making.make();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(bank + ": " + e.getMessage(), e);
    }
  }

  private List<Phrase> phrases() throws IOException {
    Path folder = pronunciation == null ? ModelFiles.pronunciation() : pronunciation;
    Pronouncer pronouncer =
        new Pronouncer(
            PronunciationModel.read(folder),
            dictionary == null ? null : PronouncingDictionary.read(dictionary));
    List<Phrase> phrases = new ArrayList<>();
    for (String text : typed) {
      phrases.add(phrase("phrase: ", text, null, pronouncer));
    }
    if (list != null) {
      List<String> lines = lines(list);
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank() && !lines.get(i).startsWith(COMMENT)) {
          phrases.add(line(list + ": line " + (i + 1) + ": ", lines.get(i), pronouncer));
        }
      }
    }
    if (phrases.isEmpty()) {
      throw new IllegalArgumentException(
          list == null
              ? "expected a phrase: give --phrase TEXT or --phrases FILE"
              : list + ": has no phrases");
    }
    Set<String> texts = new HashSet<>();
    for (Phrase phrase : phrases) {
      if (!texts.add(phrase.text())) {
        throw new IllegalArgumentException("phrase=" + phrase.text() + ": is given twice");
      }
    }
    return phrases;
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": is not a text file", e);
    }
  }

  private static Phrase line(String place, String line, Pronouncer pronouncer) {
    String[] parts = line.split("\t", 2);
    if (parts.length == 1) {
      return phrase(place, line, null, pronouncer);
    }
    try {
      return phrase(place, parts[0], Float.parseFloat(parts[1].strip()), pronouncer);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          place + "threshold=" + parts[1].strip() + ", expected a number from 0 to 1", e);
    }
  }

  private static Phrase phrase(String place, String text, Float threshold, Pronouncer pronouncer) {
    String plain = text.strip().replaceAll("\\s+", " ");
    List<List<String>> pronunciations;
    try {
      pronunciations =
          pronouncer.pronounce(plain, PRONUNCIATIONS).stream()
              .map(Pronouncer.Pronounced::phonemes)
              .toList();
      return new Phrase(plain, pronunciations, threshold);
    } catch (NumberFormatException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + e.getMessage(), e);
    }
  }
}
