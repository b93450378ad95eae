// SPDX-License-Identifier: Apache-2.0
/**
 * Turns posteriors into detections: a {@link io.github.rouse.trigger.Trigger} watches one word
 * under a {@link io.github.rouse.trigger.TriggerPolicy} and raises {@link
 * io.github.rouse.trigger.TriggerEvent}s; a {@link io.github.rouse.trigger.Calibration} relates
 * thresholds to false alarms per hour; a {@link io.github.rouse.trigger.WordSpan} estimates where
 * the word lies. Uses {@code state}.
 *
 * <p>Programs may use the types listed in {@code docs/public-api.txt}; the rest is internal.
 */
package io.github.rouse.trigger;
