// SPDX-License-Identifier: Apache-2.0
/**
 * Decodes AIFF, AU, MP3 and Ogg Vorbis through javax.sound. {@link io.github.rouse.audio.Decoder}
 * loads {@link io.github.rouse.audio.codec.JavaSoundDecoder} at run time, if the Java runtime has
 * javax.sound.
 *
 * <p>Uses {@code audio}.
 *
 * <p>This package is internal and may change in any release.
 */
package io.github.rouse.audio.codec;
