// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.detect;

import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps a device from waking itself. While it speaks, and for a second after, an event needs a much
 * higher score; others become near misses. Thread-safe.
 *
 * <pre>{@code
 * SpeakingGuard guard = new SpeakingGuard(SpeakingGuard.DEFAULT_SCORE);
 * Listener listener = Rouse.listen(model).guard(guard).onEvent(event -> System.out.println(event)).start();
 * guard.speaking(true); // before the device plays its answer
 * guard.speaking(false); // when it has been played
 * }</pre>
 */
public final class SpeakingGuard {
  /** The score that an event needs while the device speaks. */
  public static final float DEFAULT_SCORE = 0.95f;

  /** A decision comes a little after its sound, and sound a little after it was played. */
  static final Duration ECHO = Duration.ofSeconds(1);

  private final float score;
  private final LongSupplier clock; // ns
  private boolean speaking;
  private boolean spoken; // ever, up to quietAt
  private long quietAt; // ns; may be in the future

  /**
   * The device is silent at first.
   *
   * @param score that an event needs while the device speaks, 0 to 1, if its threshold is not even
   *     higher
   */
  public SpeakingGuard(float score) {
    this(score, System::nanoTime);
  }

  SpeakingGuard(float score, LongSupplier clock) {
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("score=" + score + ", expected 0 to 1");
    }
    this.score = score;
    this.clock = clock;
  }

  /** The device begins or ends to speak; it does until told otherwise. */
  public synchronized void speaking(boolean now) {
    if (now) {
      speaking = true;
    } else if (isSpeaking()) {
      speaking(Duration.ZERO);
    }
  }

  /** The device speaks for this long from now; replaces earlier calls. */
  public synchronized void speaking(Duration length) {
    speaking = false;
    spoken = true;
    quietAt = clock.getAsLong() + length.toNanos();
  }

  /** Whether the device speaks now or did a second ago. */
  public synchronized boolean isSpeaking() {
    return speaking || (spoken && clock.getAsLong() - quietAt < ECHO.toNanos());
  }

  /** Whether an event counts now. */
  public boolean allows(TriggerEvent event) {
    return event.score() >= score || !isSpeaking();
  }

  /** A handler that passes on the events that count; others are near misses. */
  public DetectionHandler guarding(DetectionHandler handler) {
    return new DetectionHandler() {
      @Override
      public void event(TriggerEvent event) {
        if (allows(event)) {
          handler.event(event);
        } else {
          handler.nearMiss(event);
        }
      }

      @Override
      public void nearMiss(TriggerEvent miss) {
        handler.nearMiss(miss);
      }

      @Override
      public void posteriors(WakeModel model, long at, float[] posteriors) {
        handler.posteriors(model, at, posteriors);
      }
    };
  }
}
