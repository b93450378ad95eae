// SPDX-License-Identifier: Apache-2.0
/**
 * From letters to phonemes: a dictionary where there is one ({@link
 * io.github.rouse.pronounce.PronouncingDictionary}), else a network with attention ({@link
 * io.github.rouse.pronounce.BeamSearch} over a {@code model.PronunciationModel}).
 *
 * <p>What follows what: {@link io.github.rouse.pronounce.PhonemeContext} over a {@code
 * model.PhonemeLanguage}, from which {@link io.github.rouse.pronounce.PseudoWords} invents words.
 *
 * <p>Uses {@code model}. {@code train.pronounce} and {@code train.language} train the networks.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.pronounce;
