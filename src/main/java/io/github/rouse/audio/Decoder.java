package io.github.rouse.audio;

import java.io.IOException;
import java.io.InputStream;

/**
 * Unpacks what is neither WAV nor FLAC. It is found at run time, so that a Java without javax.sound
 * still reads those two.
 */
public interface Decoder {
  /**
   * Reads the header.
   *
   * @param container what the first bytes say
   * @param in from the first byte of the file, or the first after an ID3 tag
   * @param name of the sound, for messages
   * @throws AudioFormatException if it is damaged, or nothing here reads it
   */
  SampleStream decode(Container container, InputStream in, String name) throws IOException;

  /**
   * The decoder of this Java.
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
          name, container + " needs the module java.desktop, which this Java lacks", e);
    }
  }
}
