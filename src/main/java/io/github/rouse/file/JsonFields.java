// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.file;

import com.google.gson.JsonElement;
import com.google.gson.JsonIOException;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSyntaxException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a JSON object key by key. {@link #end} rejects unread keys, so that a misspelt setting is
 * not silently ignored. Errors are {@link IllegalArgumentException}s that name the key.
 */
public final class JsonFields {
  private static final Pattern PLACE = Pattern.compile("line (\\d+) column (\\d+)");

  private final String place; // path of the object: "" or "spectrum."
  private final Map<String, JsonElement> unread = new LinkedHashMap<>();

  private JsonFields(String place, JsonObject object) {
    this.place = place;
    object.entrySet().forEach(e -> unread.put(e.getKey(), e.getValue()));
  }

  /** Parses any JSON value, strictly by RFC 8259. */
  public static JsonElement parse(String text) {
    if (text.isBlank()) { // Gson parses this as null
      throw new IllegalArgumentException("not JSON: empty");
    }
    try {
      JsonReader reader = new JsonReader(new StringReader(text));
      reader.setStrictness(Strictness.STRICT);
      JsonElement value = JsonParser.parseReader(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new IllegalArgumentException("trailing data after the JSON value");
      }
      return value;
    } catch (JsonSyntaxException | JsonIOException | IOException e) {
      throw new IllegalArgumentException("not JSON" + place(e), e);
    }
  }

  /** Where the parser gave up; its own words are for programmers. */
  private static String place(Exception e) {
    Matcher at = PLACE.matcher(String.valueOf(e.getMessage()));
    return at.find() ? " at line " + at.group(1) + ", column " + at.group(2) : "";
  }

  public static JsonFields of(JsonElement value) {
    return of("", value);
  }

  private static JsonFields of(String place, JsonElement value) {
    if (!value.isJsonObject()) {
      String what = place.isEmpty() ? "the value" : place.substring(0, place.length() - 1);
      throw new IllegalArgumentException(what + " is not a JSON object");
    }
    return new JsonFields(place, value.getAsJsonObject());
  }

  public JsonFields object(String key) {
    return of(place + key + ".", remove(key));
  }

  public String text(String key) {
    JsonElement value = remove(key);
    if (!(value instanceof JsonPrimitive p && p.isString())) {
      throw wrong(place + key, value, "a string");
    }
    return value.getAsString();
  }

  public int integer(String key) {
    return integer(place + key, remove(key));
  }

  /** Reads an integer that may be missing. */
  public int integer(String key, int missing) {
    return unread.containsKey(key) ? integer(key) : missing;
  }

  /** Reads a whole number; {@code name} is used in the error message. */
  public static int integer(String name, JsonElement value) {
    double number = number(name, value);
    if (number != (int) number) {
      throw wrong(name, value, "a whole number");
    }
    return (int) number;
  }

  public double real(String key) {
    return number(place + key, remove(key));
  }

  /** Reads an array. */
  public List<JsonElement> elements(String key) {
    JsonElement value = remove(key);
    if (!value.isJsonArray()) {
      throw wrong(place + key, value, "an array");
    }
    return value.getAsJsonArray().asList();
  }

  /** Reads an array of floats, with the exact values that were written. */
  public List<Float> singles(String key) {
    JsonElement value = remove(key);
    if (!value.isJsonArray()) {
      throw wrong(place + key, value, "an array of numbers");
    }
    List<Float> numbers = new ArrayList<>();
    for (JsonElement element : value.getAsJsonArray()) {
      number(place + key, element);
      numbers.add(Float.parseFloat(element.getAsString()));
    }
    return numbers;
  }

  /** Reads a float, with the exact value that was written. */
  public float single(String key) {
    JsonElement value = remove(key);
    number(place + key, value);
    return Float.parseFloat(value.getAsString());
  }

  /** Rejects unread keys. */
  public void end() {
    if (!unread.isEmpty()) {
      throw new IllegalArgumentException(place + unread.keySet().iterator().next() + " is unknown");
    }
  }

  private static double number(String name, JsonElement value) {
    if (!(value instanceof JsonPrimitive p && p.isNumber() && Double.isFinite(p.getAsDouble()))) {
      throw wrong(name, value, "a number");
    }
    return value.getAsDouble();
  }

  private JsonElement remove(String key) {
    JsonElement value = unread.remove(key);
    if (value == null) {
      throw new IllegalArgumentException(place + key + " is missing");
    }
    return value;
  }

  private static IllegalArgumentException wrong(String name, JsonElement value, String expected) {
    return new IllegalArgumentException(name + "=" + value + ", expected " + expected);
  }
}
