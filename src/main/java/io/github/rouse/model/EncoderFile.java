// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import io.github.rouse.model.onnx.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A file with a speech encoder: by itself, or in a detector's verifier. */
public final class EncoderFile {
  private EncoderFile() {}

  /**
   * Reads the encoder.
   *
   * @throws ModelFormatException if the file has none
   */
  public static SpeechEncoder read(Path path) throws IOException {
    Optional<SpeechEncoder> encoder = SpeechEncoder.find(path);
    if (encoder.isPresent()) {
      return encoder.get();
    }
    return WakeModel.read(path)
        .verifier()
        .map(Verifier::encoder)
        .orElseThrow(
            () ->
                new ModelFormatException(
                    path, "", "has no speech encoder: give an encoder, or a model with one"));
  }
}
