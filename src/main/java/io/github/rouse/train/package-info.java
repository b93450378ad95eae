// SPDX-License-Identifier: Apache-2.0
/**
 * Trains a model from a recipe and recordings, with checkpoints and hard-negative mining. Start at
 * {@link io.github.rouse.train.Trainer}.
 *
 * <p>Uses the root package (to search negatives), {@code train.data}, {@code train.optim} and the
 * rooms below them.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.train;
