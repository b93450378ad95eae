/**
 * Samples to frames of spectral features: a {@link io.github.rouse.feature.FeatureSpec} says which,
 * a {@link io.github.rouse.feature.Spectrogram} makes them, live and offline alike.
 *
 * <p>The only room that knows JTransforms; it uses no other room.
 */
package io.github.rouse.feature;
