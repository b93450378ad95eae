// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.serve;

import io.github.rouse.trigger.TriggerEvent;

/**
 * Observes the server. Called on any thread, also on those of the pool: an observer must not block.
 */
public interface Activity {
  /**
   * A word was detected.
   *
   * @param source the door and the client, such as {@code wyoming:192.168.1.7}
   */
  default void event(String source, TriggerEvent event) {}

  /** A word was nearly detected; its score is below the threshold. */
  default void nearMiss(String source, TriggerEvent miss) {}

  /** A client's stream began. */
  default void streamOpened(String source) {}

  /** A client's stream ended. */
  default void streamClosed(String source) {}

  /** Models were loaded, added, replaced or removed. */
  default void modelsChanged(Models models) {}

  /** Something that whoever runs the server should know, in one line. */
  default void notice(String line) {}
}
