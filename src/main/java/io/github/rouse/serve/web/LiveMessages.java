// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.model.WakeModel;
import io.github.rouse.serve.Models;
import io.github.rouse.trigger.EventJson;
import io.github.rouse.trigger.TriggerEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a page sees of a live stream, as JSON messages: events and near misses, and the level and
 * the posteriors many times a second.
 */
final class LiveMessages implements DetectionHandler, SampleSink {
  private static final double LEVEL_SECONDS = 0.05;
  private static final double POSTERIOR_SECONDS = 0.05;
  private static final double LEAST_DB = -120;

  private final String source;
  private final int sampleRate;
  private final List<String> words;
  private final Consumer<JsonObject> events;
  private final Consumer<JsonObject> live;

  // Used by the thread that feeds the stream.
  private long position; // samples
  private double squares;
  private float peak;
  private int counted; // samples since the last level

  // Used by the stream's thread of the pool.
  private final Map<String, Float> highest = new LinkedHashMap<>(); // posterior of each word
  private double reported; // s

  /**
   * Creates the messages of one stream.
   *
   * @param words of which posteriors are reported
   * @param events takes events and near misses
   * @param live takes levels and posteriors, which are soon out of date
   */
  LiveMessages(
      String source,
      int sampleRate,
      List<String> words,
      Consumer<JsonObject> events,
      Consumer<JsonObject> live) {
    this.source = source;
    this.sampleRate = sampleRate;
    this.words = List.copyOf(words);
    this.events = events;
    this.live = live;
  }

  static JsonObject message(String type) {
    JsonObject json = new JsonObject();
    json.addProperty("type", type);
    return json;
  }

  /** The first message of a stream: its rate, and the threshold of each word. */
  static JsonObject ready(Models models, List<String> words, int sampleRate) {
    JsonArray list = new JsonArray();
    for (String word : words) {
      Models.Offer offer = models.byWord().get(word);
      if (offer != null && offer.model() != null) {
        JsonObject entry = new JsonObject();
        entry.addProperty("word", word);
        entry.addProperty("threshold", EventJson.score(offer.model().threshold(word)));
        list.add(entry);
      }
    }
    JsonObject ready = message("ready");
    ready.addProperty("rate", sampleRate);
    ready.add("words", list);
    return ready;
  }

  @Override
  public void event(TriggerEvent event) {
    events.accept(described("event", event, Map.of()));
  }

  @Override
  public void nearMiss(TriggerEvent miss) {
    events.accept(described("near_miss", miss, Map.of("near_miss", true)));
  }

  private JsonObject described(String type, TriggerEvent event, Map<String, ?> extras) {
    JsonObject json = message(type);
    EventJson.of(source, event, extras).entrySet().forEach(e -> json.add(e.getKey(), e.getValue()));
    json.addProperty("time", event.time().toString());
    return json;
  }

  @Override
  public void posteriors(WakeModel model, long at, float[] posteriors) {
    for (int i = 0; i < posteriors.length; i++) {
      String word = model.words().get(i);
      if (words.contains(word)) {
        highest.merge(word, posteriors[i], Math::max);
      }
    }
    double seconds = (double) at / model.features().sampleRate();
    if (seconds >= reported + POSTERIOR_SECONDS || seconds < reported) {
      JsonObject values = new JsonObject();
      highest.forEach((word, value) -> values.addProperty(word, EventJson.score(value)));
      JsonObject json = message("posteriors");
      json.addProperty("at", EventJson.seconds(seconds));
      json.add("values", values);
      live.accept(json);
      highest.clear();
      reported = seconds;
    }
  }

  /** Measures the level. */
  @Override
  public void accept(float[] samples, int from, int length) {
    for (int i = from; i < from + length; i++) {
      squares += samples[i] * samples[i];
      peak = Math.max(peak, Math.abs(samples[i]));
      position++;
      if (++counted >= LEVEL_SECONDS * sampleRate) {
        JsonObject json = message("level");
        json.addProperty("at", EventJson.seconds((double) position / sampleRate));
        json.addProperty("rms_db", decibels(Math.sqrt(squares / counted)));
        json.addProperty("peak_db", decibels(peak));
        live.accept(json);
        squares = 0;
        peak = 0;
        counted = 0;
      }
    }
  }

  private static double decibels(double amplitude) {
    double value = Math.max(LEAST_DB, 20 * Math.log10(amplitude));
    return Math.round(10 * value) / 10.0;
  }
}
