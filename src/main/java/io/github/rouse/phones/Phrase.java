// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PhraseSearch;
import io.github.rouse.nn.Softmax;
import io.github.rouse.trigger.TriggerPolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * A typed phrase and how it may be said.
 *
 * @param text as typed
 * @param pronunciations at least one, each a sequence of phones
 */
public record Phrase(String text, List<List<String>> pronunciations) {
  private static final float FLOOR = 0.007f; // what a wrong phone costs: exp(-5)
  private static final int LONGEST = 8; // steps for each phone
  private static final TriggerPolicy POLICY = new TriggerPolicy(0.5f, 1, 1, 1f);

  /** Copies the pronunciations. */
  public Phrase {
    pronunciations = pronunciations.stream().map(List::copyOf).toList();
    if (pronunciations.isEmpty()) {
      throw new IllegalArgumentException(text + ": has no pronunciation");
    }
  }

  /**
   * A detector of phrases, a word each: the recogniser's network and a search above it.
   *
   * @throws IllegalArgumentException if the recogniser does not know a phone
   */
  public static WakeModel model(String name, PhoneModel recogniser, List<Phrase> phrases) {
    int[][][] search = new int[phrases.size()][][];
    for (int i = 0; i < search.length; i++) {
      search[i] =
          phrases.get(i).pronunciations.stream()
              .map(phones -> indices(phones, recogniser))
              .toArray(int[][]::new);
    }
    List<Layer> layers = new ArrayList<>(recogniser.network().layers());
    layers.add(new Softmax(recogniser.network().outputs()));
    layers.add(new PhraseSearch(recogniser.phones().size(), search, FLOOR, LONGEST));
    return new WakeModel(
        name,
        phrases.stream().map(Phrase::text).toList(),
        recogniser.features(),
        POLICY,
        new Network(layers),
        recogniser.provenance());
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
