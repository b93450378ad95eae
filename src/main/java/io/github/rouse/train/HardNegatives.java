// SPDX-License-Identifier: Apache-2.0
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
 * Hard-negative mining: runs the network in training over all negatives and collects the segments
 * that it mistakes for a word, so that training draws them more often.
 */
final class HardNegatives {
  private static final float LEAST = 0.1f; // score
  private static final int MOST = 1000; // segments kept, highest scores first
  private static final double LONGEST_SECONDS = 2; // before the end of the false alarm
  private static final double BEFORE_SECONDS = 0.7; // context that led to the false alarm
  private static final double AFTER_SECONDS = 0.3;

  private record MinedAlarm(int sound, int start, int end, float score) {} // samples in the sound

  private final List<Sound> negatives;
  private List<Sound> given;
  private final int sampleRate;
  private final List<Sound> segments = new ArrayList<>();
  private final float[] state = new float[4 * MOST]; // 4 per false alarm; score 0: none

  /**
   * Starts without any found.
   *
   * @param negatives to search; duplicates are searched once
   * @param given known false alarms; repeated to make up about half of all segments
   */
  HardNegatives(List<Sound> negatives, List<Sound> given, int sampleRate) {
    this.given = given;
    Map<Object, Sound> once = new LinkedHashMap<>();
    negatives.forEach(sound -> once.put(sound.path(), sound));
    this.negatives = List.copyOf(once.values());
    this.sampleRate = sampleRate;
    restored();
  }

  /** The given segments and those found last; always the same list. */
  List<Sound> segments() {
    return segments;
  }

  /** The live state for a checkpoint; call {@link #restored} after writing to it. */
  float[] state() {
    return state;
  }

  /** Trims each given recording to the model's false alarms in it; keeps it whole if none. */
  void cutGiven(WakeModel model) {
    List<MinedAlarm> found = new ArrayList<>();
    listen(permissive(model), given, 0, given.size(), found);
    List<Sound> cut = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      int number = i;
      Sound whole = given.get(i);
      List<MinedAlarm> inside = found.stream().filter(m -> m.sound == number).toList();
      inside.forEach(m -> cut.add(segment(whole, m.start, m.end)));
      if (inside.isEmpty()) {
        cut.add(whole);
      }
    }
    given = cut;
    restored();
  }

  private static WakeModel permissive(WakeModel model) {
    return model.withPolicy(model.policy().withThreshold(LEAST));
  }

  /** Searches all negatives, as one stream per worker. */
  void find(WakeModel model, WorkerPool workers) {
    WakeModel permissive = permissive(model);
    List<List<MinedAlarm>> found = new ArrayList<>();
    for (int i = 0; i < workers.count(); i++) {
      found.add(new ArrayList<>());
    }
    workers.each(
        negatives.size(),
        (part, from, to, product) -> listen(permissive, negatives, from, to, found.get(part)));
    List<MinedAlarm> falseAlarms = new ArrayList<>();
    found.forEach(falseAlarms::addAll);
    falseAlarms.sort(Comparator.comparing(MinedAlarm::score).reversed()); // stable
    for (int i = 0; i < MOST; i++) {
      boolean there = i < falseAlarms.size();
      state[4 * i] = there ? falseAlarms.get(i).sound : 0;
      state[4 * i + 1] = there ? falseAlarms.get(i).start : 0;
      state[4 * i + 2] = there ? falseAlarms.get(i).end : 0;
      state[4 * i + 3] = there ? falseAlarms.get(i).score : 0;
    }
    restored();
  }

  private void listen(
      WakeModel model, List<Sound> sounds, int from, int to, List<MinedAlarm> falseAlarms) {
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
      falseAlarms.add(new MinedAlarm(from + sound, start, end, event.score()));
    }
  }

  /** The index of the concatenated recording that contains a sample. */
  static int recording(long[] starts, long sample) {
    int found = Arrays.binarySearch(starts, sample);
    return Math.min(
        found >= 0 ? found : -found - 2, starts.length - 2); // the end counts as the last recording
  }

  private Sound segment(Sound whole, int start, int end) {
    double before = start - BEFORE_SECONDS * sampleRate;
    int from = (int) Math.max(0, Math.max(before, end - LONGEST_SECONDS * sampleRate));
    int to = (int) Math.min(whole.length(), end + AFTER_SECONDS * sampleRate);
    return whole.stretch(from, to);
  }

  /** Rebuilds the segments from {@link #state}, after a checkpoint has restored it. */
  void restored() {
    segments.clear();
    for (int i = 0; i < MOST && state[4 * i + 3] > 0; i++) {
      Sound whole = negatives.get((int) state[4 * i]);
      segments.add(segment(whole, (int) state[4 * i + 1], (int) state[4 * i + 2]));
    }
    int times = given.isEmpty() ? 0 : Math.max(1, segments.size() / given.size());
    for (int i = 0; i < times; i++) {
      segments.addAll(given);
    }
  }
}
