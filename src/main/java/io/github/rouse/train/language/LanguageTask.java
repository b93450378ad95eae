// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.language;

import io.github.rouse.model.PhonemeLanguage;
import io.github.rouse.model.Provenance;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Network;
import io.github.rouse.pronounce.PronouncingDictionary;
import io.github.rouse.train.NetworkBuilder;
import io.github.rouse.train.Passes;
import io.github.rouse.train.TrainingLoop;
import io.github.rouse.train.backprop.DenseGradient;
import io.github.rouse.train.backprop.DropoutGradient;
import io.github.rouse.train.backprop.GruGradient;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.SymbolLoss;
import io.github.rouse.train.backprop.TrainingNetwork;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.recipe.LanguageRecipe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** Learns each symbol of a line, a phoneme or a boundary of words, from those before it. */
final class LanguageTask implements TrainingLoop.Task {
  private static final int BOUNDARY = PronouncingDictionary.PHONEMES.size();
  private static final int TRAINED_BATCHES = 40; // for the loss if no lines are held out

  private final String identity;
  private final List<List<int[]>> heldOut;
  private final DropoutGradient dropout;
  private final TrainingNetwork network;
  private final SymbolLoss loss;
  private final Passes<int[]> passes;

  /**
   * Prepares the task.
   *
   * @param identity of recipe and data
   * @param heldOut may be empty
   */
  LanguageTask(
      LanguageRecipe recipe,
      String identity,
      List<int[]> trained,
      List<int[]> heldOut,
      WorkerPool workers) {
    this.identity = identity;
    int size = recipe.schedule().batchSize();
    passes = new Passes<>(recipe.seed(), seed -> shuffled(trained, size, seed));
    this.heldOut = shuffled(heldOut, size, 0);
    loss = new SymbolLoss(recipe.optimisation().loss().smoothing());
    int units = recipe.network().units();
    dropout = new DropoutGradient((float) recipe.network().dropout(), recipe.seed(), workers);
    network =
        new TrainingNetwork(
            List.of(
                new GruGradient("gru", Gru.Reset.AFTER, BOUNDARY + 1, units, 0, workers),
                dropout,
                new DenseGradient("output", units, BOUNDARY + 1, workers)));
    SplittableRandom random = new SplittableRandom(recipe.seed());
    network.parameters().forEach(parameter -> NetworkBuilder.initialise(parameter, random));
  }

  /** Batches of lines of about the same length, in random order. */
  private static List<List<int[]>> shuffled(List<int[]> lines, int size, long seed) {
    Random random = new Random(seed);
    List<int[]> order = new ArrayList<>(lines);
    Collections.shuffle(order, random);
    order.sort(Comparator.comparingInt(line -> line.length)); // stable
    List<List<int[]>> batches = new ArrayList<>();
    for (int from = 0; from < order.size(); from += size) {
      batches.add(order.subList(from, Math.min(from + size, order.size())));
    }
    Collections.shuffle(batches, random);
    return batches;
  }

  @Override
  public TrainingNetwork network() {
    return network;
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public double batch(int number, boolean first) {
    dropout.batch(number);
    List<int[]> lines = passes.batch(number);
    SequenceBatch logits = network.forward(inputs(lines), true);
    SequenceBatch gradient = new SequenceBatch(logits.steps(), logits.clips(), logits.width());
    double value = loss.of(logits, targets(lines), gradient);
    network.backward(gradient);
    return value;
  }

  private static int longest(List<int[]> lines) {
    return lines.stream().mapToInt(line -> line.length).max().orElseThrow();
  }

  /** 1 at the symbol before each step, [symbols][lines][phonemes + 1]; a boundary comes first. */
  private static SequenceBatch inputs(List<int[]> lines) {
    SequenceBatch inputs = new SequenceBatch(longest(lines), lines.size(), BOUNDARY + 1);
    for (int t = 0; t < inputs.steps(); t++) {
      for (int i = 0; i < lines.size(); i++) {
        int[] line = lines.get(i);
        int symbol = t == 0 || t > line.length ? BOUNDARY : line[t - 1];
        inputs.data()[(t * lines.size() + i) * inputs.width() + symbol] = 1f;
      }
    }
    return inputs;
  }

  /** The symbol of each step, {@link SymbolLoss#NONE} after a line's end. */
  private static int[][] targets(List<int[]> lines) {
    int[][] targets = new int[longest(lines)][lines.size()];
    for (int t = 0; t < targets.length; t++) {
      for (int i = 0; i < lines.size(); i++) {
        int[] line = lines.get(i);
        targets[t][i] = t < line.length ? line[t] : SymbolLoss.NONE;
      }
    }
    return targets;
  }

  @Override
  public boolean holdsOut() {
    return !heldOut.isEmpty();
  }

  /** The mean cross-entropy of a symbol, without smoothing. */
  @Override
  public double heldOutLoss() {
    SymbolLoss plain = new SymbolLoss(0);
    List<List<int[]>> batches = holdsOut() ? heldOut : passes.some(TRAINED_BATCHES);
    double sum = 0;
    long symbols = 0;
    for (List<int[]> lines : batches) {
      SequenceBatch logits = network.forward(inputs(lines), false);
      SequenceBatch gradient = new SequenceBatch(logits.steps(), logits.clips(), logits.width());
      int count = lines.stream().mapToInt(line -> line.length).sum();
      sum += count * plain.of(logits, targets(lines), gradient);
      symbols += count;
    }
    return sum / symbols;
  }

  /** The model with the current weights. */
  PhonemeLanguage model(Provenance provenance) {
    Network learnt = network.trained();
    return new PhonemeLanguage(PronouncingDictionary.PHONEMES, learnt, provenance);
  }
}
