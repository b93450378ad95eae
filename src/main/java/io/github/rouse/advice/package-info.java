// SPDX-License-Identifier: Apache-2.0
/**
 * Rates a wake word before anyone records it: length, sounds, similar words, better alternatives.
 * Start at {@link io.github.rouse.advice.Advice}.
 *
 * <p>Uses {@code speak} or {@code pronounce} for pronunciations, and {@code speak} for common
 * words.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.advice;
