// SPDX-License-Identifier: Apache-2.0
/**
 * Turns samples into frames of spectral features: a {@link io.github.rouse.feature.FeatureSpec}
 * describes them and a {@link io.github.rouse.feature.Spectrogram} computes them, both live and
 * offline. {@link io.github.rouse.feature.SoundCheck} finds what makes detection worse. {@link
 * io.github.rouse.feature.VocalTract} and {@link io.github.rouse.feature.Convolution} augment
 * training sounds.
 *
 * <p>Uses {@code audio}. Only this room depends on JTransforms.
 *
 * <p>Programs may use the types listed in {@code docs/public-api.txt}; the rest is internal.
 */
package io.github.rouse.feature;
