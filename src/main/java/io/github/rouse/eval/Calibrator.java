// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import io.github.rouse.Detector;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.Calibration;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Measures a model's false alarms on sound without its words, played as recorded, slower and lower,
 * and faster and higher, as other speakers would sound. The scores, of all its words, are its
 * {@link Calibration}.
 */
public final class Calibrator {
  private static final List<Double> SPEEDS = List.of(1.0, 0.88, 1.14);

  private final WakeModel model;
  private final WakeModel sensitive;
  private final int times; // each file is played
  private final List<List<NegativeStream>> streams = new ArrayList<>(); // by speed

  /**
   * Creates a calibrator.
   *
   * @throws IOException if a recording is not a file
   */
  public Calibrator(WakeModel model, List<Recording> negatives) throws IOException {
    this(model, negatives, SPEEDS);
  }

  private Calibrator(WakeModel model, List<Recording> sounds, List<Double> speeds)
      throws IOException {
    this.model = model;
    sensitive = Sweep.at(Evaluation.LOWEST, model);
    times = speeds.size();
    for (double speed : speeds) {
      int rate = (int) Math.round(model.features().sampleRate() / speed);
      streams.add(NegativeStream.of(sounds, rate)); // played at the model's rate
    }
  }

  /**
   * The scores that a model gives a file, played as recorded.
   *
   * @throws IOException if the file cannot be read to its end
   */
  public static Scores scores(WakeModel model, Recording file) throws IOException {
    return new Calibrator(model, List.of(file), List.of(1.0)).scores(1, seconds -> {});
  }

  /** How often each file is played. */
  public static int times() {
    return SPEEDS.size();
  }

  /**
   * Plays all recordings to the model.
   *
   * @param jobs streams processed in parallel; the result does not depend on it
   * @throws IOException from {@code progress}, or if there are too few false alarms to calibrate
   */
  public Calibration run(int jobs, FileProgress progress) throws IOException {
    Scores all = scores(jobs, progress);
    double hours = all.seconds / 3600;
    if (hours == 0) {
      throw new IOException("no sound in the negatives");
    }
    if (all.scores.size() < Calibration.FEWEST) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "%d false alarms in %.2f h, expected at least %d: add more negatives",
              all.scores.size(),
              hours,
              Calibration.FEWEST));
    }
    return new Calibration(hours, times, all.scores);
  }

  private Scores scores(int jobs, FileProgress progress) throws IOException {
    List<Callable<Scores>> work = new ArrayList<>();
    streams.forEach(speed -> speed.forEach(stream -> work.add(() -> play(stream, progress))));
    double seconds = 0;
    List<Float> scores = new ArrayList<>();
    for (Scores one : Jobs.inOrder(work, jobs)) {
      seconds += one.seconds;
      scores.addAll(one.scores);
    }
    return new Scores(seconds, scores);
  }

  /**
   * The scores of everything that a model raised at the lowest threshold.
   *
   * @param seconds of sound
   * @param scores in order of time
   */
  public record Scores(double seconds, List<Float> scores) {}

  private Scores play(NegativeStream stream, FileProgress progress) throws IOException {
    List<TriggerEvent> events = new ArrayList<>();
    double[] seconds = new double[1];
    Consumer<EvaluationStream.Span> played =
        span -> {
          double length = (double) (span.end() - span.start()) / sensitive.features().sampleRate();
          seconds[0] += length;
          progress.fileHeard(length);
        };
    try (Detector detector = new Detector(sensitive, events::add)) {
      stream.play(detector, played, progress::unreadable);
      detector.finish();
    }
    List<Float> scores = Sweep.peaks(model, events).stream().map(TriggerEvent::score).toList();
    return new Scores(seconds[0], scores);
  }
}
