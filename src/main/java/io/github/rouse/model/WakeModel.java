package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A trained detector: which words, which features, the network between them, and how sure to be.
 * Immutable, shared by all streams; one ONNX file.
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
  private final ModelProto graph; // of the file that the model was read from, or null

  /**
   * A model of these parts.
   *
   * @param name printable, and without '/' and '\\', so that it may become part of a file's name
   * @param words what each of the network's outputs stands for, printable
   * @throws IllegalArgumentException if they do not fit together, or no ONNX file can hold them
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
      ModelProto graph) {
    if (name.isBlank() || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0 || !printable(name)) {
      throw refused("name=" + name + ", expected some printable text without / and \\");
    }
    if (words.stream().anyMatch(word -> word.isBlank() || !printable(word))) {
      throw refused("words=" + words + ", expected printable text");
    }
    if (new HashSet<>(words).size() != words.size() || words.size() != network.outputs()) {
      throw refused(
          "words=" + words + ", expected a different one for each output, " + network.outputs());
    }
    if (features.bins() != network.inputs()) {
      throw new IllegalArgumentException(
          "features.bins=" + features.bins() + ", but the network reads " + network.inputs());
    }
    if (graph == null) {
      network.layers().forEach(RecurrenceWriter::check); // now, not after training
    }
    this.name = name;
    this.words = List.copyOf(words);
    this.features = features;
    this.policy = policy;
    this.network = network;
    this.folded = folded;
    this.provenance = provenance;
    this.calibration = calibration;
    this.graph = graph;
  }

  private static boolean printable(String text) {
    return !ModelFormatException.CONTROL.matcher(text).find();
  }

  private static IllegalArgumentException refused(String message) {
    return new IllegalArgumentException(ModelFormatException.oneLine(message));
  }

  /**
   * Reads a model.
   *
   * @throws ModelFormatException if the file is no model of Rouse
   */
  public static WakeModel read(Path path) throws IOException {
    return of(OnnxFile.read(path), path);
  }

  /**
   * Reads a model that has to be signed.
   *
   * @param signer see {@link Signature#publicKey}
   * @throws ModelFormatException if the file is no model of Rouse, or not signed with that key
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
          proto);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "", e.getMessage(), e);
    }
  }

  /** The same model, sure in another way. */
  public WakeModel withPolicy(TriggerPolicy other) {
    return new WakeModel(
        name, words, features, other, network, folded, provenance, calibration, graph);
  }

  /** The same model, with what it raises in hours of sound without its words. */
  public WakeModel withCalibration(Calibration other) {
    return new WakeModel(name, words, features, policy, network, folded, provenance, other, graph);
  }

  /**
   * The same model for the native engine alone: batch normalisation merged into neighbouring
   * layers, and without the graph of its file. Its posteriors are the same, in less than half the
   * memory.
   */
  public WakeModel fused() {
    return requiresOnnxRuntime()
        ? this
        : new WakeModel(
            name, words, features, policy, folded, folded, provenance, calibration, null);
  }

  /**
   * A model of some of its words. It has no calibration: what all of them raise tells little of
   * some.
   *
   * @param some in the order that the new model has them
   * @param called the new model's name
   * @throws IllegalArgumentException if there is no such word, or no dense layer with an activation
   *     ends the network
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
          name + ": layers, expected a dense layer and an activation at the end");
    }
    layers.set(last - 1, all.keeping(some.stream().mapToInt(words::indexOf).toArray()));
    layers.set(last, new Activation(end.function(), some.size()));
    return new WakeModel(
        called,
        some,
        features,
        policy,
        new Network(layers),
        provenance.with("taken from", name + ", a model of " + String.join(", ", words)));
  }

  /**
   * Writes the model: aside first, then moved, so that the path never holds half a model. The name
   * is noted in the file only where the file is called something else. A model that was read is
   * written with the graph that it was read with.
   */
  public void write(Path path) throws IOException {
    write(path, graph());
  }

  /** Writes the model with its weights in another form; Rouse reads it like any other. */
  public void write(Path path, WeightType type) throws IOException {
    if (type != WeightType.FP32) {
      requireOwn();
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
                null);
    noted.write(path, requiresOnnxRuntime() ? graph : OnnxWriter.model(network, type));
  }

  private void requireOwn() {
    if (requiresOnnxRuntime()) {
      throw new IllegalArgumentException(
          name + ": a graph that only ONNX Runtime runs is exported as it is, or not at all");
    }
  }

  private void write(Path path, ModelProto graph) throws IOException {
    ModelProto.Builder model = graph.toBuilder().clearMetadataProps();
    String weights =
        requiresOnnxRuntime() ? weightsSha256() : sha256(OnnxReader.network(graph, path));
    metadata(name.equals(stem(path)) ? null : name, provenance.with(Provenance.WEIGHTS, weights))
        .addTo(model);
    AtomicFile.write(path, model.build()::writeTo);
  }

  /**
   * Writes a graph that does more of Rouse's work itself, for runtimes elsewhere: Rouse does not
   * read it. Its metadata say under {@code rouse.export} how it is fed.
   *
   * @param streaming what is remembered from call to call goes out and in again
   * @param frontEnd PCM in instead of features
   * @throws IllegalArgumentException if the network needs the whole clip and {@code streaming}, or
   *     is not ours
   */
  public void export(Path path, WeightType type, boolean streaming, boolean frontEnd)
      throws IOException {
    requireOwn();
    ModelProto.Builder model =
        PortableGraph.of(network, features, type, streaming, frontEnd).toBuilder();
    metadata(name, provenance.with(Provenance.WEIGHTS, weightsSha256())).addTo(model);
    Metadata.add(
        model, Metadata.EXPORT, PortableGraph.facts(network, features, streaming, frontEnd));
    AtomicFile.write(path, model.build()::writeTo);
  }

  private Metadata metadata(String noted, Provenance made) {
    Integer stride = requiresOnnxRuntime() ? network.stride() : null;
    return new Metadata(noted, words, features, policy, made, calibration, stride);
  }

  /** Whether only ONNX Runtime can run the model, by {@link ForeignReader#read}. */
  public boolean requiresOnnxRuntime() {
    return ForeignReader.of(network) != null;
  }

  private static String stem(Path path) {
    String file = path.getFileName().toString();
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }

  /** What the model is called: by its file, or by a name noted in it. */
  public String name() {
    return name;
  }

  /** What each posterior stands for. */
  public List<String> words() {
    return words;
  }

  /** What the network reads. */
  public FeatureSpec features() {
    return features;
  }

  /** How sure a trigger has to be. */
  public TriggerPolicy policy() {
    return policy;
  }

  /** The layers as the file has them. */
  public Network network() {
    return network;
  }

  /** How the model was made. */
  public Provenance provenance() {
    return provenance;
  }

  /** How often it is wrong at which threshold, if it has been tuned. */
  public Optional<Calibration> calibration() {
    return Optional.ofNullable(calibration);
  }

  /** The network that the native engine runs. */
  Network folded() {
    return folded;
  }

  /** The ONNX model that ONNX Runtime runs: the file's own where there is one, or made anew. */
  public ModelProto graph() {
    return graph == null ? OnnxWriter.model(network) : graph;
  }

  /**
   * Fresh streams of posteriors, to be closed.
   *
   * @param streams how many; of ONNX Runtime 1
   * @throws IllegalArgumentException if the network needs the whole clip, or the engine cannot
   *     stream it
   * @throws IllegalStateException if ONNX Runtime refuses the model, as it may in any later call of
   *     the stream: "NAME: ONNX Runtime: REASON"
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
   * The posteriors of a whole clip, by the native engine.
   *
   * @param frames [frames][bins]
   * @return [steps][words]
   */
  public float[][] forward(float[][] frames) {
    return folded.forward(frames);
  }

  /**
   * SHA-256 of all weights as little-endian floats, in the order in which ONNX files hold them; of
   * the whole graph where only ONNX Runtime runs it.
   */
  public String weightsSha256() {
    return requiresOnnxRuntime()
        ? hex(digest().digest(graph.getGraph().toByteArray()))
        : sha256(network);
  }

  /** SHA-256 of a network's weights, as {@link #weightsSha256()}. */
  public static String sha256(Network network) {
    MessageDigest digest = digest();
    for (TensorProto tensor : OnnxWriter.model(network).getGraph().getInitializerList()) {
      if (tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE) {
        digest.update(tensor.getRawData().asReadOnlyByteBuffer());
      }
    }
    return hex(digest.digest());
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
