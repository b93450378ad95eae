/**
 * The forward pass of a network: immutable weights ({@link io.github.rouse.nn.Network}, a list of
 * {@link io.github.rouse.nn.Layer}s) apart from what one stream remembers ({@link
 * io.github.rouse.nn.NetworkState}).
 *
 * <p>Uses {@code kernel} only. {@code model} fills these types from files, the root package runs
 * them, {@code train} has a gradient for each but {@code Windowed}, which is not ours.
 *
 * <p>Gates follow ONNX and Keras: {@code h = z*h_prev + (1-z)*candidate}, so their update gate z is
 * the complement of the textbook's.
 */
package io.github.rouse.nn;
