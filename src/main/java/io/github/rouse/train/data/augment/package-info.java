// SPDX-License-Identifier: Apache-2.0
/**
 * Varies training sound. {@link io.github.rouse.train.data.augment.VoiceVariation} simulates other
 * speakers, {@link io.github.rouse.train.data.augment.SoundPath} rooms, noise and microphones,
 * {@link io.github.rouse.train.data.augment.NoiseGate} noise gates; {@link
 * io.github.rouse.train.data.augment.Masking} hides parts of the features. All results are pure
 * functions of sound and random numbers.
 *
 * <p>Uses {@code feature}, {@code kernel} and {@code train.recipe}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.train.data.augment;
