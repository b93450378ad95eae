package io.github.rouse.eval;

import io.github.rouse.Detector;
import io.github.rouse.eval.Evaluation.FalseAlarm;
import io.github.rouse.eval.Evaluation.Positive;
import io.github.rouse.model.WakeModel;
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
 * Lets a model hear positives and negatives. Positives are one stream, a word a clip; an event from
 * a clip's start to a second after its end is a hit. Negatives are streams of some minutes, cut by
 * files and slices alone, and every event there is a false alarm.
 *
 * <p>All of it is heard once, at a threshold of {@value Evaluation#LOWEST}, or the model's own
 * where that is lower: what other thresholds give is told from the scores of that run. Where the
 * posterior is near 0 but for words, that is what a run at each threshold gives. Otherwise it errs
 * towards fewer events, and more so the higher the threshold: an event masks what follows within
 * the refractory period, or until the posterior has fallen to half, and a run at a higher threshold
 * would begin with what is masked. Over random posteriors it counts nine events of ten; a posterior
 * that never falls is one event.
 */
public final class Evaluator {
  private static final double GRACE_SECONDS = 1;
  private static final int AROUND_SECONDS = 2; // of excerpts

  private final WakeModel model;
  private final WakeModel eager; // the same at the lowest threshold
  private final WakeModel eagerForWords; // and ready again before the next clip
  private final String word;
  private final EvaluationStream positives;
  private final List<NegativeStream> negatives;
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet(); // messages

  /**
   * An evaluation to be made.
   *
   * @param word one of the model's: the events of others do not count
   * @param noise what there is to mix into the positives
   * @throws IOException if a negative is no file
   */
  public Evaluator(
      WakeModel model, String word, List<Clip> positives, Noise noise, List<Recording> negatives)
      throws IOException {
    if (!model.words().contains(word)) {
      throw new IllegalArgumentException("word=" + word + ", expected one of " + model.words());
    }
    this.model = model;
    this.word = word;
    float lowest = Evaluation.lowest(model.policy().threshold());
    eager = model.withPolicy(model.policy().withThreshold(lowest));
    float refractory = Math.min(model.policy().refractory(), EvaluationStream.GAP_SECONDS);
    eagerForWords = eager.withPolicy(eager.policy().withRefractory(refractory));
    int rate = model.features().sampleRate();
    this.positives = new PositiveStream(positives, rate, noise);
    this.negatives = NegativeStream.of(negatives, rate);
  }

  /** What a stream brought. */
  private record Heard(List<EvaluationStream.Span> spans, List<TriggerEvent> events) {}

  /**
   * Hears everything. The result does not depend on {@code jobs}.
   *
   * @param jobs streams heard at the same time
   * @throws IOException what {@code progress} throws, or if no clip or not all noise can be read,
   *     or there is no sound in the negatives
   */
  public Evaluation run(int jobs, FileProgress progress) throws IOException {
    List<Callable<Heard>> work = new ArrayList<>();
    work.add(
        () -> {
          Heard clips = hear(eagerForWords, positives, progress);
          if (clips.spans.isEmpty()) { // now, not after hours
            throw new IOException("no sound in the positives");
          }
          return clips;
        });
    negatives.forEach(stream -> work.add(() -> hear(eager, stream, progress)));
    List<Heard> heard = Jobs.inOrder(work, jobs);
    List<FalseAlarm> alarms = new ArrayList<>();
    Map<String, Double> seconds = new LinkedHashMap<>();
    for (int stream = 0; stream < negatives.size(); stream++) {
      Heard one = heard.get(1 + stream);
      for (EvaluationStream.Span span : one.spans) {
        if (span.end() > span.start()) {
          seconds.merge(span.recording().slice(), seconds(span), Double::sum);
        }
      }
      for (TriggerEvent event : one.events) {
        alarms.add(falseAlarm(event, stream, one.spans));
      }
    }
    if (seconds.isEmpty()) {
      throw new IOException("no sound in the negatives");
    }
    double threshold = model.policy().threshold();
    return new Evaluation(word, threshold, positives(heard.get(0)), alarms, seconds);
  }

  /** The surroundings of clips, in their order. */
  public List<Excerpt> excerptsOfPositives(List<Positive> clips) throws IOException {
    List<Excerpt.Window> windows = new ArrayList<>();
    clips.forEach(clip -> windows.add(around(clip.start(), clip.end())));
    return excerpts(positives, windows);
  }

  /** The surroundings of false alarms, in their order. */
  public List<Excerpt> excerptsOfFalseAlarms(List<FalseAlarm> alarms) throws IOException {
    Map<FalseAlarm, Excerpt> found = new HashMap<>();
    Map<Integer, List<FalseAlarm>> byStream =
        alarms.stream().collect(Collectors.groupingBy(FalseAlarm::stream));
    for (Map.Entry<Integer, List<FalseAlarm>> stream : byStream.entrySet()) {
      List<Excerpt.Window> windows = new ArrayList<>();
      stream.getValue().forEach(alarm -> windows.add(around(alarm.start(), alarm.at())));
      List<Excerpt> excerpts = excerpts(negatives.get(stream.getKey()), windows);
      for (int i = 0; i < excerpts.size(); i++) {
        found.put(stream.getValue().get(i), excerpts.get(i));
      }
    }
    return alarms.stream().map(found::get).toList();
  }

  /** Of a stream in which the same files are unreadable as when it was heard. */
  private List<Excerpt> excerpts(EvaluationStream stream, List<Excerpt.Window> windows)
      throws IOException {
    EvaluationStream.Problems known =
        problem -> {
          if (!unreadable.contains(problem.getMessage())) {
            throw problem;
          }
        };
    return Excerpt.of(stream, known, model, model.words().indexOf(word), windows);
  }

  private Excerpt.Window around(long start, long end) {
    long more = (long) AROUND_SECONDS * model.features().sampleRate();
    return new Excerpt.Window(start - more, end + more);
  }

  private Heard hear(WakeModel by, EvaluationStream stream, FileProgress progress)
      throws IOException {
    Heard heard = new Heard(new ArrayList<>(), new ArrayList<>());
    Consumer<TriggerEvent> ours =
        event -> {
          if (event.word().equals(word)) {
            heard.events.add(event);
          }
        };
    try (Detector detector = new Detector(by, ours)) {
      stream.play(
          detector,
          span -> {
            heard.spans.add(span);
            progress.fileHeard(seconds(span));
          },
          problem -> {
            unreadable.add(problem.getMessage());
            progress.unreadable(problem);
          });
      detector.finish();
    }
    return heard;
  }

  private double seconds(EvaluationStream.Span span) {
    return (double) (span.end() - span.start()) / model.features().sampleRate();
  }

  private List<Positive> positives(Heard heard) {
    int rate = model.features().sampleRate();
    List<Positive> outcomes = new ArrayList<>();
    for (EvaluationStream.Span span : heard.spans) {
      TriggerEvent hit = null;
      for (TriggerEvent e : heard.events) {
        boolean inside = e.at() >= span.start() && e.at() < span.end() + GRACE_SECONDS * rate;
        hit = inside && (hit == null || e.score() > hit.score()) ? e : hit;
      }
      outcomes.add(
          new Positive(
              span.recording(),
              span.speechStart(),
              span.speechEnd(),
              hit == null ? 0 : hit.score(),
              hit == null ? Double.NaN : (double) (hit.at() - span.speechEnd()) / rate));
    }
    return outcomes;
  }

  private FalseAlarm falseAlarm(TriggerEvent event, int stream, List<EvaluationStream.Span> spans) {
    EvaluationStream.Span within = spans.get(0);
    for (EvaluationStream.Span span : spans) {
      boolean begun = span.start() <= event.at() && span.start() < span.end();
      within = begun ? span : within;
    }
    long sample = Math.max(0, event.start() - within.start()); // it may begin in the gap before
    double second = (double) sample / model.features().sampleRate();
    return new FalseAlarm(
        within.recording(), second, stream, event.start(), event.at(), event.score());
  }
}
