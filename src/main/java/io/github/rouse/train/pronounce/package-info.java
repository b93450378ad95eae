// SPDX-License-Identifier: Apache-2.0
/**
 * Trains a network from letters to phonemes: a {@link io.github.rouse.train.TrainingLoop} over a
 * pronouncing dictionary. {@link io.github.rouse.train.pronounce.PronunciationTrainer} is the door.
 *
 * <p>Uses {@code pronounce} and {@code train}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.train.pronounce;
