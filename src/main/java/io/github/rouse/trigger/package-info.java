/**
 * Posteriors to decisions: a {@link io.github.rouse.trigger.TriggerPolicy} says how sure to be, a
 * {@link io.github.rouse.trigger.Trigger} watches one word and raises {@link
 * io.github.rouse.trigger.TriggerEvent}s. Uses no other room.
 */
package io.github.rouse.trigger;
