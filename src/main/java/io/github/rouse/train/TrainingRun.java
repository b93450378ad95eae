package io.github.rouse.train;

import io.github.rouse.model.Provenance;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.train.SoundBank.Sound;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** One training with all its state: batches, epochs, checkpoints, and the model in the end. */
final class TrainingRun {
  private static final long HELD_OUT_SEED = 0x5eed;
  private static final int HELD_OUT_BATCHES = 4;
  private static final double FOCUS = 2; // the focal loss's gamma, the paper's
  private static final double MOMENTUM = 0.9;
  private static final int FURTHER = 4; // of this part of the epochs is going on with mistakes
  private static final double FURTHER_RATE = 3; // slower than the peak

  private final Recipe recipe;
  private final Path out;
  private final Trainer.Progress progress;
  private final TrainingData data;
  private final NetworkBuilder builder;
  private final TrainingNetwork network;
  private final Workers workers;
  private final Recipe.Schedule schedule;
  private final Recipe.Optimisation optimisation;
  private final Optimiser optimiser;
  private final WeightAverage average;
  private final Loss loss;
  private final Batch batch;
  private final Steps gradient;
  private final HardNegatives hard;
  private final List<float[]> values = new ArrayList<>(); // weights, statistics; live
  private final List<float[]> best = new ArrayList<>(); // their averages after the best epoch
  private final List<Epoch> epochs = new ArrayList<>();
  private final Checkpoint checkpoint;
  private final Checkpoint finished;
  private int earlier; // epochs of a finished training that this one goes on from
  private final BooleanSupplier stopped;

