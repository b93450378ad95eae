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
import io.github.rouse.train.optim.Adam;
import io.github.rouse.train.optim.GradientClipping;
import io.github.rouse.train.optim.LearningRate;
import io.github.rouse.train.optim.Optimiser;
import io.github.rouse.train.optim.RmsProp;
import io.github.rouse.train.optim.Sgd;
import io.github.rouse.train.optim.WeightAverage;
import io.github.rouse.train.recipe.Recipe;
import io.github.rouse.train.recipe.RecipeFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** One training run with all its state: batches, epochs, checkpoints and the resulting model. */
final class TrainingRun {
  private static final long HELD_OUT_SEED = 0x5eed;
  private static final int HELD_OUT_BATCHES = 4;
  private static final double FOCUS = 2; // gamma of the focal loss, as in the paper
  private static final double MOMENTUM = 0.9;
  private static final double FURTHER_EPOCHS = 0.25; // of the recipe's
  private static final double FURTHER_RATE =
      1 / 3.0; // of the recipe's: the weights are already good
  private static final double LOWEST_RATE = 0.01; // of the recipe's

  private final Recipe recipe;
  private final Path out;
  private final TrainingProgress progress;
  private final TrainingData data;
  private final NetworkBuilder builder;
  private final TrainingNetwork network;
  private final WorkerPool workers;
  private final Recipe.Schedule schedule;
  private final Recipe.Optimisation optimisation;
  private final Optimiser optimiser;
  private final WeightAverage average;
  private final Loss loss;
  private final Batch batch;
  private final Teachers teachers;
  private final SequenceBatch gradient;
  private final HardNegatives hard;
  private final List<float[]> values = new ArrayList<>(); // weights and statistics; live
  private final List<float[]> best = new ArrayList<>(); // their averages after the best epoch
  private final List<Epoch> epochs = new ArrayList<>();
  private final Checkpoint checkpoint;
  private final Checkpoint finished;
  private final float[] earlier = {0}; // epochs of the finished run that this one continues
  private final BooleanSupplier stopped;

  TrainingRun(
      Recipe recipe,
      Path out,
      TrainingProgress progress,
      TrainingData data,
      Teachers teachers,
      NetworkBuilder builder,
      WorkerPool workers,
      BooleanSupplier stopped) {
    this.recipe = recipe;
    this.stopped = stopped;
    this.out = out;
    this.progress = progress;
    schedule = recipe.schedule();
    optimisation = recipe.optimisation();
    loss = loss();
    this.data = data;
    this.teachers = teachers;
    this.builder = builder;
    this.workers = workers;
    network = builder.network();
    optimiser = optimiser();
    network.parameters().forEach(p -> values.add(p.value()));
    values.addAll(network.statistics());
    average = new WeightAverage(values, schedule.averaging());
    batch = new Batch(recipe, builder, teachers, schedule.batchSize());
    gradient = new SequenceBatch(batch.labels.steps(), batch.labels.clips(), batch.labels.width());
    values.forEach(v -> best.add(v.clone()));
    hard =
        new HardNegatives(
            data.trained().negatives(), data.hardNegatives, recipe.features().sampleRate());
    List<float[]> numbers = new ArrayList<>(values);
    numbers.addAll(optimiser.state());
    numbers.addAll(average.state());
    numbers.addAll(best);
    numbers.add(hard.state());
    numbers.add(earlier);
    String hardNegatives = data.hardNegativesSaid();
    checkpoint = new Checkpoint(Checkpoint.unfinished(out), identity() + hardNegatives, numbers);
    finished = new Checkpoint(Checkpoint.finished(out), identity(), numbers);
  }

  private Loss loss() {
    return switch (optimisation.loss()) {
      case CROSS_ENTROPY -> new Loss.CrossEntropy((float) optimisation.smoothing());
      case FOCAL -> new Loss.Focal(FOCUS);
      case MAX_POOLING -> new Loss.MaxPooling();
    };
  }

