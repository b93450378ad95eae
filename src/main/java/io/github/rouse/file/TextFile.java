// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads text in UTF-8. */
public final class TextFile {
  private static final int SHORT = 4 << 10; // bytes

  private TextFile() {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read or is not UTF-8; the message names file and line
   */
  public static String read(Path file) throws IOException {
    return decode(Files.readAllBytes(file), file);
  }

  /**
   * Reads the first line of a short file, such as one with a password.
   *
   * @return an empty line if the file is empty
   * @throws IOException if the file is too long, cannot be read or is not UTF-8; the message names
   *     it
   */
  public static String firstLine(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(SHORT + 1); // /dev/zero has no end
    }
    if (bytes.length > SHORT) {
      throw new IOException(file + ": the file has more than " + SHORT + " bytes");
    }
    return decode(bytes, file).lines().findFirst().orElse("");
  }

  private static String decode(byte[] utf8, Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(utf8);
    CharBuffer text = CharBuffer.allocate(bytes.remaining());
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // which reports what is damaged
    if (decoder.decode(bytes, text, /* endOfInput= */ true).isError()) {
      int line = 1;
      for (int i = 0; i < bytes.position(); i++) {
        line += bytes.get(i) == '\n' ? 1 : 0;
      }
      throw new IOException(file + ": line " + line + ": not text in UTF-8");
    }
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
