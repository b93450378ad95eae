// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.file.AtomicFile;
import io.github.rouse.model.export.PortableGraph;
import io.github.rouse.model.foreign.ForeignReader;
import io.github.rouse.model.foreign.GraphRuntime;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.onnx.OnnxReader;
import io.github.rouse.model.onnx.OnnxWriter;
import io.github.rouse.model.onnx.RecurrenceWriter;
import io.github.rouse.model.onnx.WeightHash;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.trigger.Calibration;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A trained detector: its words, its features, the network between them, and the trigger policy.
 * Immutable, shared by all streams; stored as one ONNX file.
 */
public final class WakeModel {
  private final String name;
  private final List<String> words;
  private final FeatureSpec features;
  private final TriggerPolicy policy;
  private final Network network;
  private final Network folded;
  private final Provenance provenance;
  private final Calibration calibration; // or null
  private final Verifier verifier; // or null
  private final ModelProto graph; // as read from a file, or null

  /**
   * Assembles a model.
   *
   * @param name printable, without '/' and '\\', so that it can be part of a file name
   * @param words one for each network output, printable
   * @throws IllegalArgumentException if the parts do not fit together, or no ONNX file can hold
   *     them
   */
  public WakeModel(
      String name,
      List<String> words,
      FeatureSpec features,
      TriggerPolicy policy,
      Network network,
      Provenance provenance) {
    this(
        name,
        words,
        features,
        policy,
        network,
        network.folded(),
        provenance,
        null,
        null,
        ForeignReader.of(network));
  }

  private WakeModel(
      String name,
      List<String> words,
      FeatureSpec features,
      TriggerPolicy policy,
      Network network,
      Network folded,
      Provenance provenance,
      Calibration calibration,
      Verifier verifier,
      ModelProto graph) {
    if (name.isBlank() || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || !printable(name)) {
      throw invalid("name=" + name + ", expected printable text without / and \\");
    }
    if (words.stream().anyMatch(word -> word.isBlank() || !printable(word))) {
      throw invalid("words=" + words + ", expected printable text");
    }
    if (new HashSet<>(words).size() != words.size() || words.size() != network.outputs()) {
      throw invalid(
          "words=" + words + ", expected " + network.outputs() + " different ones, one per output");
    }
    if (features.bins() != network.inputs()) {
      throw new IllegalArgumentException(
          "features.bins=" + features.bins() + ", but the network reads " + network.inputs());
    }
    if (verifier != null) {
      verifier.check(words.size(), features);
    }
    if (graph == null) {
      network.layers().forEach(RecurrenceWriter::check); // fail now, not after training
    }
    this.name = name;
    this.words = List.copyOf(words);
    this.features = features;
    this.policy = policy;
    this.network = network;
    this.folded = folded;
    this.provenance = provenance;
    this.calibration = calibration;
    this.verifier = verifier;
    this.graph = graph;
  }

  private static boolean printable(String text) {
    return !ModelFormatException.CONTROL.matcher(text).find();
  }

  private static IllegalArgumentException invalid(String message) {
    return new IllegalArgumentException(ModelFormatException.oneLine(message));
  }

  /**
   * Reads a model.
   *
   * @throws ModelFormatException if the file is not a Rouse model
   */
  public static WakeModel read(Path path) throws IOException {
    return of(OnnxFile.read(path), path);
  }

  /**
   * Reads a model and checks its signature.
   *
   * @param signer see {@link Signature#publicKey}
   * @throws ModelFormatException if the file is not a Rouse model, or not signed with that key
   */
  public static WakeModel read(Path path, PublicKey signer) throws IOException {
    ModelProto proto = OnnxFile.read(path);
    Signature.check(proto, signer, path);
    return of(proto, path);
  }

