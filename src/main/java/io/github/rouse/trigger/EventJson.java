// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** Events as JSON objects, in every output alike. */
public final class EventJson {
  /** Field of a near miss; its value is true. */
  public static final String NEAR_MISS = "near_miss";

  private EventJson() {}

  /**
   * An event as JSON; times in seconds.
   *
   * @param source where the sound is from
   * @param extras further fields, in order: numbers, booleans or text
   */
  public static JsonObject of(String source, TriggerEvent event, Map<String, ?> extras) {
    JsonObject json = new JsonObject();
    json.addProperty("source", source);
    json.addProperty("model", event.model());
    json.addProperty("word", event.word());
    json.addProperty("start", seconds(event.startSeconds()));
    json.addProperty("end", seconds(event.endSeconds()));
    json.addProperty("at", seconds(event.atSeconds()));
    json.addProperty("score", score(event.score()));
    if (event.looks() != null) {
      json.addProperty("first", score(event.looks().first()));
      json.addProperty("second", score(event.looks().second()));
    }
    json.addProperty("lost_samples", event.lostSamples());
    extras.forEach(
        (key, value) -> {
          if (value instanceof Number number) {
            json.addProperty(key, number);
          } else if (value instanceof Boolean flag) {
            json.addProperty(key, flag);
          } else {
            json.addProperty(key, value.toString());
          }
        });
    return json;
  }

  /** Seconds, to the millisecond. */
  public static BigDecimal seconds(double value) {
    return BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP);
  }

  /** A score with six digits. */
  public static BigDecimal score(double value) {
    return BigDecimal.valueOf(value).setScale(6, RoundingMode.HALF_UP);
  }
}
