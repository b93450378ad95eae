// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import io.github.rouse.state.Snapshot;
import io.github.rouse.trigger.EventJson;
import io.github.rouse.trigger.TriggerEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is known of one file: to its end, or up to a checkpoint within it. */
final class FileResult {
  /** What became of a file. */
  enum Status {
    /** Scanned to its end. */
    COMPLETE,
    /** Scanned in part; the error says why. */
    PARTIAL,
    /** Nothing of it was scanned. */
    FAILED
  }

  /**
   * One event, rounded as {@code rouse scan} prints it.
   *
   * @param channel 0 unless each is searched
   */
  record Event(
      int track,
      int channel,
      String model,
      String word,
      double start,
      double end,
      double at,
      double score,
      Double first,
      Double second,
      boolean nearMiss) {
    static Event of(TriggerEvent event, int track, int channel, boolean nearMiss) {
      TriggerEvent.Looks looks = event.looks();
      return new Event(
          track,
          channel,
          event.model(),
          event.word(),
          EventJson.seconds(event.startSeconds()).doubleValue(),
          EventJson.seconds(event.endSeconds()).doubleValue(),
          EventJson.seconds(event.atSeconds()).doubleValue(),
          EventJson.score(event.score()).doubleValue(),
          looks == null ? null : EventJson.score(looks.first()).doubleValue(),
          looks == null ? null : EventJson.score(looks.second()).doubleValue(),
          nearMiss);
    }
  }

  private static final Event NONE = new Event(0, 0, "", "", 0, 0, 0, 0, null, null, false);

  String path = "";
  String sha256 = "";
  long bytes;
  int sampleRate; // of the first track, Hz
  int channels; // of the first track
  int tracks;
  double heardSeconds; // of the first pass over each track
  double unheardSeconds; // promised by the headers
  boolean unheardKnown = true;
  String error = "";
  long millis; // spent on it
  double resumedSeconds; // where the last try began
  List<Event> events = new ArrayList<>();

  Status status() {
    return error.isEmpty() ? Status.COMPLETE : heardSeconds > 0 ? Status.PARTIAL : Status.FAILED;
  }

  /** Adds a reason why the file was not scanned to its end. */
  void problem(String reason) {
    if (!error.contains(reason)) { // each pass over a file has the same
      error = error.isEmpty() ? reason : error + "; " + reason;
    }
  }

  /** Puts the events in one order, however the sound was cut. */
  void sort() {
    events.sort(
        Comparator.comparingInt(Event::track)
            .thenComparingInt(Event::channel)
            .thenComparingDouble(Event::at)
            .thenComparing(Event::model)
            .thenComparing(Event::word)
            .thenComparing(Event::nearMiss));
  }

  void state(Snapshot s) {
    path = s.text(path);
    sha256 = s.text(sha256);
    bytes = s.number(bytes);
    sampleRate = s.number(sampleRate);
    channels = s.number(channels);
    tracks = s.number(tracks);
    heardSeconds = s.number(heardSeconds);
    unheardSeconds = s.number(unheardSeconds);
    unheardKnown = s.flag(unheardKnown);
    error = s.text(error);
    millis = s.number(millis);
    resumedSeconds = s.number(resumedSeconds);
    int count = s.number(events.size());
    List<Event> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Event e = s.restores() ? NONE : events.get(i);
      all.add(
          new Event(
              s.number(e.track),
              s.number(e.channel),
              s.text(e.model),
              s.text(e.word),
              s.number(e.start),
              s.number(e.end),
              s.number(e.at),
              s.number(e.score),
              optional(e.first, s),
              optional(e.second, s),
              s.flag(e.nearMiss)));
    }
    events = all;
  }

  private static Double optional(Double value, Snapshot s) {
    return s.flag(value != null) ? (Double) s.number(value == null ? 0.0 : value) : null;
  }
}
