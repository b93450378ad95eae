// SPDX-License-Identifier: Apache-2.0
/**
 * Decodes AIFF, AU, MPEG audio and Ogg Vorbis. {@link io.github.rouse.audio.Decoder} loads them at
 * run time. Only {@link io.github.rouse.audio.codec.MpegDecoder} knows JLayer, and only {@link
 * io.github.rouse.audio.codec.VorbisDecoder} JOrbis; the containers are read here, because those
 * libraries stop early or skip damage without a word.
 *
 * <p>Uses {@code audio}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.audio.codec;
