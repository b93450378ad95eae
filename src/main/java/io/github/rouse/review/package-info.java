// SPDX-License-Identifier: Apache-2.0
/**
 * Learns from mistakes: {@link io.github.rouse.review.Improvement} makes the next version of a
 * model from marked clips, {@link io.github.rouse.review.ModelVersions} keeps the previous ones.
 *
 * <p>Uses {@code actions} and the detector.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.review;
