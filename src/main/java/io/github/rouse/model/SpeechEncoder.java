// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.github.rouse.feature.FeatureSpec;
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
import java.nio.file.Paths;
import java.util.Map;
import java.util.Optional;

/**
 * A speech encoder: features to one vector per step. A vector depends on the network's receptive
 * field alone, so encoding may start anywhere. Immutable; stored as one ONNX file.
 *
 * @param features that the network reads
 * @param network from features to vectors
 * @param provenance how the encoder was made
 */
public record SpeechEncoder(FeatureSpec features, Network network, Provenance provenance) {
  /** Checks that the parts fit together. */
  public SpeechEncoder {
    if (features.bins() != network.inputs()) {
      throw new IllegalArgumentException(
          "features.bins=" + features.bins() + ", but the network reads " + network.inputs());
    }
  }

  /**
   * Reads an encoder.
   *
   * @throws ModelFormatException if the file is not an encoder that Rouse wrote
   */
  public static SpeechEncoder read(Path path) throws IOException {
    return of(OnnxFile.read(path), path);
  }

  /**
   * Reads an encoder if the file holds one.
   *
   * @return empty for any other ONNX file
   */
  public static Optional<SpeechEncoder> find(Path path) throws IOException {
    ModelProto proto = OnnxFile.read(path);
    return Metadata.isEncoder(Metadata.texts(proto, path))
        ? Optional.of(of(proto, path))
        : Optional.empty();
  }

  static SpeechEncoder of(ModelProto proto, Path path) throws ModelFormatException {
    Map<String, String> texts = Metadata.texts(proto, path);
    FeatureSpec features = Metadata.encoderFeatures(texts, path);
    Network network = OnnxReader.network(proto, path);
    try {
      return new SpeechEncoder(features, network.folded(), Metadata.provenance(texts, path));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "", e.getMessage(), e);
    }
  }

  /** Writes the encoder to a temporary file and moves it. */
  public void write(Path path, WeightType type) throws IOException {
    AtomicFile.write(path, proto(type)::writeTo);
  }

  ModelProto proto(WeightType type) {
    ModelProto.Builder model = OnnxWriter.model(network, type).toBuilder();
    Metadata.addEncoder(model, features, provenance);
    return model.build();
  }

  /** The same encoder with its weights rounded to 8 bits, as a verifier holds it. */
  public SpeechEncoder rounded() {
    try {
      return of(proto(WeightType.INT8), Paths.get("encoder"));
    } catch (ModelFormatException e) {
      throw new IllegalStateException(e);
    }
  }

  /** SHA-256 of the weights; see {@link WakeModel#weightsSha256()}. */
  public String sha256() {
    return WeightHash.of(network);
  }

  /** The layers before the last, which a phone recogniser begins with. */
  public Network hidden() {
    return new Network(network.layers().subList(0, network.layers().size() - 1));
  }

  /** Values of a vector. */
  public int values() {
    return network.outputs();
  }

  /** Samples from one vector to the next. */
  public int stepSamples() {
    return network.stride() * features.hop();
  }
}
