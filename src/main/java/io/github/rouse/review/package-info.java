// SPDX-License-Identifier: Apache-2.0
/**
 * Learns from mistakes: marked clips become the next version of a model. {@link
 * io.github.rouse.review.Improvement} makes it, {@link io.github.rouse.review.ModelVersions} keeps
 * the version before.
 *
 * <p>Uses {@code actions} and the detector.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.review;
