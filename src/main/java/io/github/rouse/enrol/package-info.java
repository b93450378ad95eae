// SPDX-License-Identifier: Apache-2.0
/**
 * Enrols a new word from a few recordings: keeps the layers of a speech encoder and trains a small
 * network on top. Start at {@link io.github.rouse.enrol.Enrolment}; it needs an {@link
 * io.github.rouse.enrol.EmbeddingBank} of other speech.
 *
 * <p>Uses {@code train} and the rooms below it.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.enrol;
