package io.github.rouse.eval;

import io.github.rouse.Detector;
import io.github.rouse.Rouse;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * Miss rate against false alarms per hour, from one run at a low threshold and a sweep over the
 * events' scores. Positives are one stream, a word a clip, a second of low noise between them; an
 * event from a clip's start to a second after its end is a hit. Negatives are one stream, and every
 * event there is a false alarm.
 */
public final class Evaluation {
  private static final float LOWEST = 0.02f;
  private static final double GRACE_SECONDS = 1;
  private static final float GAP_LEVEL = 3e-4f; // -70 dB

  /**
   * One threshold.
   *
   * @param missRate share of the positives without an event of that score
   * @param missBounds its 95 % bounds
   * @param falseAlarms events of that score in the negatives
   * @param perHour of negatives
   * @param perHourBounds its 95 % bounds
   */
  public record Point(
      double threshold,
      double missRate,
      Confidence missBounds,
      int falseAlarms,
      double perHour,
      Confidence perHourBounds) {}

  private final WakeModel model;
  private final List<Float> best = new ArrayList<>(); // score of each positive; 0 if missed
  private final List<Double> latencies = new ArrayList<>(); // seconds
  private final List<Float> falseAlarms = new ArrayList<>(); // their scores
  private double negativeSeconds;

  /** An evaluation of nothing yet. */
  public Evaluation(WakeModel model) {
    this.model = model.withPolicy(model.policy().withThreshold(LOWEST));
  }

  /** Hears the positives, in this order. */
  public void positives(List<Path> files) throws IOException {
    int rate = model.features().sampleRate();
    List<double[]> spans = new ArrayList<>(); // start and end, seconds
    List<TriggerEvent> events = new ArrayList<>();
    Random random = new Random(1);
    long[] heard = new long[1]; // samples
    try (Detector detector = new Detector(List.of(model), rate, Engine.NATIVE, events::add)) {
      SampleSink counted =
          (samples, from, length) -> {
            heard[0] += length;
            detector.accept(samples, from, length);
          };
      for (Path file : files) {
        double start = (double) heard[0] / rate;
        hear(file, rate, counted);
        spans.add(new double[] {start, (double) heard[0] / rate});
        float[] gap = new float[rate];
        for (int i = 0; i < gap.length; i++) {
          gap[i] = GAP_LEVEL * (float) random.nextGaussian();
        }
        counted.accept(gap, 0, gap.length);
      }
      detector.finish();
    }
    for (double[] span : spans) {
      TriggerEvent hit = null;
      for (TriggerEvent e : events) {
        boolean inside = e.atSeconds() >= span[0] && e.atSeconds() <= span[1] + GRACE_SECONDS;
        hit = inside && (hit == null || e.score() > hit.score()) ? e : hit;
      }
      best.add(hit == null ? 0 : hit.score());
      if (hit != null && hit.score() >= model.policy().threshold()) {
        latencies.add(hit.atSeconds() - hit.endSeconds());
      }
    }
  }

  /** Hears the negatives. */
  public void negatives(List<Path> files) throws IOException {
    int rate = model.features().sampleRate();
    long[] heard = new long[1];
    try (Detector detector =
        new Detector(
            List.of(model), rate, Engine.NATIVE, event -> falseAlarms.add(event.score()))) {
      for (Path file : files) {
        hear(
            file,
            rate,
            (samples, from, length) -> {
              heard[0] += length;
              detector.accept(samples, from, length);
            });
      }
      detector.finish();
    }
    negativeSeconds += (double) heard[0] / rate;
  }

  private static void hear(Path file, int rate, SampleSink sink) throws IOException {
    try (AudioFile audio = AudioFile.open(file)) {
      Resampler resampler = new Resampler(audio.sampleRate(), rate);
      Rouse.scan(
          audio, Channel.FIRST, (samples, from, n) -> resampler.accept(samples, from, n, sink));
      resampler.finish(sink);
    }
  }

  /** How many positives were heard. */
  public int positives() {
    return best.size();
  }

  /** How long the negatives were. */
  public double negativeHours() {
    return negativeSeconds / 3600;
  }

  /** What a threshold gives. */
  public Point at(double threshold) {
    int missed = (int) best.stream().filter(s -> s < threshold).count();
    int alarms = (int) falseAlarms.stream().filter(s -> s >= threshold).count();
    double hours = negativeHours();
    Confidence count = Confidence.poisson(alarms);
    return new Point(
        threshold,
        (double) missed / best.size(),
        Confidence.binomial(missed, best.size()),
        alarms,
        alarms / hours,
        new Confidence(count.low() / hours, count.high() / hours));
  }

  /** All thresholds at which something changes, ascending. */
  public List<Point> points() {
    TreeSet<Double> thresholds = new TreeSet<>();
    best.forEach(s -> thresholds.add((double) Math.max(LOWEST, s)));
    falseAlarms.forEach(s -> thresholds.add((double) Math.nextUp(s)));
    return thresholds.stream().map(this::at).toList();
  }

  /** The point of fewest misses with at most this many false alarms. */
  public Point atFalseAlarms(double most) {
    return points().stream().filter(p -> p.falseAlarms() <= most).findFirst().orElse(at(1.01));
  }

  /**
   * A quantile, 0 to 1, of the seconds from a word's end to the decision; NaN if none was heard.
   */
  public double latency(double quantile) {
    double[] sorted = latencies.stream().mapToDouble(l -> l).sorted().toArray();
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)];
  }
}
