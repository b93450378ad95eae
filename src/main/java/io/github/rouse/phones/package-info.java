// SPDX-License-Identifier: Apache-2.0
/**
 * Phones from their probabilities ({@link io.github.rouse.phones.GreedyDecoder}, {@link
 * io.github.rouse.phones.BeamDecoder}), and phrases as models of phones ({@link
 * io.github.rouse.phones.Phrase}).
 *
 * <p>Uses {@code model} and {@code pronounce}. {@code train.phones} trains the recogniser.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.phones;
