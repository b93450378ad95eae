// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.onnx.OnnxReader;
import io.github.rouse.model.onnx.OnnxWriter;
import io.github.rouse.model.onnx.WeightHash;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.Softmax;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A phone recogniser: features to the logits of phones and of the blank, as connectionist temporal
 * classification has them. Immutable; stored as one ONNX file.
 *
 * @param features that the network reads
 * @param network from features to logits, a step at a time
 * @param phones named by the outputs, in order; the last output is the blank
 * @param provenance how the recogniser was made
 * @param encoderFile name of a file whose speech encoder has the network's first layers; beside it,
 *     the recogniser is stored without them. Null if there is none
 */
public record PhoneModel(
    FeatureSpec features,
    Network network,
    List<String> phones,
    Provenance provenance,
    String encoderFile) {
  /** Checks that the parts fit together. */
  public PhoneModel {
    phones = List.copyOf(phones);
    if (features.bins() != network.inputs()) {
      throw new IllegalArgumentException(
          "features.bins=" + features.bins() + ", but the network reads " + network.inputs());
    }
    if (phones.size() + 1 != network.outputs()) {
      throw new IllegalArgumentException(
          String.format(
              "phones=%d, but the network gives %d values, one of them the blank's",
              phones.size(), network.outputs()));
    }
  }

  /**
   * Reads a recogniser.
   *
   * @throws ModelFormatException if the file is not one that Rouse wrote
   */
  public static PhoneModel read(Path path) throws IOException {
    return of(OnnxFile.read(path), path);
  }

  /**
   * Reads a recogniser, or nothing from a model of another kind.
   *
   * @throws ModelFormatException if the file is damaged
   */
  public static Optional<PhoneModel> find(Path path) throws IOException {
    ModelProto proto = OnnxFile.read(path);
    return Metadata.isPhones(Metadata.texts(proto, path))
        ? Optional.of(of(proto, path))
        : Optional.empty();
  }

  private static PhoneModel of(ModelProto proto, Path path) throws IOException {
    Map<String, String> texts = Metadata.texts(proto, path);
    FeatureSpec features = Metadata.phoneFeatures(texts, path);
    String encoderFile = Metadata.encoderFile(texts, path);
    Network network = OnnxReader.network(proto, path);
    try {
      if (encoderFile != null) {
        network = joined(encoder(path, encoderFile, Metadata.encoderSha256(texts, path)), network);
      }
      return new PhoneModel(
          features,
          network.folded(),
          Metadata.phones(texts, path),
          Metadata.provenance(texts, path),
          encoderFile);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "", e.getMessage(), e);
    }
  }

  /** The encoder's layers, of a file beside the recogniser's. */
  private static Network encoder(Path path, String name, String sha256) throws IOException {
    Path file = path.resolveSibling(name);
    if (!Paths.get(name).equals(file.getFileName())) {
      throw new ModelFormatException(
          path, "", "its encoder is in " + name + ", expected the name of a file beside it");
    }
    if (!Files.isRegularFile(file)) {
      throw new ModelFormatException(
          path, "", "needs the encoder in " + file + ", which is absent");
    }
    Network hidden = EncoderFile.read(file).hidden();
    if (!WeightHash.of(hidden).equals(sha256)) {
      throw new ModelFormatException(path, "", "was trained on another encoder than " + file);
    }
    return hidden;
  }

  /** A network of the layers of both. */
  public static Network joined(Network first, Network second) {
    List<Layer> layers = new ArrayList<>(first.layers());
    layers.addAll(second.layers());
    return new Network(layers);
  }

  /**
   * Writes the recogniser to a temporary file and moves it: without the encoder's layers if the
   * encoder is beside it.
   */
  public void write(Path path, WeightType type) throws IOException {
    List<Layer> layers = network.layers();
    int below = layersBeside(path);
    Network stored = new Network(layers.subList(below, layers.size()));
    ModelProto.Builder model = OnnxWriter.model(stored, type).toBuilder();
    Metadata.addPhones(model, phones, features, provenance);
    if (below > 0) {
      String sha256 = WeightHash.of(new Network(layers.subList(0, below)));
      Metadata.addEncoderFile(model, encoderFile, sha256);
    }
    AtomicFile.write(path, model.build()::writeTo);
  }

  /** How many of the first layers the encoder beside a path has; 0 if there is none or another. */
  private int layersBeside(Path path) throws IOException {
    if (encoderFile == null || !Files.isRegularFile(path.resolveSibling(encoderFile))) {
      return 0;
    }
    Network hidden = EncoderFile.read(path.resolveSibling(encoderFile)).hidden();
    int count = hidden.layers().size();
    if (count >= network.layers().size()) {
      return 0;
    }
    Network first = new Network(network.layers().subList(0, count));
    return WeightHash.of(first).equals(WeightHash.of(hidden)) ? count : 0;
  }

  /** A model whose posteriors are the probabilities of the phones and the blank; it never fires. */
  public WakeModel listener() {
    List<String> outputs = new ArrayList<>(phones);
    outputs.add("blank");
    TriggerPolicy never = TriggerPolicy.DEFAULT.withThreshold(1).withPatience(1000);
    Network listening = new Network(listeningLayers());
    return new WakeModel("phones", outputs, features, never, listening, provenance);
  }

  /**
   * The layers from features to the probabilities of the phones and the blank. They hear silence
   * before each stream: their first step would otherwise come when a second of sound has passed,
   * and the phones at its beginning with it.
   */
  public List<Layer> listeningLayers() {
    List<Layer> layers = new ArrayList<>();
    int before = network.firstStepFrames() - 1;
    if (before > 0) {
      float[][] silence = new float[before][];
      Arrays.fill(silence, silence());
      layers.add(new Conv1d.Lead(silence));
    }
    layers.addAll(network.layers());
    layers.add(new Softmax(network.outputs()));
    return layers;
  }

  /** A frame of silence. */
  private float[] silence() {
    float[] frame = new float[features.bins()];
    new Spectrogram(features)
        .accept(
            new float[features.frameLength()],
            0,
            features.frameLength(),
            (values, level) -> System.arraycopy(values, 0, frame, 0, frame.length));
    return frame;
  }

  /** SHA-256 of the weights; see {@link WakeModel#weightsSha256()}. */
  public String sha256() {
    return WeightHash.of(network);
  }

  /** Samples from one step to the next. */
  public int stepSamples() {
    return network.stride() * features.hop();
  }
}
