// SPDX-License-Identifier: Apache-2.0
/**
 * Reads sound as mono float samples at a known rate. {@link io.github.rouse.audio.AudioFile} opens
 * files, {@link io.github.rouse.audio.ChannelSelector} reduces channels to one, {@link
 * io.github.rouse.audio.Resampler} changes the sample rate, {@link
 * io.github.rouse.audio.SampleRing} passes samples between threads, and {@link
 * io.github.rouse.audio.WavWriter} writes WAV files. Other packages exchange samples through {@link
 * io.github.rouse.audio.SampleSource} and {@link io.github.rouse.audio.SampleSink}.
 *
 * <p>Uses {@code file}, {@code kernel} and {@code state}.
 *
 * <p>Programs may use the types listed in {@code docs/public-api.txt}; the rest is internal.
 */
package io.github.rouse.audio;
