// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.keras;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;

/**
 * A layer of a Keras architecture. Errors are {@link IllegalArgumentException}s.
 *
 * @param kind Keras's class name
 * @param name the layer's name, also used by its weights
 * @param config its settings
 */
record KerasLayer(String kind, String name, JsonObject config) {

  String place() {
    return "layer '" + name + "' (" + kind + ")";
  }

  /**
   * Reads the layers, without the input, of a Sequential model or of a Functional model that is a
   * chain.
   */
  static List<KerasLayer> chain(JsonObject model) {
    String kind = text(model, "class_name", "");
    JsonElement config = model.get("config");
    // In early versions, the config of a Sequential is just the list of layers.
    JsonElement layers = config instanceof JsonObject object ? object.get("layers") : config;
    if (!List.of("Functional", "Model", "Sequential").contains(kind)
        || !(layers instanceof JsonArray array)
        || array.isEmpty()) {
      throw new IllegalArgumentException(
          "class_name=" + kind + ", expected Functional or Sequential with its layers");
    }
    List<KerasLayer> chain = new ArrayList<>();
    String before = null;
    for (JsonElement element : array) {
      KerasLayer layer = of(element);
      if (!kind.equals("Sequential")) {
        checkFollows(layer, element.getAsJsonObject().get("inbound_nodes"), before);
      }
      before = layer.name;
      if (!layer.kind.equals("InputLayer")) {
        chain.add(layer);
      }
    }
    return chain;
  }

  /** Reads a layer, possibly nested in another ({@code TimeDistributed}, {@code Bidirectional}). */
  static KerasLayer of(JsonElement element) {
    if (!(element instanceof JsonObject layer)
        || !(layer.get("config") instanceof JsonObject config)) {
      throw new IllegalArgumentException("a layer without a config object");
    }
    String name = text(layer, "name", text(config, "name", "?"));
    return new KerasLayer(text(layer, "class_name", "?"), name, config);
  }

  private static void checkFollows(KerasLayer layer, JsonElement inbound, String before) {
    List<String> sources = new ArrayList<>();
    if (inbound != null) {
      collectSources(inbound, sources);
    }
    List<String> expected = before == null ? List.of() : List.of(before);
    if (!sources.equals(expected)) {
      throw new IllegalArgumentException(
          layer.place() + ": reads " + sources + ", expected a chain: " + expected);
    }
  }

  /**
   * Collects the layers that inbound nodes name: {@code [name, 0, 0, {}]} in Keras 2, the same
   * start under {@code keras_history} in Keras 3.
   */
  private static void collectSources(JsonElement inbound, List<String> sources) {
    if (inbound instanceof JsonArray array) {
      boolean reference = array.size() >= 3 && isText(array.get(0));
      if (reference) {
        sources.add(array.get(0).getAsString());
      } else {
        array.forEach(element -> collectSources(element, sources));
      }
    } else if (inbound instanceof JsonObject object) {
      object.asMap().values().forEach(element -> collectSources(element, sources));
    }
  }

  private static boolean isText(JsonElement element) {
    return element instanceof JsonPrimitive p && p.isString();
  }

  /** The layer inside this one. */
  KerasLayer inner() {
    return of(config.get("layer"));
  }

  String text(String key, String fallback) {
    return text(config, key, fallback);
  }

  static String text(JsonObject object, String key, String fallback) {
    return object.get(key) instanceof JsonPrimitive p ? p.getAsString() : fallback;
  }

  boolean flag(String key, boolean fallback) {
    boolean given = config.get(key) instanceof JsonPrimitive p && p.isBoolean();
    return given ? config.get(key).getAsBoolean() : fallback;
  }

  /** Reads a number, or the only number in a list. */
  double number(String key, double fallback) {
    JsonElement value = config.get(key);
    if (value instanceof JsonArray array && array.size() == 1) {
      value = array.get(0);
    }
    if (value == null || value.isJsonNull()) {
      return fallback;
    }
    if (!(value instanceof JsonPrimitive p && p.isNumber())) {
      throw new IllegalArgumentException(key + "=" + config.get(key) + ", expected a number");
    }
    return value.getAsDouble();
  }

  int integer(String key, int fallback, int most) {
    double number = number(key, fallback);
    if (number != (int) number || number < 1 || number > most) {
      throw new IllegalArgumentException(key + "=" + config.get(key) + ", expected 1 to " + most);
    }
    return (int) number;
  }

  /** Rejects a setting with an unsupported value. */
  void expect(String key, Object actual, Object... supported) {
    if (!List.of(supported).contains(actual)) {
      throw new IllegalArgumentException(key + "=" + actual + ", supported: " + List.of(supported));
    }
  }
}
