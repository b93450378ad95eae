// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PhraseSearch;
import io.github.rouse.nn.PhraseSearch.Factors;
import io.github.rouse.nn.PhraseSearch.Target;
import io.github.rouse.trigger.Calibration;
import io.github.rouse.trigger.TriggerPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a detector of typed phrases, a word each: one phone recogniser, and a search for all
 * phrases above it.
 *
 * <p>With a bank of other speech, a phrase's score says how often something else sounds as much
 * like it: {@code 1 / (1 + false alarms per hour)}, so that one half is one an hour. Without, it is
 * a guess from the number of phones.
 */
public final class PhraseModel {
  /** The name of such models, in events. */
  public static final String NAME = "phones";

  private static final Factors FACTORS = new Factors(0.37f, 0.9f, 0.3f);
  private static final float LEVEL_PER_PHONE = -1.1f; // of the log-likelihood ratio, uncalibrated
  private static final float SCALE = 1.5f;
  private static final TriggerPolicy POLICY = new TriggerPolicy(0.5f, 1, 1, 1f);

  private PhraseModel() {}

  /**
   * Makes a model.
   *
   * @param bank other speech, as the recogniser hears it; or null
   * @throws IllegalArgumentException if the recogniser does not know a phone, another one made the
   *     bank, or two phrases are the same
   */
  public static WakeModel of(PhoneModel recogniser, List<Phrase> phrases, PhoneBank bank) {
    List<Target> targets = new ArrayList<>();
    for (Phrase phrase : phrases) {
      int[][] pronunciations =
          phrase.pronunciations().stream()
              .map(phones -> indices(phones, recogniser))
              .toArray(int[][]::new);
      targets.add(new Target(pronunciations, guess(pronunciations), SCALE));
    }
    List<FalseAlarms> alarms = List.of();
    if (bank != null) {
      bank.check(recogniser);
      alarms = FalseAlarms.of(search(recogniser, targets), bank);
      for (int i = 0; i < targets.size(); i++) {
        targets.set(i, alarms.get(i).calibrated(targets.get(i)));
      }
    }
    WakeModel model = model(recogniser, phrases, targets, POLICY);
    List<Float> scores = new ArrayList<>();
    for (int i = 0; i < alarms.size(); i++) {
      for (float ratio : alarms.get(i).ratios()) {
        scores.add(Math.max(Float.MIN_NORMAL, targets.get(i).score(ratio)));
      }
    }
    return scores.size() < Calibration.FEWEST
        ? model
        : model.withCalibration(new Calibration(bank.hours() * targets.size(), 1, scores));
  }

  private static PhraseSearch search(PhoneModel recogniser, List<Target> targets) {
    return new PhraseSearch(recogniser.phones().size(), targets, FACTORS);
  }

  private static WakeModel model(
      PhoneModel recogniser, List<Phrase> phrases, List<Target> targets, TriggerPolicy policy) {
    List<Layer> layers = recogniser.listeningLayers();
    layers.add(search(recogniser, targets));
    Provenance provenance = recogniser.provenance();
    List<String> words = phrases.stream().map(Phrase::text).toList();
    return new WakeModel(
        NAME, words, recogniser.features(), policy, new Network(layers), provenance);
  }

  private static float guess(int[][] pronunciations) {
    return LEVEL_PER_PHONE * pronunciations[0].length;
  }

  private static int[] indices(List<String> phones, PhoneModel recogniser) {
    return phones.stream()
        .mapToInt(
            phone -> {
              int index = recogniser.phones().indexOf(phone);
              if (index < 0) {
                throw new IllegalArgumentException(
                    phone + ": unknown phone, expected some of " + recogniser.phones());
              }
              return index;
            })
        .toArray();
  }
}
