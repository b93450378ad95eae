// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.onnx.OnnxReader;
import io.github.rouse.model.onnx.OnnxWriter;
import io.github.rouse.model.onnx.WeightHash;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A language model of phonemes: a network that reads each phoneme of an utterance and gives the
 * logits of the next one, stored as one ONNX file.
 *
 * @param phonemes the network's inputs and outputs, in order; the word boundary follows the last
 * @param network [symbols] to [symbols], a step at a time
 * @param provenance how the model was made
 */
public record PhonemeLanguage(List<String> phonemes, Network network, Provenance provenance) {
  /** The name of the file, beside the pronunciation model. */
  public static final String FILE = "language.onnx";

  private static final String PART = "language model";

  /** Checks that the parts fit together. */
  public PhonemeLanguage {
    phonemes = List.copyOf(phonemes);
    int symbols = phonemes.size() + 1;
    if (network.inputs() != symbols || network.outputs() != symbols) {
      throw new IllegalArgumentException(
          String.format(
              "%d phonemes, but the network reads %d and gives %d values, expected %d",
              phonemes.size(), network.inputs(), network.outputs(), symbols));
    }
  }

  /**
   * Reads a model.
   *
   * @throws ModelFormatException if the file is not what {@link #write} wrote
   */
  public static PhonemeLanguage read(Path path) throws IOException {
    return of(OnnxFile.read(path), path);
  }

  /**
   * Reads a model, or nothing from a file of another kind.
   *
   * @throws ModelFormatException if the file is damaged
   */
  public static Optional<PhonemeLanguage> find(Path path) throws IOException {
    ModelProto proto = OnnxFile.read(path);
    return PART.equals(Metadata.pronunciationPart(Metadata.texts(proto, path), path))
        ? Optional.of(of(proto, path))
        : Optional.empty();
  }

  private static PhonemeLanguage of(ModelProto proto, Path path) throws IOException {
    Map<String, String> texts = Metadata.texts(proto, path);
    Metadata.requirePronunciation(texts, PART, path);
    try {
      return new PhonemeLanguage(
          Metadata.phonemes(texts, path),
          OnnxReader.network(proto, path),
          Metadata.provenance(texts, path));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "", e.getMessage(), e);
    }
  }

  /** Writes the model to a temporary file and moves it. */
  public void write(Path path, WeightType type) throws IOException {
    ModelProto.Builder model = OnnxWriter.model(network, type).toBuilder();
    Metadata.addPronunciation(model, PART, "", phonemes, provenance);
    AtomicFile.write(path, model.build()::writeTo);
  }

  /** The same model with another record of how it was made. */
  public PhonemeLanguage with(Provenance other) {
    return new PhonemeLanguage(phonemes, network, other);
  }

  /** SHA-256 of the weights. */
  public String sha256() {
    return WeightHash.of(network);
  }

  /**
   * The index of a phoneme.
   *
   * @throws IllegalArgumentException if the model lacks it
   */
  public int symbol(String phoneme) {
    int symbol = phonemes.indexOf(phoneme);
    if (symbol < 0) {
      throw new IllegalArgumentException(
          "phoneme=" + phoneme + ", but the language model has " + phonemes);
    }
    return symbol;
  }

  /** The index that stands for the boundary of words, and for the start and end of an utterance. */
  public int boundary() {
    return phonemes.size();
  }
}
