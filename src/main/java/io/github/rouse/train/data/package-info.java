// SPDX-License-Identifier: Apache-2.0
/**
 * Decodes and splits recordings ({@link io.github.rouse.train.data.TrainingData}) and synthesises
 * clips from them ({@link io.github.rouse.train.data.ClipSynthesizer}).
 *
 * <p>Uses {@code audio}, {@code train.backprop} and {@code train.data.augment}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.train.data;