  private Optimiser optimiser() {
    return switch (optimisation.optimiser()) {
      case ADAM -> new Adam(network.parameters(), optimisation.weightDecay());
      case RMSPROP -> new RmsProp(network.parameters());
      case SGD -> new Sgd(network.parameters(), MOMENTUM);
    };
  }

  /** The recipe without its paths: the data has its own hash. */
  private String settings() {
    return RecipeFile.toYaml(recipe.withoutPaths(), out.getParent());
  }

  private String identity() {
    String taught = teachers.isEmpty() ? "" : teachers.hashes().toString();
    return hash(settings() + data.hash() + data.parts() + taught + workers.count());
  }

  WakeModel train(boolean resume) throws IOException {
    begin(resume);
    LearningRate rate = rate();
    ClipSynthesizer clips = synthesizer(data.trained(), hard.segments(), recipe.seed());
    while (epochs.size() < allEpochs() && !outOfPatience()) {
      double sum = 0;
      for (int i = 0; i < schedule.batches(); i++) {
        sum += batch(clips, i, rate.at(batchesSince(earlier[0]) + i));
      }
      finishEpoch(sum / schedule.batches(), rate.at(batchesSince(earlier[0] - 1) - 1));
    }
    WakeModel model = best();
    model.write(out);
    try {
      finished.write(epochs);
    } catch (IOException e) { // the model matters more
      progress.problem(finished.path() + ": not written: " + e.getMessage());
    }
    return model;
  }

  /** Starts from scratch, from a checkpoint, or, with hard negatives, from a finished run. */
  private void begin(boolean resume) throws IOException {
    boolean further = !data.hardNegatives.isEmpty();
    if (further) {
      epochs.addAll(finished.read());
      earlier[0] = epochs.size();
      hard.restored();
      average.swap();
      hard.cutGiven(model(network.trained()));
      average.swap();
    }
    if (resume && checkpoint.exists()) {
      epochs.clear();
      epochs.addAll(checkpoint.read());
    }
    if (epochs.isEmpty()) {
      Files.deleteIfExists(finished.path()); // of a model that is about to be replaced
    } else {
      hard.restored();
      progress.epochs(epochs, allEpochs());
    }
  }

  /** Trains on batch {@code i} of an epoch and returns its loss. */
  private double batch(ClipSynthesizer clips, int i, double rate) throws IOException {
    int number = epochs.size() * schedule.batches() + i;
    if (stopped.getAsBoolean()) {
      throw new InterruptedIOException(out + ": training was stopped");
    }
    batch.fill(clips, (long) number * schedule.batchSize(), workers);
    builder.batch(number);
    boolean[] carried = carried(clips, number, i == 0);
    batch.hushStarts(carried);
    network.carry(carried);
    network.clearGradients();
    SequenceBatch logits = network.forward(batch.features, true);
    double value = loss.of(logits, batch.labels, batch.weights, gradient);
    network.backward(gradient);
    if (!Double.isFinite(value)) {
      throw new IOException(
          String.format(
              "%s: the loss of batch %d is not finite; lower optimisation.rate", out, number + 1));
    }
    clipGradients();
    optimiser.step(rate);
    average.update(number);
    progress.batch(number + 1, allEpochs() * schedule.batches(), value);
    return value;
  }

  private int batchesSince(float epoch) {
    return (epochs.size() - (int) epoch) * schedule.batches();
  }

  private int allEpochs() {
    int further = (int) Math.max(1, FURTHER_EPOCHS * schedule.epochs());
    return earlier[0] == 0 ? schedule.epochs() : (int) earlier[0] + further;
  }

  private LearningRate rate() {
    double peak = optimisation.rate();
    double lowest = peak * LOWEST_RATE;
    int batches = (allEpochs() - (int) earlier[0]) * schedule.batches();
    return earlier[0] > 0
        ? new LearningRate(peak * FURTHER_RATE, 0, batches, lowest)
        : new LearningRate(peak, (int) (optimisation.warmUp() * batches), batches, lowest);
  }

