// SPDX-License-Identifier: Apache-2.0
/**
 * Float arithmetic for {@code audio}, {@code feature}, {@code nn} and {@code train}: matrix
 * products ({@link io.github.rouse.kernel.Weights} for a few rows, {@link
 * io.github.rouse.kernel.Gemm} for batches), spectral filters ({@link
 * io.github.rouse.kernel.FilterBank}), changes of spectra and convolutions ({@link
 * io.github.rouse.kernel.FrameTransform}, {@link io.github.rouse.kernel.Convolver}) and the
 * nonlinearities in {@link io.github.rouse.kernel.Kernels}.
 *
 * <p>Every sum adds its terms in one fixed order with fused multiply-adds, so no result depends on
 * blocking, batching or chunking. Uses no other room; it loads {@code kernel.vector} by name.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.kernel;
