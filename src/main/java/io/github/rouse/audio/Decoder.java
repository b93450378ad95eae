// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Decodes a format. Decoders are loaded at run time, so a program without their libraries still
 * reads what needs none.
 */
public interface Decoder {
  /**
   * A sound to decode.
   *
   * @param in at the first byte of the file, or the first after an ID3 tag; supports mark. A
   *     decoder leaves it behind the last byte of the sound.
   * @param name of the sound, for messages
   * @param bytes from here to the end, or -1 if unknown
   * @param file that holds this sound and nothing else; null for a pipe, and for what follows
   *     another sound in its file
   * @param track of the file to decode, from 1
   * @param codec of a foreign sound, for messages, else ""
   */
  record Input(InputStream in, String name, long bytes, Path file, int track, String codec) {}

  /** The sound needs a decoder that Rouse does not have. */
  final class Foreign extends IOException {
    private final String fault;

    /**
     * A sound in this codec and container.
     *
     * @param what such as "ALAC in MP4"
     */
    public Foreign(String what) {
      this(what, "");
    }

    /**
     * A sound whose container is damaged.
     *
     * @param fault what remains unheard, or ""
     */
    public Foreign(String what, String fault) {
      super(what);
      this.fault = fault;
    }

    /** What remains unheard, or "". */
    String fault() {
      return fault;
    }
  }

  /**
   * Reads the header.
   *
   * @throws AudioFormatException if the file is damaged or not supported
   * @throws Foreign if the codec is not supported
   */
  SampleStream decode(Input input) throws IOException;

  /**
   * Finds the decoder of a format.
   *
   * @throws AudioFormatException if there is none
   */
  static Decoder installed(Container container, String name) throws AudioFormatException {
    try { // by name, because decoders use this package
      return Class.forName("io.github.rouse.audio." + container.decoder)
          .asSubclass(Decoder.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new AudioFormatException(
          name, container + " needs a decoder that the class path lacks", e);
    }
  }
}
