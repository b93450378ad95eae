// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import java.io.IOException;

/** The packets of one track, in order. */
interface Packets {
  /**
   * A packet of a codec.
   *
   * @param bytes as the codec wants them
   * @param discard frames to leave out at the end of what it decodes to
   */
  record Packet(byte[] bytes, int discard) {}

  /** The next packet; null at the end. */
  Packet next() throws IOException;

  /** Called at the end: complains of what is missing. */
  void checkEnd() throws IOException;

  /** Closes the file. */
  void close() throws IOException;
}
