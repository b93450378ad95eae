package io.github.rouse.train;

import io.github.rouse.Detector;
import io.github.rouse.model.WakeModel;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.trigger.TriggerEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stretches of the negatives that the network in training takes for a word: found by listening to
 * all of them, and then trained on more often.
 */
final class HardNegatives {
  private static final float LEAST = 0.1f; // score
  private static final int MOST = 1000; // kept at a time, the strongest
  private static final double LONGEST_SECONDS = 2; // before the end of what was heard
  private static final double BEFORE_SECONDS = 0.7; // what led the network there belongs to it
  private static final double AFTER_SECONDS = 0.3;

  private record Mistake(int sound, int start, int end, float score) {} // samples in the sound

  private final List<Sound> negatives;
  private List<Sound> given;
  private final int sampleRate;
  private final List<Sound> stretches = new ArrayList<>();
  private final float[] state = new float[4 * MOST]; // of each a Mistake; those of score 0: none

  /**
   * None found yet.
   *
   * @param negatives to listen to; one that stands there several times is heard once
   * @param given known to be taken for a word; about half of all stretches
   */
  HardNegatives(List<Sound> negatives, List<Sound> given, int sampleRate) {
    this.given = given;
    Map<Object, Sound> once = new LinkedHashMap<>();
    negatives.forEach(sound -> once.put(sound.path(), sound));
    this.negatives = List.copyOf(once.values());
    this.sampleRate = sampleRate;
    restored();
  }

  /** What was given and what was found last; the same list each time. */
  List<Sound> stretches() {
    return stretches;
  }

  /** For a checkpoint: live, and to be followed by {@link #restored} if written to. */
  float[] state() {
    return state;
  }

  /** Cuts what was given to what the model takes for a word; where it hears none, it stays. */
  void cutGiven(WakeModel model) {
    List<Mistake> heard = new ArrayList<>();
    listen(eager(model), given, 0, given.size(), heard);
    List<Sound> cut = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      int number = i;
      Sound whole = given.get(i);
      List<Mistake> inside = heard.stream().filter(m -> m.sound == number).toList();
      inside.forEach(m -> cut.add(stretch(whole, m.start, m.end)));
      if (inside.isEmpty()) {
        cut.add(whole);
      }
    }
    given = cut;
    restored();
  }

  private static WakeModel eager(WakeModel model) {
    return model.withPolicy(model.policy().withThreshold(LEAST));
  }

  /** Listens to all negatives, as one stream per worker. */
  void find(WakeModel model, WorkerPool workers) {
    WakeModel eager = eager(model);
    List<List<Mistake>> found = new ArrayList<>();
    for (int i = 0; i < workers.count(); i++) {
      found.add(new ArrayList<>());
    }
    workers.each(
        negatives.size(),
        (part, from, to, product) -> listen(eager, negatives, from, to, found.get(part)));
    List<Mistake> mistakes = new ArrayList<>();
    found.forEach(mistakes::addAll);
    mistakes.sort(Comparator.comparing(Mistake::score).reversed()); // stable
    for (int i = 0; i < MOST; i++) {
      boolean there = i < mistakes.size();
      state[4 * i] = there ? mistakes.get(i).sound : 0;
      state[4 * i + 1] = there ? mistakes.get(i).start : 0;
      state[4 * i + 2] = there ? mistakes.get(i).end : 0;
      state[4 * i + 3] = there ? mistakes.get(i).score : 0;
    }
    restored();
  }

  private void listen(
      WakeModel model, List<Sound> sounds, int from, int to, List<Mistake> mistakes) {
    List<TriggerEvent> events = new ArrayList<>();
    float[] samples = new float[sampleRate];
    long[] starts = new long[to - from + 1];
    try (Detector detector = new Detector(model, events::add)) {
      for (int i = from; i < to; i++) {
        Sound sound = sounds.get(i);
        for (int at = 0; at < sound.length(); at += samples.length) {
          int n = Math.min(samples.length, sound.length() - at);
          sound.copy(at, samples, 0, n);
          detector.accept(samples, 0, n);
        }
        starts[i - from + 1] = starts[i - from] + sound.length();
      }
      detector.finish();
    }
    for (TriggerEvent event : events) {
      int sound = recording(starts, event.end());
      int end = (int) (event.end() - starts[sound]);
      int start = (int) Math.max(0, event.start() - starts[sound]);
      mistakes.add(new Mistake(from + sound, start, end, event.score()));
    }
  }

  /** Which of several recordings, one after another, has a sample; words do not end in order. */
  static int recording(long[] starts, long sample) {
    int found = Arrays.binarySearch(starts, sample);
    return Math.min(
        found >= 0 ? found : -found - 2, starts.length - 2); // the last one's end is one
  }

  private Sound stretch(Sound whole, int start, int end) {
    double before = start - BEFORE_SECONDS * sampleRate;
    int from = (int) Math.max(0, Math.max(before, end - LONGEST_SECONDS * sampleRate));
    int to = (int) Math.min(whole.length(), end + AFTER_SECONDS * sampleRate);
    return whole.stretch(from, to);
  }

  /** Takes over what a checkpoint wrote into {@link #state}. */
  void restored() {
    stretches.clear();
    for (int i = 0; i < MOST && state[4 * i + 3] > 0; i++) {
      Sound whole = negatives.get((int) state[4 * i]);
      stretches.add(stretch(whole, (int) state[4 * i + 1], (int) state[4 * i + 2]));
    }
    int times = given.isEmpty() ? 0 : Math.max(1, stretches.size() / given.size());
    for (int i = 0; i < times; i++) {
      stretches.addAll(given);
    }
  }
}
