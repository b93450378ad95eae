// SPDX-License-Identifier: Apache-2.0
/**
 * Decodes MPEG audio, Ogg, AAC, Matroska and MP4. {@link io.github.rouse.audio.Decoder} loads the
 * decoders at run time. Each library has one class that knows it: JLayer {@code MpegDecoder},
 * JOrbis {@code VorbisSound}, Concentus {@code OpusSound}, JAAD {@code AacSound}. The containers
 * are read here, because those libraries stop early or skip damage without a word: {@code
 * OggTrack}, {@code Blocks} and {@code Mp4Samples} give the {@code Packets} that {@code
 * PacketSound} decodes.
 *
 * <p>Uses {@code audio} and {@code library}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.audio.codec;
