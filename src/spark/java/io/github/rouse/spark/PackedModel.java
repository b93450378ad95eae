// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PhraseSearch;
import io.github.rouse.trigger.SecondChance;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A model with its settings on the way to the executors: its file, or for phrases the phone
 * recogniser's file and the search. The unpacked model gives the same posteriors to the bit.
 *
 * @param onnx the file
 * @param search of phrases; null in a model of words
 */
record PackedModel(
    String name, byte[] onnx, List<String> words, Search search, Policy policy, Chance chance)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private static final int ABOVE_RECOGNISER = 2; // layers of a model of phrases: softmax and search

  /** {@link PhraseSearch}. */
  record Search(
      List<int[][]> pronunciations,
      List<Float> levels,
      List<Float> scales,
      float blank,
      float pause,
      float haste)
      implements Serializable {
    @Serial private static final long serialVersionUID = 1;
  }

  /** {@link TriggerPolicy}, and the threshold of each word. */
  record Policy(
      float threshold,
      int smoothing,
      int patience,
      float refractory,
      LinkedHashMap<String, Float> thresholds)
      implements Serializable {
    @Serial private static final long serialVersionUID = 1;
  }

  /** {@link SecondChance}. */
  record Chance(float seconds, float share) implements Serializable {
    @Serial private static final long serialVersionUID = 1;
  }

  static PackedModel of(WakeModel model) throws IOException {
    TriggerPolicy policy = model.policy();
    LinkedHashMap<String, Float> thresholds = new LinkedHashMap<>();
    model.words().forEach(word -> thresholds.put(word, model.threshold(word)));
    List<Layer> layers = model.network().layers();
    Search search = null;
    byte[] onnx;
    if (layers.get(layers.size() - 1) instanceof PhraseSearch phrases) {
      search =
          new Search(
              new ArrayList<>(
                  phrases.targets().stream().map(PhraseSearch.Target::pronunciations).toList()),
              new ArrayList<>(phrases.targets().stream().map(PhraseSearch.Target::level).toList()),
              new ArrayList<>(phrases.targets().stream().map(PhraseSearch.Target::scale).toList()),
              phrases.factors().blank(),
              phrases.factors().pause(),
              phrases.factors().haste());
      List<String> phones = IntStream.range(0, phrases.phones()).mapToObj(i -> "p" + i).toList();
      Network recognising = new Network(layers.subList(0, layers.size() - ABOVE_RECOGNISER));
      PhoneModel recogniser =
          new PhoneModel(model.features(), recognising, phones, model.provenance(), null);
      onnx = bytes(path -> recogniser.write(path, WeightType.FP32));
    } else {
      onnx = bytes(model::write);
    }
    return new PackedModel(
        model.name(),
        onnx,
        new ArrayList<>(model.words()),
        search,
        new Policy(
            policy.threshold(),
            policy.smoothing(),
            policy.patience(),
            policy.refractory(),
            thresholds),
        new Chance(model.secondChance().seconds(), model.secondChance().share()));
  }

  /** The model, for the native engine. */
  WakeModel unpack() throws IOException {
    WakeModel model = search == null ? ofWords() : ofPhrases();
    WakeModel set =
        model
            .withPolicy(
                new TriggerPolicy(
                    policy.threshold, policy.smoothing, policy.patience, policy.refractory))
            .withSecondChance(new SecondChance(chance.seconds, chance.share));
    for (Map.Entry<String, Float> one : policy.thresholds.entrySet()) {
      if (one.getValue() != policy.threshold) {
        set = set.withThreshold(one.getKey(), one.getValue());
      }
    }
    return set.fused();
  }

  private WakeModel ofWords() throws IOException {
    return WakeModel.read(new ByteArrayInputStream(onnx), name + ".onnx");
  }

  private WakeModel ofPhrases() throws IOException {
    Path file = Files.createTempFile("rouse", ".onnx");
    try {
      Files.write(file, onnx);
      PhoneModel recogniser = PhoneModel.read(file);
      List<PhraseSearch.Target> targets = new ArrayList<>();
      for (int i = 0; i < search.pronunciations.size(); i++) {
        targets.add(
            new PhraseSearch.Target(
                search.pronunciations.get(i), search.levels.get(i), search.scales.get(i)));
      }
      List<Layer> layers =
          new ArrayList<>(recogniser.listener().network().layers()); // with softmax
      PhraseSearch.Factors factors =
          new PhraseSearch.Factors(search.blank, search.pause, search.haste);
      layers.add(new PhraseSearch(recogniser.phones().size(), targets, factors));
      return new WakeModel(
          name,
          words,
          recogniser.features(),
          TriggerPolicy.DEFAULT,
          new Network(layers),
          recogniser.provenance());
    } finally {
      Files.delete(file);
    }
  }

  private interface Writing {
    void write(Path path) throws IOException;
  }

  private static byte[] bytes(Writing model) throws IOException {
    Path folder = Files.createTempDirectory("rouse");
    Path file = folder.resolve("model.onnx");
    try {
      model.write(file);
      return Files.readAllBytes(file);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }
}
