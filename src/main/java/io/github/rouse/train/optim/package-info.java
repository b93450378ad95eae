// SPDX-License-Identifier: Apache-2.0
/**
 * Optimisers (Adam, RMSProp, SGD), the learning-rate schedule, gradient clipping and weight
 * averaging. Each {@link io.github.rouse.train.optim.Optimiser} updates the parameters of {@code
 * train.backprop}, the only room used.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.train.optim;
