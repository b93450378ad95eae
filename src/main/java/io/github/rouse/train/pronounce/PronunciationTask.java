// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.pronounce;

import io.github.rouse.model.PronunciationModel;
import io.github.rouse.model.Provenance;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Gru;
import io.github.rouse.nn.Network;
import io.github.rouse.pronounce.PronouncingDictionary;
import io.github.rouse.train.NetworkBuilder;
import io.github.rouse.train.Passes;
import io.github.rouse.train.TrainingLoop;
import io.github.rouse.train.backprop.AttentionDecoderGradient;
import io.github.rouse.train.backprop.BidirectionalGradient;
import io.github.rouse.train.backprop.DenseGradient;
import io.github.rouse.train.backprop.DropoutGradient;
import io.github.rouse.train.backprop.GruGradient;
import io.github.rouse.train.backprop.Parameter;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.SymbolLoss;
import io.github.rouse.train.backprop.TrainingNetwork;
import io.github.rouse.train.backprop.WeightInitializer;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.pronounce.SpellingBatch.Example;
import io.github.rouse.train.recipe.PronunciationRecipe;
import io.github.rouse.train.recipe.PronunciationRecipe.SpellingNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Learns the phonemes of words, each given its letters and the phonemes before it. */
final class PronunciationTask implements TrainingLoop.Task {
  private static final List<String> PHONEMES = PronouncingDictionary.PHONEMES;
  private static final int END = PHONEMES.size();
  private static final int TRAINED_BATCHES = 40; // for the loss if no words are held out

  private final String identity;
  private final List<List<Example>> heldOut;
  private final BidirectionalGradient encoder;
  private final AttentionDecoderGradient decoder;
  private final DenseGradient output;
  private final List<DropoutGradient> dropouts;
  private final TrainingNetwork network;
  private final SymbolLoss loss;
  private final Passes<Example> passes;

  /**
   * Prepares the task.
   *
   * @param identity of recipe and data
   * @param heldOut may be empty
   */
  PronunciationTask(
      PronunciationRecipe recipe,
      String identity,
      List<Spelling> trained,
      List<Spelling> heldOut,
      WorkerPool workers) {
    this.identity = identity;
    int size = recipe.schedule().batchSize();
    List<Example> examples = examples(trained);
    passes = new Passes<>(recipe.seed(), seed -> SpellingBatch.shuffled(examples, size, seed));
    this.heldOut = SpellingBatch.shuffled(examples(heldOut), size, 0);
    loss = new SymbolLoss(recipe.optimisation().loss().smoothing());
    SpellingNetwork sizes = recipe.network();
    int alphabet = Spelling.LETTERS.length() + 1;
    int units = sizes.encoder();
    encoder =
        new BidirectionalGradient(
            new GruGradient("ahead", Gru.Reset.AFTER, alphabet, units, 0, workers),
            new GruGradient("back", Gru.Reset.AFTER, alphabet, units, 0, workers));
    decoder =
        new AttentionDecoderGradient(
            "decoder", END + 1, 2 * units, sizes.decoder(), sizes.attention(), workers);
    output = new DenseGradient("output", sizes.decoder() + 2 * units, END + 1, workers);
    float rate = (float) sizes.dropout();
    dropouts =
        List.of(
            new DropoutGradient(rate, recipe.seed(), workers),
            new DropoutGradient(rate, recipe.seed() + 1, workers));
    network =
        new TrainingNetwork(List.of(encoder, dropouts.get(0), decoder, dropouts.get(1), output));
    SplittableRandom random = new SplittableRandom(recipe.seed());
    for (Parameter p : network.parameters()) {
      if (p.name().endsWith(".scorer") || p.name().endsWith("query.recurrentWeights")) {
        WeightInitializer.XAVIER.fill(p, 1, random);
      } else {
        NetworkBuilder.initialise(p, random);
      }
    }
  }

  private static List<Example> examples(List<Spelling> spellings) {
    List<Example> examples = new ArrayList<>();
    for (Spelling spelling : spellings) {
      for (List<String> phonemes : spelling.pronunciations()) {
        examples.add(
            new Example(spelling.word(), phonemes.stream().mapToInt(PHONEMES::indexOf).toArray()));
      }
    }
    return examples;
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
    dropouts.forEach(dropout -> dropout.batch(number));
    SpellingBatch batch = SpellingBatch.of(passes.batch(number), END);
    SequenceBatch logits = forward(batch, true);
    SequenceBatch gradient = new SequenceBatch(logits.steps(), logits.clips(), logits.width());
    double value = loss.of(logits, batch.targets(), gradient);
    network.backward(gradient);
    return value;
  }

  private SequenceBatch forward(SpellingBatch batch, boolean training) {
    decoder.feed(batch.previous());
    return network.forward(batch.letters(), training);
  }

  @Override
  public boolean holdsOut() {
    return !heldOut.isEmpty();
  }

  /** The mean cross-entropy of a batch, without smoothing. */
  @Override
  public double heldOutLoss() {
    SymbolLoss plain = new SymbolLoss(0);
    List<List<Example>> batches = holdsOut() ? heldOut : passes.some(TRAINED_BATCHES);
    double sum = 0;
    int words = 0;
    for (List<Example> examples : batches) {
      SpellingBatch batch = SpellingBatch.of(examples, END);
      SequenceBatch logits = forward(batch, false);
      SequenceBatch gradient = new SequenceBatch(logits.steps(), logits.clips(), logits.width());
      sum += examples.size() * plain.of(logits, batch.targets(), gradient);
      words += examples.size();
    }
    return sum / words;
  }

  /** The model with the current weights. */
  PronunciationModel model(Provenance provenance) {
    return new PronunciationModel(
        Spelling.LETTERS,
        PHONEMES,
        new Network(List.of(encoder.trained())),
        decoder.decoder((Dense) output.trained()),
        provenance);
  }
}
