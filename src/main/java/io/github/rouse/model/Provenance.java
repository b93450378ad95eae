package io.github.rouse.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a model was made: named facts in the order they were noted, such as its source, its recipe
 * and the hash of its data.
 *
 * @param facts name to value
 */
public record Provenance(Map<String, String> facts) {
  /** The fact that says where the weights came from. */
  public static final String SOURCE = "source";

  /** The fact that holds {@link WakeModel#weightsSha256}, noted whenever a model is written. */
  public static final String WEIGHTS = "weights SHA-256";

  /** Nothing is known. */
  public static final Provenance NONE = new Provenance(Map.of());

  /** Takes a copy. */
  public Provenance {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /** A model whose weights came from {@code source}. */
  public static Provenance of(String source) {
    return NONE.with(SOURCE, source);
  }

  /** These facts and one more, or one of them with another value. */
  public Provenance with(String name, Object value) {
    Map<String, String> more = new LinkedHashMap<>(facts);
    more.put(name, value.toString());
    return new Provenance(more);
  }
}
