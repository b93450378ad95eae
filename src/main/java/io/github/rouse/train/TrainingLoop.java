// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import io.github.rouse.train.backprop.TrainingNetwork;
import io.github.rouse.train.optim.Adam;
import io.github.rouse.train.optim.GradientClipping;
import io.github.rouse.train.optim.LearningRate;
import io.github.rouse.train.optim.Optimiser;
import io.github.rouse.train.optim.RmsProp;
import io.github.rouse.train.optim.Sgd;
import io.github.rouse.train.optim.WeightAverage;
import io.github.rouse.train.recipe.Recipe;
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
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Minimises a task's loss: batches, optimiser, weight average, epochs, patience and checkpoints.
 * The task brings the data, the targets and the loss.
 */
public final class TrainingLoop {
  private static final double MOMENTUM = 0.9;
  private static final double FURTHER_EPOCHS = 0.25; // of the recipe's
  private static final double FURTHER_RATE =
      1 / 3.0; // of the recipe's: the weights are already good
  private static final double LOWEST_RATE = 0.01; // of the recipe's

  /** What is learnt, and from what. */
  public interface Task {
    /** The network that learns. */
    TrainingNetwork network();

    /** Everything that the weights depend on but the schedule of a continued run. */
    String identity();

    /** What a finished run is continued with; empty if it is not continued. */
    default String continuedWith() {
      return "";
    }

    /**
     * Runs a batch forward and backward.
     *
     * @param number of the batch, counted from 0 over all epochs
     * @param first whether it is an epoch's first, and so may follow a resumption
     * @return the loss
     */
    double batch(int number, boolean first);

    /** The loss on fixed data; the network has the averaged weights. */
    double heldOutLoss();

    /** Whether {@link #heldOutLoss} is measured on speakers that are not trained on. */
    boolean holdsOut();

    /** Live state besides the network's, in a fixed order, for the checkpoint. */
    default List<float[]> state() {
      return List.of();
    }

    /** {@link #state} has been overwritten by a checkpoint's. */
    default void restored() {}

    /** A finished run is about to be continued; the network has the averaged weights. */
    default void continued() {}

    /**
     * An epoch of a run that is not continued has ended; the network has the averaged weights.
     *
     * @param done epochs so far
     */
    default void epochEnded(int done) {}
  }

  private final Task task;
  private final Path out;
  private final TrainingProgress progress;
  private final BooleanSupplier stopped;
  private final TrainingNetwork network;
  private final Recipe.Schedule schedule;
  private final Recipe.Optimisation optimisation;
  private final Optimiser optimiser;
  private final WeightAverage average;
  private final List<float[]> values = new ArrayList<>(); // weights and statistics; live
  private final List<float[]> best = new ArrayList<>(); // their averages after the best epoch
  private final List<Epoch> epochs = new ArrayList<>();
  private final Checkpoint checkpoint;
  private final Checkpoint finished;
  private final float[] earlier = {0}; // epochs of the finished run that this one continues

  /**
   * Prepares a run.
   *
   * @param out checkpoints lie beside it and have its name
   * @param stopped whether to stop before the next batch
   */
  public TrainingLoop(
      Task task,
      Recipe.Schedule schedule,
      Recipe.Optimisation optimisation,
      Path out,
      TrainingProgress progress,
      BooleanSupplier stopped) {
    this.task = task;
    this.out = out;
    this.progress = progress;
    this.stopped = stopped;
    this.schedule = schedule;
    this.optimisation = optimisation;
    network = task.network();
    optimiser = optimiser();
    network.parameters().forEach(p -> values.add(p.value()));
    values.addAll(network.statistics());
    average = new WeightAverage(values, schedule.averaging());
    values.forEach(v -> best.add(v.clone()));
    List<float[]> numbers = new ArrayList<>(values);
    numbers.addAll(optimiser.state());
    numbers.addAll(average.state());
    numbers.addAll(best);
    numbers.addAll(task.state());
    numbers.add(earlier);
    String identity = hash(task.identity());
    checkpoint =
        new Checkpoint(Checkpoint.unfinished(out), identity + task.continuedWith(), numbers);
    finished = new Checkpoint(Checkpoint.finished(out), identity, numbers);
  }

