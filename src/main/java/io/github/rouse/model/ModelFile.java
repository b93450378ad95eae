// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.export.PortableGraph;
import io.github.rouse.model.foreign.ForeignReader;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.onnx.OnnxReader;
import io.github.rouse.model.onnx.OnnxWriter;
import io.github.rouse.model.onnx.RecurrenceWriter;
import io.github.rouse.model.onnx.WeightHash;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.HashSet;
import java.util.List;

/**
 * What an ONNX file holds of a {@link WakeModel}, and how it is read and written.
 *
 * @param metadata with the model's name
 * @param network as stored in the file
 * @param graph as read from a file, or null
 */
record ModelFile(Metadata metadata, Network network, ModelProto graph) {
  /** Checks that the parts fit together, and that an ONNX file can hold them. */
  ModelFile {
    String name = metadata.name();
    if (name.isBlank() || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || !printable(name)) {
      throw invalid("name=" + name + ", expected printable text without / and \\");
    }
    List<String> words = metadata.words();
    if (words.stream().anyMatch(word -> word.isBlank() || !printable(word))) {
      throw invalid("words=" + words + ", expected printable text");
    }
    if (new HashSet<>(words).size() != words.size() || words.size() != network.outputs()) {
      throw invalid(
          "words=" + words + ", expected " + network.outputs() + " different ones, one per output");
    }
    int bins = metadata.features().bins();
    if (bins != network.inputs()) {
      throw new IllegalArgumentException(
          "features.bins=" + bins + ", but the network reads " + network.inputs());
    }
    if (network.firstStepFrames() < 1) {
      throw new IllegalArgumentException(
          "the network gives posteriors before the first frame: its padding is too long");
    }
    if (graph == null) {
      network.layers().forEach(RecurrenceWriter::check); // fail now, not after training
    }
  }

  private static boolean printable(String text) {
    return !ModelFormatException.CONTROL.matcher(text).find();
  }

  private static IllegalArgumentException invalid(String message) {
    return new IllegalArgumentException(ModelFormatException.oneLine(message));
  }

  static ModelFile read(Path path) throws IOException {
    return of(OnnxFile.read(path), path);
  }

  static ModelFile read(InputStream in, Path name) throws IOException {
    return of(OnnxFile.read(in, name), name);
  }

  /** Checks the signature first. */
  static ModelFile read(Path path, PublicKey signer) throws IOException {
    ModelProto proto = OnnxFile.read(path);
    Signature.check(proto, signer, path);
    return of(proto, path);
  }

  private static ModelFile of(ModelProto proto, Path path) throws ModelFormatException {
    Metadata metadata = Metadata.of(proto, path);
    Integer stride = metadata.windowStride();
    Network network =
        stride == null
            ? OnnxReader.network(proto, path)
            : ForeignReader.network(proto, stride, path);
    try {
      return new ModelFile(
          metadata.name() == null ? metadata.named(Metadata.stem(path)) : metadata, network, proto);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "", e.getMessage(), e);
    }
  }

  /** Whether only ONNX Runtime runs the graph. */
  boolean requiresOnnxRuntime() {
    return metadata.windowStride() != null;
  }

  /** The graph that ONNX Runtime runs. */
  ModelProto runnable() {
    return graph == null ? OnnxWriter.model(network) : graph;
  }

  ModelFile with(Metadata other) {
    return new ModelFile(other, network, graph);
  }

  void write(Path path) throws IOException {
    write(path, runnable());
  }

  void write(Path path, WeightType type) throws IOException {
    if (type == WeightType.FP32) {
      write(path, requiresOnnxRuntime() ? graph : OnnxWriter.model(network, type));
      return;
    }
    requireLayers();
    with(metadata.with(metadata.provenance().with("weights held as", type)))
        .write(path, OnnxWriter.model(network, type));
  }

  private void requireLayers() {
    if (requiresOnnxRuntime()) {
      throw new IllegalArgumentException(
          metadata.name()
              + ": only ONNX Runtime runs this graph, so it cannot be converted or exported");
    }
  }

  private void write(Path path, ModelProto written) throws IOException {
    ModelProto.Builder model = written.toBuilder().clearMetadataProps();
    String weights =
        requiresOnnxRuntime() ? weightsSha256() : WeightHash.of(OnnxReader.network(written, path));
    metadata(weights)
        .named(metadata.name().equals(Metadata.stem(path)) ? null : metadata.name())
        .addTo(model);
    AtomicFile.write(path, model.build()::writeTo);
  }

  /** See {@link WakeModel#export}. */
  void export(Path path, WeightType type, boolean streaming, boolean frontEnd) throws IOException {
    requireLayers();
    ModelProto.Builder model =
        PortableGraph.of(network, metadata.features(), type, streaming, frontEnd).toBuilder();
    metadata(weightsSha256()).verified(null).addTo(model);
    Metadata.add(
        model,
        Metadata.EXPORT,
        PortableGraph.facts(network, metadata.features(), streaming, frontEnd));
    AtomicFile.write(path, model.build()::writeTo);
  }

  /** See {@link WakeModel#exportVerifier}. */
  void export(Path path, Verifier verifier) throws IOException {
    ModelProto.Builder model = verifier.graph().toBuilder();
    metadata.verified(null).addTo(model);
    Metadata.add(model, Metadata.EXPORT, verifier.facts());
    AtomicFile.write(path, model.build()::writeTo);
  }

  private Metadata metadata(String weights) {
    return metadata.with(metadata.provenance().with(Provenance.WEIGHTS, weights));
  }

  /** See {@link WakeModel#weightsSha256}. */
  String weightsSha256() {
    return requiresOnnxRuntime() ? WeightHash.of(graph.getGraph()) : WeightHash.of(network);
  }
}
