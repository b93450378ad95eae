// SPDX-License-Identifier: Apache-2.0
/**
 * Rates a wake word before anyone records it: length, sounds, similar words, better alternatives.
 * Start at {@link io.github.rouse.advice.Advice}.
 *
 * <p>Uses {@code speak} for pronunciations.
 */
package io.github.rouse.advice;
