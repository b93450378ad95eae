// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.IOException;
import java.io.InputStream;

/**
 * Decodes formats other than WAV and FLAC. It is loaded at run time, so a Java runtime without
 * javax.sound still reads those two.
 */
public interface Decoder {
  /**
   * Reads the header.
   *
   * @param container format found in the first bytes
   * @param in at the first byte of the file, or the first after an ID3 tag
   * @param name of the sound, for messages
   * @throws AudioFormatException if the file is damaged, or no reader supports it
   */
  SampleStream decode(Container container, InputStream in, String name) throws IOException;

  /**
   * Finds the decoder of this Java runtime.
   *
   * @throws AudioFormatException if there is none
   */
  static Decoder installed(Container container, String name) throws AudioFormatException {
    try {
      return Class.forName("io.github.rouse.audio.codec.JavaSoundDecoder")
          .asSubclass(Decoder.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | NoClassDefFoundError e) {
      throw new AudioFormatException(
          name, container + " needs the module java.desktop, which this Java runtime lacks", e);
    }
  }
}
