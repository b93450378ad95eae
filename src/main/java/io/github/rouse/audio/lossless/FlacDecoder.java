// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.lossless;

import io.github.rouse.audio.Decoder;
import io.github.rouse.audio.SampleStream;
import java.io.IOException;

/** Decodes FLAC. */
public final class FlacDecoder implements Decoder {
  /** For {@link Decoder#installed}, which finds it by name. */
  public FlacDecoder() {}

  @Override
  public SampleStream decode(Input input) throws IOException {
    return new FlacStream(input.in(), input.name()).sound();
  }
}
