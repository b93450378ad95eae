// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a model was made: named facts in insertion order, such as its source, its recipe and the hash
 * of its data.
 *
 * @param facts name to value
 */
public record Provenance(Map<String, String> facts) {
  /** The fact that names the origin of the weights. */
  public static final String SOURCE = "source";

  /** The fact that holds {@link WakeModel#weightsSha256}, added whenever a model is written. */
  public static final String WEIGHTS = "weights SHA-256";

  /** The fact that names the licence of the model, such as {@code Apache-2.0}. */
  public static final String LICENCE = "licence";

  /** No facts. */
  public static final Provenance NONE = new Provenance(Map.of());

  /** Copies the facts. */
  public Provenance {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /** Provenance of weights that came from {@code source}. */
  public static Provenance of(String source) {
    return NONE.with(SOURCE, source);
  }

  /** Adds a fact or replaces its value. */
  public Provenance with(String name, Object value) {
    Map<String, String> more = new LinkedHashMap<>(facts);
    more.put(name, value.toString());
    return new Provenance(more);
  }
}
