// SPDX-License-Identifier: Apache-2.0
/**
 * Decodes by an installed ffmpeg what {@code audio.codec} has no decoder for. {@link
 * io.github.rouse.audio.Decoder} loads it at run time.
 *
 * <p>Uses {@code audio}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.audio.ffmpeg;
