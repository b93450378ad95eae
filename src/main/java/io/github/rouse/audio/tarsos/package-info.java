// SPDX-License-Identifier: Apache-2.0
/**
 * The only package that uses TarsosDSP. {@link io.github.rouse.audio.tarsos.Resampler} changes the
 * sample rate; {@link io.github.rouse.audio.tarsos.DetectorProcessor} connects a TarsosDSP chain to
 * a detector.
 *
 * <p>Uses {@code audio}.
 */
package io.github.rouse.audio.tarsos;
