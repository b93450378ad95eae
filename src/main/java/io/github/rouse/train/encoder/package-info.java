// SPDX-License-Identifier: Apache-2.0
/**
 * Trains a speech encoder: a {@link io.github.rouse.train.TrainingLoop} whose targets are a
 * teacher's vectors. {@link io.github.rouse.train.encoder.EncoderTrainer} is the door. Internal.
 */
package io.github.rouse.train.encoder;
