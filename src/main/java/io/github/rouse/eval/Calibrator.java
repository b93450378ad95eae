package io.github.rouse.eval;

import io.github.rouse.Detector;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.Calibration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

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
    eager = model.withPolicy(model.policy().withThreshold(Evaluation.LOWEST));
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
   * @throws IOException what {@code progress} throws, or if too few false alarms were raised to
   *     tell anything
   */
  public Calibration run(int jobs, FileProgress progress) throws IOException {
    List<Callable<Heard>> work = new ArrayList<>();
    streams.forEach(speed -> speed.forEach(stream -> work.add(() -> hear(stream, progress))));
    double hours = 0;
    List<Float> scores = new ArrayList<>();
    for (Heard one : Jobs.inOrder(work, jobs)) {
      hours += one.seconds / 3600;
      scores.addAll(one.scores);
    }
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

  /** What a stream brought. */
  private record Heard(double seconds, List<Float> scores) {}

  private Heard hear(NegativeStream stream, FileProgress progress) throws IOException {
    List<Float> scores = new ArrayList<>();
    double[] seconds = new double[1];
    Consumer<EvaluationStream.Span> played =
        span -> {
          double length = (double) (span.end() - span.start()) / eager.features().sampleRate();
          seconds[0] += length;
          progress.fileHeard(length);
        };
    try (Detector detector = new Detector(eager, event -> scores.add(event.score()))) {
      stream.play(detector, played, progress::unreadable);
      detector.finish();
    }
    return new Heard(seconds[0], scores);
  }
}