  private static WakeModel of(ModelProto proto, Path path) throws ModelFormatException {
    Metadata meta = Metadata.of(proto, path);
    Integer stride = meta.windowStride();
    Network network =
        stride == null
            ? OnnxReader.network(proto, path)
            : ForeignReader.network(proto, stride, path);
    try {
      return new WakeModel(
          meta.name() == null ? stem(path) : meta.name(),
          meta.words(),
          meta.features(),
          meta.policy(),
          network,
          network.folded(),
          meta.provenance(),
          meta.calibration(),
          meta.verifier() == null ? null : Verifier.parse(meta.verifier(), path),
          proto);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "", e.getMessage(), e);
    }
  }

  /** The same model with another trigger policy. */
  public WakeModel withPolicy(TriggerPolicy other) {
    return new WakeModel(
        name, words, features, other, network, folded, provenance, calibration, verifier, graph);
  }

  /** The same model with a calibration of its false alarms. */
  public WakeModel withCalibration(Calibration other) {
    return new WakeModel(
        name, words, features, policy, network, folded, provenance, other, verifier, graph);
  }

  /** The same model with another record of how it was made. */
  public WakeModel with(Provenance other) {
    return new WakeModel(
        name, words, features, policy, network, folded, other, calibration, verifier, graph);
  }

  /** The same model with a verifier. It has no calibration, because its scores are others. */
  public WakeModel withVerifier(Verifier other) {
    return new WakeModel(
        name, words, features, policy, network, folded, provenance, null, other, graph);
  }

  /** The streaming network alone, with the threshold that it has without a verifier. */
  public WakeModel withoutVerifier() {
    return verifier == null
        ? this
        : withVerifier(null).withPolicy(policy.withThreshold(verifier.thresholdAlone()));
  }

  /** The second look at what the network raises, if the model has one. */
  public Optional<Verifier> verifier() {
    return Optional.ofNullable(verifier);
  }

  /**
   * The same model for the native engine only: batch normalisation merged into neighbouring layers,
   * the file's graph dropped. Posteriors are the same; memory is less than half.
   */
  public WakeModel fused() {
    return requiresOnnxRuntime()
        ? this
        : new WakeModel(
            name, words, features, policy, folded, folded, provenance, calibration, verifier, null);
  }

  /**
   * A model of some of this model's words. It has no calibration: false alarms of all words say
   * little about some of them.
   *
   * @param some in the new model's order
   * @param called the new model's name
   * @throws IllegalArgumentException if a word is unknown, or the network does not end in a dense
   *     layer and an activation
   */
  public WakeModel of(List<String> some, String called) {
    if (some.isEmpty() || !words.containsAll(some)) {
      throw new IllegalArgumentException("words=" + some + ", expected some of " + words);
    }
    List<Layer> layers = new ArrayList<>(network.layers());
    int last = layers.size() - 1;
    if (last < 1
        || !(layers.get(last - 1) instanceof Dense all)
        || !(layers.get(last) instanceof Activation end)) {
      throw new IllegalArgumentException(
          name + ": expected a dense layer and an activation at the end of the network");
    }
    layers.set(last - 1, all.keeping(some.stream().mapToInt(words::indexOf).toArray()));
    layers.set(last, new Activation(end.function(), some.size()));
    WakeModel model =
        new WakeModel(
            called,
            some,
            features,
            policy,
            new Network(layers),
            provenance.with("taken from", name + ", a model of " + String.join(", ", words)));
    return verifier == null
        ? model
        : model.withVerifier(verifier.of(some.stream().map(words::indexOf).toList()));
  }

  /**
   * Writes the model to a temporary file and moves it, so that the path never holds half a model.
   * The file stores the model's name only if it differs from the file name. A model read from a
   * file keeps that file's graph.
   */
  public void write(Path path) throws IOException {
    write(path, graph());
  }

  /** Writes the model with weights of this type; Rouse reads it like any other. */
  public void write(Path path, WeightType type) throws IOException {
    if (type != WeightType.FP32) {
      requireLayers();
    }
    WakeModel noted =
        type == WeightType.FP32
            ? this
            : new WakeModel(
                name,
                words,
                features,
                policy,
                network,
                folded,
                provenance.with("weights held as", type),
                calibration,
                verifier,
                null);
    noted.write(path, requiresOnnxRuntime() ? graph : OnnxWriter.model(network, type));
  }

  private void requireLayers() {
    if (requiresOnnxRuntime()) {
      throw new IllegalArgumentException(
          name + ": only ONNX Runtime runs this graph, so it cannot be converted or exported");
    }
  }

  private void write(Path path, ModelProto graph) throws IOException {
    ModelProto.Builder model = graph.toBuilder().clearMetadataProps();
    String weights =
        requiresOnnxRuntime() ? weightsSha256() : WeightHash.of(OnnxReader.network(graph, path));
    metadata(name.equals(stem(path)) ? null : name, provenance.with(Provenance.WEIGHTS, weights))
        .addTo(model);
    AtomicFile.write(path, model.build()::writeTo);
  }

  /**
   * Writes a graph for other runtimes that includes more of Rouse's work. Rouse cannot read it
   * back. The metadata key {@code rouse.export} describes its inputs.
   *
   * @param streaming pass the state from call to call as inputs and outputs
   * @param frontEnd read PCM instead of features
   * @throws IllegalArgumentException if {@code streaming} and the network needs the whole clip, or
   *     if only ONNX Runtime runs the network
   */
  public void export(Path path, WeightType type, boolean streaming, boolean frontEnd)
      throws IOException {
    requireLayers();
    ModelProto.Builder model =
        PortableGraph.of(network, features, type, streaming, frontEnd).toBuilder();
    withoutVerifier()
        .metadata(name, provenance.with(Provenance.WEIGHTS, weightsSha256()))
        .addTo(model);
    Metadata.add(
        model, Metadata.EXPORT, PortableGraph.facts(network, features, streaming, frontEnd));
    AtomicFile.write(path, model.build()::writeTo);
  }

  private Metadata metadata(String noted, Provenance made) {
    Integer stride = requiresOnnxRuntime() ? network.stride() : null;
    String second = verifier == null ? null : verifier.json();
    return new Metadata(noted, words, features, policy, made, calibration, second, stride);
  }

  /** Whether only ONNX Runtime can run the model; see {@link ForeignReader#read}. */
  public boolean requiresOnnxRuntime() {
    return ForeignReader.of(network) != null;
  }

  private static String stem(Path path) {
    String file = path.getFileName().toString();
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }

  /** The model's name: stored in the file, or else the file name without its extension. */
  public String name() {
    return name;
  }

  /** The word of each posterior. */
  public List<String> words() {
    return words;
  }

  /** The features that the network reads. */
  public FeatureSpec features() {
    return features;
  }

  /** The trigger policy. */
  public TriggerPolicy policy() {
    return policy;
  }

  /** The layers as stored in the file. */
  public Network network() {
    return network;
  }

  /** How the model was made. */
  public Provenance provenance() {
    return provenance;
  }

  /** The false alarms by threshold, if the model has been tuned. */
  public Optional<Calibration> calibration() {
    return Optional.ofNullable(calibration);
  }

  /** The network that the native engine runs. */
  Network folded() {
    return folded;
  }

  /** The graph that ONNX Runtime runs: the file's, or else one made from the layers. */
  public ModelProto graph() {
    return graph == null ? OnnxWriter.model(network) : graph;
  }

  /**
   * Starts streams of posteriors; the caller closes them.
   *
   * @param streams how many; 1 with ONNX Runtime
   * @throws IllegalArgumentException if the network needs the whole clip, or the engine cannot
   *     stream it
   * @throws IllegalStateException if ONNX Runtime rejects the model, now or in a later call of the
   *     stream: "NAME: ONNX Runtime: REASON"
   */
  public PosteriorStreams start(Engine engine, int streams) {
    if (engine == Engine.ONNXRUNTIME && !requiresOnnxRuntime() && streams != 1) {
      throw new IllegalArgumentException("streams=" + streams + ", expected 1 with ONNX Runtime");
    }
    try {
      return switch (engine) {
        case NATIVE -> folded.start(streams);
        case ONNXRUNTIME ->
            requiresOnnxRuntime()
                ? folded.start(streams)
                : GraphRuntime.installed().stream(name, graph(), network);
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Computes the posteriors of a whole clip in the native engine.
   *
   * @param frames [frames][bins]
   * @return [steps][words]
   */
  public float[][] forward(float[][] frames) {
    return folded.forward(frames);
  }

  /**
   * SHA-256 of all weights as little-endian floats in ONNX file order, or of the whole graph if
   * only ONNX Runtime runs it.
   */
  public String weightsSha256() {
    return requiresOnnxRuntime() ? WeightHash.of(graph.getGraph()) : WeightHash.of(network);
  }
}
