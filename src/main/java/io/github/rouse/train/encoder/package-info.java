// SPDX-License-Identifier: Apache-2.0
/**
 * Trains a speech encoder: a {@link io.github.rouse.train.TrainingLoop} whose targets are a
 * teacher's vectors. {@link io.github.rouse.train.encoder.EncoderTrainer} is the door.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.train.encoder;
