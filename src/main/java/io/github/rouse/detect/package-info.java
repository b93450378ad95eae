// SPDX-License-Identifier: Apache-2.0
/**
 * Turns samples into posteriors and events. {@link io.github.rouse.detect.DetectionPipeline} chains
 * resampler, features, network and trigger for one or many streams; {@link
 * io.github.rouse.detect.DetectionHandler} receives the results.
 *
 * <p>Uses {@code audio} and {@code model}.
 *
 * <p>Programs may use the types listed in {@code docs/public-api.txt}; the rest is internal.
 */
package io.github.rouse.detect;
