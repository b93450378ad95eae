// SPDX-License-Identifier: Apache-2.0
/**
 * Trains a language model of phonemes, and measures it beside a trigram model: a {@link
 * io.github.rouse.train.TrainingLoop} over texts. {@link
 * io.github.rouse.train.language.LanguageTrainer} is the door.
 *
 * <p>Uses {@code pronounce} and {@code train}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.train.language;
