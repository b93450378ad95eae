// SPDX-License-Identifier: Apache-2.0
/**
 * Optimisers (Adam, RMSProp, SGD), the learning-rate schedule, gradient clipping and weight
 * averaging. Each {@link io.github.rouse.train.optim.Optimiser} updates the parameters of {@code
 * train.backprop}, the only room used.
 */
package io.github.rouse.train.optim;
