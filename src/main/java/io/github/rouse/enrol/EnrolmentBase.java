// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.model.EncoderFile;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.WeightHash;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a word is enrolled on.
 *
 * @param encoder its weights rounded to 8 bits
 * @param enrolled the model that gets a new version, if any
 */
public record EnrolmentBase(SpeechEncoder encoder, Optional<WakeModel> enrolled) {
  static final String SOURCE = "rouse enroll";

  /**
   * Reads a speech encoder, a detector whose verifier has one, or an enrolled model.
   *
   * @throws ModelFormatException if the file is none of these
   * @throws IllegalArgumentException if the model was enrolled on another encoder than the bank's
   */
  public static EnrolmentBase read(Path path, EmbeddingBank bank) throws IOException {
    if (SpeechEncoder.find(path).isEmpty()) {
      WakeModel model = WakeModel.read(path);
      if (model.provenance().facts().getOrDefault(Provenance.SOURCE, "").startsWith(SOURCE)) {
        return new EnrolmentBase(encoderIn(model, bank), Optional.of(model));
      }
    }
    return new EnrolmentBase(encoder(path), Optional.empty());
  }

  /**
   * Reads a speech encoder, or that of a detector's verifier, its weights rounded to 8 bits.
   *
   * @throws ModelFormatException if the file is neither
   */
  public static SpeechEncoder encoder(Path path) throws IOException {
    return EncoderFile.read(path).rounded();
  }

  /** The encoder whose layers an enrolled model begins with. */
  private static SpeechEncoder encoderIn(WakeModel model, EmbeddingBank bank) {
    List<Layer> layers = model.network().layers();
    for (int count = layers.size() - 1; count > 0; count--) { // the last activation has no weights
      Network network = new Network(layers.subList(0, count));
      if (WeightHash.of(network).equals(bank.encoderSha256())) {
        return new SpeechEncoder(model.features(), network, Provenance.NONE);
      }
    }
    throw new IllegalArgumentException(
        "was not made with the speech encoder of "
            + model.name()
            + "; enrol the word anew on the encoder that made it");
  }
}
