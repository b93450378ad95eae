// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import io.github.rouse.model.Provenance;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.train.backprop.Loss;
import io.github.rouse.train.backprop.SequenceBatch;
import io.github.rouse.train.backprop.TrainingNetwork;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.train.data.ClipSynthesizer;
import io.github.rouse.train.data.SpeakerSplit;
import io.github.rouse.train.data.TrainingData;
import io.github.rouse.train.recipe.Recipe;
import io.github.rouse.train.recipe.RecipeFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Words in sound: clips labelled with words and phones, hard negatives, and the resulting model.
 */
final class WordTask implements TrainingLoop.Task {
  private static final long HELD_OUT_SEED = 0x5eed;
  private static final int HELD_OUT_BATCHES = 4;
  private static final double FOCUS = 2; // gamma of the focal loss, as in the paper

  private final Recipe recipe;
  private final Path out;
  private final TrainingData data;
  private final NetworkBuilder builder;
  private final TrainingNetwork network;
  private final WorkerPool workers;
  private final Recipe.Schedule schedule;
  private final Loss loss;
  private final Batch batch;
  private final Teachers teachers;
  private final SequenceBatch gradient;
  private final HardNegatives hard;
  private final ClipSynthesizer clips;

  WordTask(
      Recipe recipe,
      Path out,
      TrainingData data,
      Teachers teachers,
      NetworkBuilder builder,
      WorkerPool workers) {
    this.recipe = recipe;
    this.out = out;
    this.data = data;
    this.teachers = teachers;
    this.builder = builder;
    this.workers = workers;
    schedule = recipe.schedule();
    loss = loss(recipe.optimisation());
    network = builder.network();
    batch = new Batch(recipe, builder, teachers, schedule.batchSize());
    gradient = new SequenceBatch(batch.labels.steps(), batch.labels.clips(), batch.labels.width());
    hard =
        new HardNegatives(
            data.trained().negatives(), data.hardNegatives, recipe.features().sampleRate());
    clips = synthesizer(data.trained(), hard.segments(), recipe.seed());
  }

  private static Loss loss(Recipe.Optimisation optimisation) {
    return switch (optimisation.loss().function()) {
      case CROSS_ENTROPY -> new Loss.CrossEntropy((float) optimisation.loss().smoothing());
      case FOCAL -> new Loss.Focal(FOCUS);
      case MAX_POOLING -> new Loss.MaxPooling();
    };
  }

  @Override
  public TrainingNetwork network() {
    return network;
  }

  /** The recipe without its paths, because the data has its own hash. */
  @Override
  public String identity() {
    String settings = RecipeFile.toYaml(recipe.withoutPaths(), out.getParent());
    String taught = teachers.isEmpty() ? "" : teachers.hashes().toString();
    return settings + data.hash() + data.parts() + taught + workers.count();
  }

  @Override
  public String continuedWith() {
    return data.hardNegatives.isEmpty() ? "" : data.hardNegativesSaid();
  }

  @Override
  public List<float[]> state() {
    return List.of(hard.state());
  }

  @Override
  public void restored() {
    hard.restored();
  }

  @Override
  public void continued() {
    hard.cutGiven(model(Double.NaN));
  }

  @Override
  public double batch(int number, boolean first) {
    batch.fill(clips, (long) number * schedule.batchSize(), workers);
    builder.batch(number);
    boolean[] stateful = statefulClips(number, first);
    batch.hushStarts(stateful);
    network.carry(stateful);
    SequenceBatch logits = network.forward(batch.features, true);
    double value = loss.of(logits, batch.labels, batch.weights, gradient);
    network.backward(gradient);
    return value;
  }

  /** Which clips keep their recurrent state; none in an epoch's first batch, as it may resume. */
  private boolean[] statefulClips(int batchNumber, boolean first) {
    boolean[] stateful = new boolean[schedule.batchSize()];
    RandomGenerator random = clips.random(ClipSynthesizer.Purpose.STATE, batchNumber);
    for (int place = 0; place < stateful.length; place++) {
      stateful[place] = !first && random.nextDouble() < schedule.statefulClips();
    }
    return stateful;
  }

  /** Mines hard negatives after the first, second and third quarter of training. */
  @Override
  public void epochEnded(int done) {
    boolean quarter = done * 4 / schedule.epochs() > (done - 1) * 4 / schedule.epochs();
    if (quarter && done < schedule.epochs() && recipe.clips().hardNegatives() > 0) {
      hard.find(model(Double.NaN), workers);
    }
  }

  @Override
  public boolean holdsOut() {
    return data.holdsOut();
  }

  /** The loss on a fixed set of clips: of held-out speakers, or of training speakers if none. */
  @Override
  public double heldOutLoss() {
    ClipSynthesizer clips = synthesizer(data.measured(), List.of(), recipe.seed() ^ HELD_OUT_SEED);
    double sum = 0;
    network.carry(new boolean[schedule.batchSize()]);
    for (int i = 0; i < HELD_OUT_BATCHES; i++) {
      batch.fill(clips, (long) i * schedule.batchSize(), workers);
      batch.weighOnly(recipe.words().size());
      SequenceBatch logits = network.forward(batch.features, false);
      sum += loss.of(logits, batch.labels, batch.weights, gradient) / HELD_OUT_BATCHES;
    }
    return sum;
  }

  private ClipSynthesizer synthesizer(
      SpeakerSplit.Side part, List<Sound> hardNegatives, long seed) {
    return new ClipSynthesizer(
        recipe,
        part.positives(),
        part.negatives(),
        hardNegatives,
        data.backgrounds,
        data.rooms,
        seed);
  }

  /** The network with its current weights as a model. */
  WakeModel model(double loss) {
    List<Layer> layers = new ArrayList<>(network.trained().layers());
    Dense all = (Dense) layers.remove(layers.size() - 1);
    layers.add(all.keeping(IntStream.range(0, recipe.words().size()).toArray()));
    layers.add(new Activation(Activation.Function.SIGMOID, recipe.words().size()));
    Provenance provenance =
        Provenance.of("trained by rouse train")
            .with("recipe", RecipeFile.toYaml(recipe, out.getParent()))
            .with("seed", recipe.seed())
            .with("threads", workers.count())
            .with("data", data.files() + " files, SHA-256 " + data.hash())
            .with("hard negatives", data.hardNegativesSaid())
            .with("teachers", teachers.isEmpty() ? "none" : "weights, SHA-256 " + teachers.hashes())
            .with(
                data.holdsOut() ? "held-out loss" : "loss on other clips of speakers trained on",
                String.format(Locale.ROOT, "%.5f", loss));
    String name = out.getFileName().toString().replaceAll("\\.onnx$", "");
    return new WakeModel(
        name, recipe.words(), recipe.features(), recipe.policy(), new Network(layers), provenance);
  }
}