  /** The held-out losses of this run, without those of the run it continues. */
  private List<Double> heldOutLosses() {
    return epochs.stream().skip((int) earlier[0]).map(Epoch::heldOutLoss).toList();
  }

  private double lowest() {
    return heldOutLosses().stream().min(Double::compare).orElse(Double.NaN);
  }

  private double keptLoss() {
    return data.holdsOut() || epochs.isEmpty()
        ? lowest()
        : epochs.get(epochs.size() - 1).heldOutLoss();
  }

  private boolean outOfPatience() {
    int last = heldOutLosses().size() - 1;
    int best = heldOutLosses().indexOf(lowest());
    return data.holdsOut() && schedule.patience() > 0 && last - best >= schedule.patience();
  }

  /** Which clips keep their recurrent state; none in an epoch's first batch, as it may resume. */
  private boolean[] carried(ClipSynthesizer clips, int batchNumber, boolean first) {
    boolean[] carried = new boolean[schedule.batchSize()];
    RandomGenerator random = clips.random(ClipSynthesizer.Purpose.CARRYING, batchNumber);
    for (int place = 0; place < carried.length; place++) {
      carried[place] = !first && random.nextDouble() < schedule.carried();
    }
    return carried;
  }

  private void clipGradients() {
    if (optimisation.clipValue() > 0) {
      GradientClipping.byValue(network.parameters(), (float) optimisation.clipValue());
    }
    if (optimisation.clipNorm() > 0) {
      GradientClipping.byNorm(network.parameters(), optimisation.clipNorm());
    }
  }

  private void finishEpoch(double trainingLoss, double rate) throws IOException {
    average.swap();
    double heldOut = heldOutLoss();
    boolean better = heldOutLosses().stream().allMatch(loss -> heldOut < loss);
    epochs.add(new Epoch(trainingLoss, heldOut, rate));
    if (better || !data.holdsOut()) { // training speakers cannot tell which is better
      copy(values, best);
    }
    int done = epochs.size();
    boolean quarter = done * 4 / schedule.epochs() > (done - 1) * 4 / schedule.epochs();
    if (earlier[0] == 0 && quarter && done < schedule.epochs() && recipe.clips().mistaken() > 0) {
      hard.find(model(network.trained()), workers);
    }
    average.swap();
    try {
      checkpoint.write(epochs);
    } catch (IOException e) { // a full disk may have space again an epoch later
      progress.problem(checkpoint.path() + ": not written: " + e.getMessage());
    }
    progress.epochs(epochs, allEpochs());
  }

  /** The loss on a fixed set of clips: of held-out speakers, or of training speakers if none. */
  private double heldOutLoss() {
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

  private ClipSynthesizer synthesizer(SpeakerSplit.Part part, List<Sound> mistaken, long seed) {
    return new ClipSynthesizer(
        recipe, part.positives(), part.negatives(), mistaken, data.backgrounds, seed);
  }

  private WakeModel best() {
    List<float[]> last = values.stream().map(float[]::clone).toList();
    copy(best, values);
    WakeModel model = model(network.trained());
    copy(last, values);
    return model;
  }

  private static void copy(List<float[]> from, List<float[]> to) {
    for (int k = 0; k < from.size(); k++) {
      System.arraycopy(from.get(k), 0, to.get(k), 0, from.get(k).length);
    }
  }

  private WakeModel model(Network trained) {
    List<Layer> layers = new ArrayList<>(trained.layers());
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
                String.format(Locale.ROOT, "%.5f", keptLoss()));
    String name = out.getFileName().toString().replaceAll("\\.onnx$", "");
    return new WakeModel(
        name, recipe.words(), recipe.features(), recipe.policy(), new Network(layers), provenance);
  }

  private static String hash(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("SHA-256", e);
    }
  }
}