  private Optimiser optimiser() {
    return switch (optimisation.optimiser()) {
      case ADAM -> new Adam(network.parameters(), optimisation.weightDecay());
      case RMSPROP -> new RmsProp(network.parameters());
      case SGD -> new Sgd(network.parameters(), MOMENTUM);
    };
  }

  /**
   * Trains.
   *
   * @param resume whether to continue from the checkpoint, if there is one
   * @param model makes the result from the network, which has the best epoch's weights
   * @throws IOException if a checkpoint is unusable, the loss is not finite, or training was
   *     stopped
   */
  public <M> M train(boolean resume, Supplier<M> model) throws IOException {
    begin(resume);
    LearningRate rate = rate();
    while (epochs.size() < allEpochs() && !outOfPatience()) {
      double sum = 0;
      for (int i = 0; i < schedule.batches(); i++) {
        sum += batch(i, rate.at(batchesSince(earlier[0]) + i));
      }
      finishEpoch(sum / schedule.batches(), rate.at(batchesSince(earlier[0] - 1) - 1));
    }
    return best(model);
  }

  /** Keeps the final state, so that the run can be continued, and drops the checkpoint. */
  public void complete() throws IOException {
    try {
      finished.write(epochs);
    } catch (IOException e) { // the model matters more
      progress.problem(finished.path() + ": not written: " + e.getMessage());
    }
    Files.deleteIfExists(checkpoint.path());
  }

  /** Starts from scratch, from a checkpoint, or from a finished run that is continued. */
  private void begin(boolean resume) throws IOException {
    if (!task.continuedWith().isEmpty()) {
      epochs.addAll(finished.read());
      earlier[0] = epochs.size();
      task.restored();
      average.swap();
      task.continued();
      average.swap();
    }
    if (resume && checkpoint.exists()) {
      epochs.clear();
      epochs.addAll(checkpoint.read());
    }
    if (epochs.isEmpty()) {
      Files.deleteIfExists(finished.path()); // of a model that is about to be replaced
    } else {
      task.restored();
      progress.epochs(epochs, allEpochs());
    }
  }

  private double batch(int i, double rate) throws IOException {
    int number = epochs.size() * schedule.batches() + i;
    if (stopped.getAsBoolean()) {
      throw new InterruptedIOException(out + ": training was stopped");
    }
    network.clearGradients();
    double loss = task.batch(number, i == 0);
    if (!Double.isFinite(loss)) {
      throw new IOException(
          String.format(
              "%s: the loss of batch %d is not finite; lower optimisation.rate", out, number + 1));
    }
    clipGradients();
    optimiser.step(rate);
    average.update(number);
    progress.batch(number + 1, allEpochs() * schedule.batches(), loss);
    return loss;
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

  /** The held-out loss of the epoch that was kept: the best, or the last if nobody is held out. */
  public double keptLoss() {
    return task.holdsOut() || epochs.isEmpty()
        ? lowest()
        : epochs.get(epochs.size() - 1).heldOutLoss();
  }

  private boolean outOfPatience() {
    int last = heldOutLosses().size() - 1;
    int best = heldOutLosses().indexOf(lowest());
    return task.holdsOut() && schedule.patience() > 0 && last - best >= schedule.patience();
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
    double heldOut = task.heldOutLoss();
    boolean better = heldOutLosses().stream().allMatch(loss -> heldOut < loss);
    epochs.add(new Epoch(trainingLoss, heldOut, rate));
    if (better || !task.holdsOut()) { // training speakers cannot tell which is better
      copy(values, best);
    }
    if (earlier[0] == 0) {
      task.epochEnded(epochs.size());
    }
    average.swap();
    try {
      checkpoint.write(epochs);
    } catch (IOException e) { // a full disk may have space again an epoch later
      progress.problem(checkpoint.path() + ": not written: " + e.getMessage());
    }
    progress.epochs(epochs, allEpochs());
  }

  private <M> M best(Supplier<M> model) {
    List<float[]> last = values.stream().map(float[]::clone).toList();
    copy(best, values);
    M made = model.get();
    copy(last, values);
    return made;
  }

  private static void copy(List<float[]> from, List<float[]> to) {
    for (int k = 0; k < from.size(); k++) {
      System.arraycopy(from.get(k), 0, to.get(k), 0, from.get(k).length);
    }
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
