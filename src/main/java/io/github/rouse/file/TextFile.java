// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads text in UTF-8. */
public final class TextFile {
  private TextFile() {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read or is not UTF-8; the message names file and line
   */
  public static String read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    CharBuffer text = CharBuffer.allocate(bytes.remaining());
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // which reports what is damaged
    if (decoder.decode(bytes, text, /* endOfInput= */ true).isError()) {
      int line = 1;
      for (int i = 0; i < bytes.position(); i++) {
        line += bytes.get(i) == '\n' ? 1 : 0;
      }
      throw new IOException(file + ": line " + line + ": not text in UTF-8");
    }
    return new String(bytes.array(), StandardCharsets.UTF_8);
  }
}
