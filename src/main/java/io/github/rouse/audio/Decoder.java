// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.IOException;
import java.io.InputStream;

/**
 * Decodes a format other than WAV and FLAC. Decoders are loaded at run time, so a program without
 * their libraries still reads those two.
 */
public interface Decoder {
  /**
   * Reads the header.
   *
   * @param in at the first byte of the file, or the first after an ID3 tag; supports mark. It is
   *     left behind the last byte of the sound.
   * @param name of the sound, for messages
   * @param fileBytes bytes from here to the end, or -1 if unknown
   * @throws AudioFormatException if the file is damaged or not supported
   */
  SampleStream decode(InputStream in, String name, long fileBytes) throws IOException;

  /**
   * Finds the decoder of a format.
   *
   * @throws AudioFormatException if there is none
   */
  static Decoder installed(Container container, String name) throws AudioFormatException {
    try { // by name, because decoders use this package
      return Class.forName("io.github.rouse.audio.codec." + container.decoder)
          .asSubclass(Decoder.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new AudioFormatException(
          name, container + " needs a decoder that the class path lacks", e);
    }
  }
}
