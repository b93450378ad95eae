// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import io.github.rouse.model.Metadata;
import io.github.rouse.model.WakeModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The models on offer at one time. No two offers have a word in common.
 *
 * @param offers those whose words win come first
 */
public record Models(List<Offer> offers) {
  /** Copies the list. */
  public Models {
    offers = List.copyOf(offers);
  }

  /**
   * A model on offer.
   *
   * @param file it was read from
   * @param own whether it comes from the watched folder
   * @param metadata of the file
   * @param words that it detects here; of a word in two models, only one detects it
   * @param model that detects these words; null until it is loaded
   */
  public record Offer(
      Path file, boolean own, Metadata metadata, List<String> words, WakeModel model) {
    /** Copies the words. */
    public Offer {
      words = List.copyOf(words);
    }

    /** The same with another form of the model, if it is loaded. */
    Offer withModel(UnaryOperator<WakeModel> change) {
      return model == null ? this : new Offer(file, own, metadata, words, change.apply(model));
    }
  }

  /** The words on offer, whether their models are loaded or not. */
  public List<String> words() {
    return offers.stream()
        .flatMap(offer -> offer.words().stream())
        .collect(Collectors.toUnmodifiableList());
  }

  /** The offer of each word. */
  public Map<String, Offer> byWord() {
    return offers.stream()
        .flatMap(offer -> offer.words().stream().map(word -> Map.entry(word, offer)))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** The models that are loaded. */
  public List<WakeModel> loaded() {
    return offers.stream()
        .map(Offer::model)
        .filter(Objects::nonNull)
        .collect(Collectors.toUnmodifiableList());
  }
}
