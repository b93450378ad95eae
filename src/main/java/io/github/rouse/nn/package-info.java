// SPDX-License-Identifier: Apache-2.0
/**
 * Runs the forward pass of a network: immutable weights ({@link io.github.rouse.nn.Network}, a list
 * of {@link io.github.rouse.nn.Layer}s) are separate from per-stream state ({@link
 * io.github.rouse.nn.NetworkState}).
 *
 * <p>Uses {@code kernel} and {@code state}. {@code model} reads networks from files, {@code detect}
 * runs them, {@code train.backprop} computes gradients for every layer except {@code Windowed},
 * which runs third-party graphs, and those that only imported networks have: {@code Planes}, {@code
 * Cascade}, {@code LayerNorm}, {@code Conv1d.Lead}, {@code Activation.Leaky}.
 *
 * <p>Gates follow ONNX and Keras: {@code h = z*h_prev + (1-z)*candidate}, so the update gate z is
 * the complement of the textbook's.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.nn;
