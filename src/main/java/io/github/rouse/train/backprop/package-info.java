// SPDX-License-Identifier: Apache-2.0
/**
 * Back-propagation through time: a {@code *Gradient} for each trainable layer of {@code nn}, the
 * losses and the worker threads. Start at {@link io.github.rouse.train.backprop.TrainingNetwork}.
 *
 * <p>Uses {@code nn}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.train.backprop;
