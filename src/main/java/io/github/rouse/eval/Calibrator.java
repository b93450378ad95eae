package io.github.rouse.eval;

import io.github.rouse.Detector;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.DoubleConsumer;

/**
 * Lets a model hear sound without its words, as recorded and as if spoken by others: slower and
 * lower, faster and higher. What it raises, of all its words, is its {@link Calibration}.
 */
public final class Calibrator {
  private static final List<Double> SPEEDS = List.of(1.0, 0.88, 1.14);

  private final WakeModel eager;
  private final List<List<NegativeStream>> streams = new ArrayList<>(); // by speed

  /**
   * A calibration to be made.
   *
   * @throws IOException if a recording is no file
   */
  public Calibrator(WakeModel model, List<Recording> negatives) throws IOException {
    eager = model.withPolicy(model.policy().withThreshold(Evaluator.LOWEST));
    for (double speed : SPEEDS) {
      int rate = (int) Math.round(model.features().sampleRate() / speed);
      streams.add(NegativeStream.of(negatives, rate)); // heard at the model's rate
    }
  }

  /** How often each file is heard. */
  public static int times() {
    return SPEEDS.size();
  }

  /**
   * Hears everything.
   *
   * @param jobs streams heard at the same time; the result does not depend on it
   * @param fileHeard told of each file's seconds when it has been heard, from any thread
   * @throws IOException if a file cannot be read to its end, or too few false alarms were raised to
   *     tell anything
   */
  public Calibration run(int jobs, DoubleConsumer fileHeard) throws IOException {
    List<Callable<List<Float>>> work = new ArrayList<>();
    double[] seconds = new double[1];
    DoubleConsumer counted =
        more -> {
          synchronized (seconds) {
            seconds[0] += more;
          }
          fileHeard.accept(more);
        };
    streams.forEach(speed -> speed.forEach(stream -> work.add(() -> hear(stream, counted))));
    List<Float> scores = new ArrayList<>();
    Jobs.inOrder(work, jobs).forEach(scores::addAll);
    double hours = Math.round(seconds[0] * 1000) / 3.6e6; // threads add in any order
    if (hours == 0) {
      throw new IOException("no sound in the negatives");
    }
    if (scores.size() < Calibration.FEWEST) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%d false alarms in %.2f h, of at least %d needed: give more sound",
              scores.size(),
              hours,
              Calibration.FEWEST));
    }
    return new Calibration(hours, times(), scores);
  }

  private List<Float> hear(NegativeStream stream, DoubleConsumer fileHeard) throws IOException {
    List<Float> scores = new ArrayList<>();
    int rate = eager.features().sampleRate();
    try (Detector detector = new Detector(eager, event -> scores.add(event.score()))) {
      stream.play(detector, span -> fileHeard.accept((double) (span.end() - span.start()) / rate));
      detector.finish();
    }
    return scores;
  }
}
