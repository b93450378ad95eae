// SPDX-License-Identifier: Apache-2.0
/**
 * Reads files that keep samples as they were, without a library: WAV, AIFF, AU and FLAC. {@link
 * io.github.rouse.audio.Decoder} loads the decoders at run time.
 *
 * <p>Uses {@code audio}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.audio.lossless;
