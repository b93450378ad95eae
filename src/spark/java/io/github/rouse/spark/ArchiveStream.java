// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.hadoop.fs.FSError;

/** A file of the archive on its way to the decoder: hashed, and its faults kept apart. */
final class ArchiveStream extends FilterInputStream {
  private final MessageDigest digest = ScanSettings.digest();
  private IOException fault; // of the file system, or null

  ArchiveStream(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int got;
    try {
      got = in.read(into, from, length);
    } catch (FSError e) { // what Hadoop's local file system throws on an I/O error
      fault = e.getCause() instanceof IOException cause ? cause : new IOException(e);
      throw fault;
    } catch (IOException e) {
      fault = e;
      throw e;
    }
    if (got > 0) {
      digest.update(into, from, got);
    }
    return got;
  }

  @Override
  public long skip(long count) throws IOException { // by reading, for the hash
    byte[] skipped = new byte[(int) Math.min(count, 1 << 16)];
    return Math.max(0, read(skipped, 0, skipped.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void close() {} // the hash needs what the decoder left

  /** What the file system failed with, or null. */
  IOException fault() {
    return fault;
  }

  /** The SHA-256 of the whole file; reads what is left of it. */
  String sha256() throws IOException {
    byte[] rest = new byte[1 << 16];
    while (read(rest, 0, rest.length) >= 0) {
      // only for the hash
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Closes the file. */
  void end() throws IOException {
    in.close();
  }
}
