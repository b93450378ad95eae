// SPDX-License-Identifier: Apache-2.0
/**
 * The only package that uses TarsosDSP, which is optional: without it, {@link
 * io.github.rouse.audio.SamplePump} runs a plain loop. {@link
 * io.github.rouse.audio.tarsos.DetectorProcessor} connects a TarsosDSP chain to a detector; {@link
 * io.github.rouse.audio.tarsos.DispatcherPump} is found by name.
 *
 * <p>Uses {@code audio}.
 *
 * <p>Programs may use the types listed in {@code docs/public-api.txt}; the rest is internal.
 */
package io.github.rouse.audio.tarsos;
