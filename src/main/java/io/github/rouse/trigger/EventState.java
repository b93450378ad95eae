// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

import io.github.rouse.state.Snapshot;
import java.time.Instant;

/** Saves events with what else a stream remembers. */
public final class EventState {
  private static final TriggerEvent NONE = new TriggerEvent("", "", 0, 0, 0, 1, 0, null, 0);
  private static final TriggerEvent.Looks BLIND = new TriggerEvent.Looks(0, 0);

  private EventState() {}

  /**
   * Saves an event, or restores one.
   *
   * @param saved null while restoring
   */
  public static TriggerEvent of(TriggerEvent saved, Snapshot snapshot) {
    TriggerEvent e = saved == null ? NONE : saved;
    TriggerEvent.Looks looks = e.looks() == null ? BLIND : e.looks();
    Instant time = e.time() == null ? Instant.EPOCH : e.time();
    return new TriggerEvent(
        snapshot.text(e.model()),
        snapshot.text(e.word()),
        snapshot.number(e.start()),
        snapshot.number(e.end()),
        snapshot.number(e.at()),
        snapshot.number(e.sampleRate()),
        snapshot.number(e.score()),
        snapshot.flag(e.looks() != null)
            ? new TriggerEvent.Looks(
                snapshot.number(looks.first()), snapshot.number(looks.second()))
            : null,
        snapshot.number(e.lostSamples()),
        snapshot.flag(e.time() != null)
            ? Instant.ofEpochSecond(
                snapshot.number(time.getEpochSecond()), snapshot.number(time.getNano()))
            : null);
  }
}