  TrainingRun(
      Recipe recipe,
      Path out,
      Trainer.Progress progress,
      TrainingData data,
      NetworkBuilder builder,
      Workers workers,
      BooleanSupplier stopped) {
    this.recipe = recipe;
    this.stopped = stopped;
    this.out = out;
    this.progress = progress;
    schedule = recipe.schedule();
    optimisation = recipe.optimisation();
    loss = loss();
    this.data = data;
    this.builder = builder;
    this.workers = workers;
    network = builder.network();
    optimiser = optimiser();
    network.parameters().forEach(p -> values.add(p.value()));
    values.addAll(network.statistics());
    average = new WeightAverage(values, schedule.averaging());
    batch = new Batch(recipe, builder, schedule.batchSize());
    gradient = new Steps(batch.labels.steps(), batch.labels.clips(), batch.labels.width());
    values.forEach(v -> best.add(v.clone()));
    hard =
        new HardNegatives(
            data.trained.negatives(), data.hardNegatives, recipe.features().sampleRate());
    List<float[]> numbers = new ArrayList<>(values);
    numbers.addAll(optimiser.state());
    numbers.addAll(average.state());
    numbers.addAll(best);
    numbers.add(hard.state());
    checkpoint = new Checkpoint(Trainer.checkpoint(out), identity(), numbers);
    finished = new Checkpoint(Trainer.finished(out), identity(), numbers);
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

  /** The recipe without its paths: what lies there has a hash of its own. */
  private String settings() {
    return RecipeFile.toYaml(recipe.withoutPaths(), out.getParent());
  }

  private String identity() {
    return hash(settings() + data.hash() + workers.count());
  }

  WakeModel train(boolean resume) throws IOException {
    boolean further = !data.hardNegatives.isEmpty() && finished.exists();
    if (further) {
      epochs.addAll(finished.read());
      earlier = epochs.size();
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
    int all = allEpochs() * schedule.batches();
    LearningRate rate = rate(further);
    ClipSynthesizer clips = synthesizer(data.trained, hard.stretches(), recipe.seed());
    while (epochs.size() < allEpochs() && !outOfPatience()) {
      double sum = 0;
      for (int i = 0; i < schedule.batches(); i++) {
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
        Steps logits = network.forward(batch.features, true);
        double value = loss.of(logits, batch.labels, batch.weights, gradient);
        network.backward(gradient);
        if (!Double.isFinite(value)) {
          throw new IOException(
              String.format(
                  "%s: the loss of batch %d is no number; lower optimisation.rate",
                  out, number + 1));
        }
        clip();
        optimiser.step(rate.at(number - earlier * schedule.batches()));
        average.update(number);
        sum += value;
        progress.batch(number + 1, all, value);
      }
      int last = (epochs.size() + 1) * schedule.batches() - 1;
      finishEpoch(sum / schedule.batches(), rate.at(last - earlier * schedule.batches()));
    }
    return best();
  }

  private int allEpochs() {
    return earlier == 0 ? schedule.epochs() : earlier + Math.max(1, schedule.epochs() / FURTHER);
  }

  private LearningRate rate(boolean further) {
    double peak = optimisation.rate();
    int batches = (allEpochs() - earlier) * schedule.batches();
    return further
        ? new LearningRate(peak / FURTHER_RATE, 0, batches, peak / 100)
        : new LearningRate(peak, (int) (optimisation.warmUp() * batches), batches, peak / 100);
  }

  private List<Double> heldOutLosses() {
    return epochs.stream().skip(earlier).map(Epoch::heldOutLoss).toList();
  }

  private double lowest() {
    return heldOutLosses().stream().min(Double::compare).orElse(Double.NaN);
  }

  private boolean outOfPatience() {
    int last = epochs.size() - earlier - 1;
    int best = heldOutLosses().indexOf(lowest());
    return schedule.patience() > 0 && last - best >= schedule.patience();
  }

  /** Which places go on from where they were; none in an epoch's first batch: it may be resumed. */
  private boolean[] carried(ClipSynthesizer clips, int batchNumber, boolean first) {
    boolean[] carried = new boolean[schedule.batchSize()];
    RandomGenerator random = clips.random(ClipSynthesizer.Purpose.CARRYING, batchNumber);
    for (int place = 0; place < carried.length; place++) {
      carried[place] = !first && random.nextDouble() < schedule.carried();
    }
    return carried;
  }

  private void clip() {
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
    if (better) {
      copy(values, best);
    }
    int done = epochs.size();
    boolean quarter = done * 4 / schedule.epochs() > (done - 1) * 4 / schedule.epochs();
    if (quarter && done < schedule.epochs() && recipe.clips().mistaken() > 0) {
      hard.find(model(network.trained()), workers);
    }
    average.swap();
    try {
      checkpoint.write(epochs);
    } catch (IOException e) { // a full disk may have room again an epoch later
      progress.problem(checkpoint.path() + ": not written: " + e.getMessage());
    }
    progress.epochs(epochs, allEpochs());
  }

  /** On the same clips each time. Without anybody held out, on fresh clips of those trained on. */
  private double heldOutLoss() {
    ClipSynthesizer clips = synthesizer(data.measured(), List.of(), recipe.seed() ^ HELD_OUT_SEED);
    double sum = 0;
    network.carry(new boolean[schedule.batchSize()]);
    for (int i = 0; i < HELD_OUT_BATCHES; i++) {
      batch.fill(clips, (long) i * schedule.batchSize(), workers);
      batch.weighOnly(recipe.words().size());
      Steps logits = network.forward(batch.features, false);
      sum += loss.of(logits, batch.labels, batch.weights, gradient) / HELD_OUT_BATCHES;
    }
    return sum;
  }

  private ClipSynthesizer synthesizer(TrainingData.Part part, List<Sound> mistaken, long seed) {
    return new ClipSynthesizer(
        recipe, part.positives(), part.negatives(), mistaken, data.backgrounds, seed);
  }

  private WakeModel best() {
    copy(best, values);
    return model(network.trained());
  }

  private static void copy(List<float[]> from, List<float[]> to) {
    for (int k = 0; k < from.size(); k++) {
      System.arraycopy(from.get(k), 0, to.get(k), 0, from.get(k).length);
    }
  }

  private WakeModel model(Network trained) {
    List<Layer> layers = new ArrayList<>(trained.layers());
    layers.set(layers.size() - 1, withoutAuxiliary((Dense) layers.get(layers.size() - 1)));
    layers.add(new Activation(Activation.Function.SIGMOID, recipe.words().size()));
    Provenance provenance =
        Provenance.of("trained by rouse train")
            .with("recipe", "SHA-256 " + hash(settings()))
            .with("seed", recipe.seed())
            .with("threads", workers.count())
            .with("data", data.files() + " files, SHA-256 " + data.hash())
            .with("held-out loss", String.format(Locale.ROOT, "%.5f", lowest()));
    String name = out.getFileName().toString().replaceAll("\\.onnx$", "");
    return new WakeModel(
        name, recipe.words(), recipe.features(), recipe.policy(), new Network(layers), provenance);
  }

  /** The outputs of the words alone. */
  private Dense withoutAuxiliary(Dense all) {
    int words = recipe.words().size();
    float[][] weights =
        Arrays.stream(all.weights()).map(row -> Arrays.copyOf(row, words)).toArray(float[][]::new);
    return new Dense(weights, Arrays.copyOf(all.bias(), words));
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
