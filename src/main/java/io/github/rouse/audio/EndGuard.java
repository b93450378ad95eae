package io.github.rouse.audio;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Ends decoders that go on asking after the end of their input: the FLAC decoder swallows the
 * exceptions of a damaged last frame and tries again, for ever.
 */
final class EndGuard extends FilterInputStream {
  private static final int PATIENCE = 1000; // reads at the end

  private int asked; // reads at the end so far

  EndGuard(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    return checked(super.read());
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    return checked(super.read(into, from, length));
  }

  private int checked(int result) {
    asked = result < 0 ? asked + 1 : 0;
    if (asked > PATIENCE) { // unchecked, as it would be swallowed otherwise
      throw new UncheckedIOException(new EOFException("the decoder finds no end"));
    }
    return result;
  }
}
