// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import io.github.rouse.Detector;
import io.github.rouse.eval.Evaluation.FalseAlarm;
import io.github.rouse.eval.Evaluation.Positive;
import io.github.rouse.model.WakeModel;
import io.github.rouse.state.Snapshot;
import io.github.rouse.trigger.EventState;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs a model on positives and negatives. The positives are one stream, with one word per clip; an
 * event between a clip's start and one second after its end is a hit. The negatives are streams of
 * a few minutes, split only between files and slices; every event in them is a false alarm.
 *
 * <p>There is one run, at a threshold of {@value Evaluation#LOWEST}, or the model's if that is
 * lower. Results at other thresholds follow from its scores. If the posterior is near 0 except on
 * words, they equal a separate run at each threshold. Otherwise they count too few events,
 * increasingly so at higher thresholds: an event masks others within the refractory period, or
 * until the posterior falls to half, and a run at a higher threshold would raise some of the masked
 * ones. On random posteriors the sweep counts nine events of ten; a posterior that never falls is
 * one event.
 */
public final class Evaluator {
  private static final double GRACE_SECONDS = 1;
  private static final int AROUND_SECONDS = 2; // of excerpts
  private static final EvaluationStream.Span NO_SPAN = new EvaluationStream.Span(null, 0, 0, 0, 0);

  private final WakeModel model;
  private final WakeModel sensitive; // the model at the lowest threshold
  private final WakeModel sensitiveForClips; // with a refractory period of at most a gap
  private final String word;
  private final EvaluationStream positives;
  private final List<NegativeStream> negatives;
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet(); // messages

  /**
   * Creates an evaluator.
   *
   * @param word one of the model's words; events of other words do not count
   * @param noise to mix into the positives
   * @throws IOException if a negative is not a file
   */
  public Evaluator(
      WakeModel model,
      String word,
      List<PositiveClip> positives,
      Noise noise,
      List<Recording> negatives)
      throws IOException {
    if (!model.words().contains(word)) {
      throw new IllegalArgumentException("word=" + word + ", expected one of " + model.words());
    }
    this.model = model;
    this.word = word;
    float lowest = Evaluation.lowest(model.policy().threshold());
    sensitive = Sweep.at(lowest, model);
    float refractory = Math.min(sensitive.policy().refractory(), EvaluationStream.GAP_SECONDS);
    sensitiveForClips = sensitive.withPolicy(sensitive.policy().withRefractory(refractory));
    int rate = model.features().sampleRate();
    this.positives = new PositiveStream(positives, rate, noise);
    this.negatives = NegativeStream.of(negatives, rate);
  }

  /** The recordings and events of one stream. */
  private record Outcome(List<EvaluationStream.Span> spans, List<TriggerEvent> events) {}

  /**
   * Runs the model on all recordings. The result does not depend on {@code jobs}.
   *
   * @param jobs streams processed in parallel
   * @throws IOException from {@code progress}, or if no clip is readable, some noise is not, or the
   *     negatives hold no sound
   */
  public Evaluation run(int jobs, FileProgress progress) throws IOException {
    List<Callable<Outcome>> work = new ArrayList<>();
    for (int i = 0; i < streams(); i++) {
      int stream = i;
      work.add(() -> outcome(stream, progress));
    }
    return sum(Jobs.inOrder(work, jobs));
  }

  /** The number of streams. */
  public int streams() {
    return 1 + negatives.size();
  }

  /**
   * Runs the model on one stream, perhaps on another machine.
   *
   * @param stream from 0, which has the positives
   * @return what {@link #sumOf} needs
   * @throws IOException as {@link #run}
   */
  public byte[] hear(int stream, FileProgress progress) throws IOException {
    Outcome outcome = outcome(stream, progress);
    return Snapshot.save(snapshot -> state(outcome, stream, snapshot));
  }

  /**
   * The same as {@link #run}, of streams that were run one by one.
   *
   * @param heard of all streams, in order, by evaluators of the same model and recordings
   * @throws IOException if the negatives hold no sound
   */
  public Evaluation sumOf(List<byte[]> heard) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    for (int stream = 0; stream < heard.size(); stream++) {
      Snapshot saved = Snapshot.from(heard.get(stream));
      outcomes.add(state(new Outcome(List.of(), List.of()), stream, saved));
    }
    return sum(outcomes);
  }

  /** Saves an outcome, or restores one. */
  private Outcome state(Outcome outcome, int stream, Snapshot snapshot) {
    List<Recording> recordings = stream(stream).recordings();
    List<EvaluationStream.Span> spans = new ArrayList<>();
    int count = snapshot.number(outcome.spans.size());
    int next = 0; // recording; unreadable clips have no span
    for (int i = 0; i < count; i++) {
      EvaluationStream.Span span = snapshot.restores() ? NO_SPAN : outcome.spans.get(i);
      while (!snapshot.restores() && !recordings.get(next).equals(span.recording())) {
        next++;
      }
      next = snapshot.number(next);
      spans.add(
          new EvaluationStream.Span(
              recordings.get(next++),
              snapshot.number(span.start()),
              snapshot.number(span.end()),
              snapshot.number(span.speechStart()),
              snapshot.number(span.speechEnd())));
    }
    List<TriggerEvent> events = new ArrayList<>();
    int raised = snapshot.number(outcome.events.size());
    for (int i = 0; i < raised; i++) {
      events.add(EventState.of(snapshot.restores() ? null : outcome.events.get(i), snapshot));
    }
    return new Outcome(spans, events);
  }

  private EvaluationStream stream(int stream) {
    return stream == 0 ? positives : negatives.get(stream - 1);
  }

  private Outcome outcome(int stream, FileProgress progress) throws IOException {
    Outcome outcome = run(stream == 0 ? sensitiveForClips : sensitive, stream(stream), progress);
    if (stream == 0 && outcome.spans.isEmpty()) { // fail now, not after hours
      throw new IOException("no sound in the positives");
    }
    return outcome;
  }

  private Evaluation sum(List<Outcome> outcomes) throws IOException {
    List<FalseAlarm> alarms = new ArrayList<>();
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (int stream = 0; stream < negatives.size(); stream++) {
      Outcome one = outcomes.get(1 + stream);
      for (EvaluationStream.Span span : one.spans) {
        if (span.end() > span.start()) {
          seconds.merge(span.recording().slice(), seconds(span), Double::sum);
        }
      }
      for (TriggerEvent event : Sweep.peaks(model, one.events)) {
        alarms.add(falseAlarm(event, stream, one.spans));
      }
    }
    if (seconds.isEmpty()) {
      throw new IOException("no sound in the negatives");
    }
    double threshold = model.policy().threshold();
    return new Evaluation(word, threshold, positives(outcomes.get(0)), alarms, seconds);
  }

  /** Excerpts around clips, in the same order. */
  public List<Excerpt> excerptsOfPositives(List<Positive> clips) throws IOException {
    List<Excerpt.Bounds> bounds = new ArrayList<>();
    clips.forEach(clip -> bounds.add(around(clip.start(), clip.end())));
    return excerpts(positives, bounds);
  }

  /** Excerpts around false alarms, in the same order. */
  public List<Excerpt> excerptsOfFalseAlarms(List<FalseAlarm> alarms) throws IOException {
    Map<FalseAlarm, Excerpt> found = new HashMap<>();
    Map<Integer, List<FalseAlarm>> byStream =
        alarms.stream().collect(Collectors.groupingBy(FalseAlarm::stream));
    for (Map.Entry<Integer, List<FalseAlarm>> stream : byStream.entrySet()) {
      List<Excerpt.Bounds> bounds = new ArrayList<>();
      stream.getValue().forEach(alarm -> bounds.add(around(alarm.start(), alarm.at())));
      List<Excerpt> excerpts = excerpts(negatives.get(stream.getKey()), bounds);
      for (int i = 0; i < excerpts.size(); i++) {
        found.put(stream.getValue().get(i), excerpts.get(i));
      }
    }
    return alarms.stream().map(found::get).toList();
  }

  /** Excerpts of a stream; files that were unreadable in the run may be unreadable again. */
  private List<Excerpt> excerpts(EvaluationStream stream, List<Excerpt.Bounds> bounds)
      throws IOException {
    EvaluationStream.Problems known =
        problem -> {
          if (!unreadable.contains(problem.getMessage())) {
            throw problem;
          }
        };
    return Excerpt.of(stream, known, model, model.words().indexOf(word), bounds);
  }

  private Excerpt.Bounds around(long start, long end) {
    long more = (long) AROUND_SECONDS * model.features().sampleRate();
    return new Excerpt.Bounds(start - more, end + more);
  }

  private Outcome run(WakeModel by, EvaluationStream stream, FileProgress progress)
      throws IOException {
    Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
    Consumer<TriggerEvent> collect =
        event -> {
          if (event.word().equals(word)) {
            outcome.events.add(event);
          }
        };
    try (Detector detector = new Detector(by, collect)) {
      stream.play(
          detector,
          span -> {
            outcome.spans.add(span);
            progress.fileHeard(seconds(span));
          },
          problem -> {
            unreadable.add(problem.getMessage());
            progress.unreadable(problem);
          });
      detector.finish();
    }
    return outcome;
  }

  private double seconds(EvaluationStream.Span span) {
    return (double) (span.end() - span.start()) / model.features().sampleRate();
  }

  private List<Positive> positives(Outcome outcome) {
    int rate = model.features().sampleRate();
    float threshold = model.policy().threshold();
    List<Positive> results = new ArrayList<>();
    for (EvaluationStream.Span span : outcome.spans) {
      TriggerEvent hit = null;
      TriggerEvent decided = null; // the first that a listener would hear of
      for (TriggerEvent e : outcome.events) {
        boolean inside = e.at() >= span.start() && e.at() < span.end() + GRACE_SECONDS * rate;
        hit = inside && (hit == null || e.score() > hit.score()) ? e : hit;
        decided = inside && decided == null && e.score() >= threshold ? e : decided;
      }
      TriggerEvent timed = decided == null ? hit : decided;
      results.add(
          new Positive(
              span.recording(),
              span.speechStart(),
              span.speechEnd(),
              hit == null ? 0 : hit.score(),
              timed == null ? Double.NaN : (double) (timed.at() - span.speechEnd()) / rate));
    }
    return results;
  }

  private FalseAlarm falseAlarm(TriggerEvent event, int stream, List<EvaluationStream.Span> spans) {
    EvaluationStream.Span within = spans.get(0);
    for (EvaluationStream.Span span : spans) {
      boolean begun = span.start() <= event.at() && span.start() < span.end();
      within = begun ? span : within;
    }
    long sample = Math.max(0, event.start() - within.start()); // it may start in the gap
    double second = (double) sample / model.features().sampleRate();
    return new FalseAlarm(
        within.recording(), second, stream, event.start(), event.at(), event.score());
  }
}
