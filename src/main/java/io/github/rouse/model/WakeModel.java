// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.foreign.ForeignReader;
import io.github.rouse.model.foreign.GraphRuntime;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Activation;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.trigger.Calibration;
import io.github.rouse.trigger.SecondChance;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A trained detector: its words, its features, the network between them, and the trigger policy.
 * Immutable, shared by all streams; stored as one ONNX file.
 *
 * <pre>{@code
 * WakeModel mine = WakeModel.read(Path.of("hey-nova.onnx"));
 * WakeModel shipped = WakeModel.named("jarvis").withFalseAlarmsPerHour(0.5);
 * try (InputStream resource = App.class.getResourceAsStream("/hey-nova.onnx")) {
 *   WakeModel packed = WakeModel.read(resource, "hey-nova.onnx").withSensitivity(0.7);
 * }
 * }</pre>
 */
public final class WakeModel {
  private final ModelFile file;
  private final Network folded;
  private final Verifier verifier; // or null
  private final OwnSettings settings;

  /**
   * Settings that no file stores.
   *
   * @param thresholds of words that have their own
   */
  private record OwnSettings(Map<String, Float> thresholds, SecondChance secondChance) {
    static final OwnSettings DEFAULT = new OwnSettings(Map.of(), SecondChance.NONE);
  }

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
        new ModelFile(
            new Metadata(
                name, words, features, policy, provenance, null, null, windowStride(network)),
            network,
            ForeignReader.of(network)));
  }

  private WakeModel(ModelFile file) {
    this(file, file.network().folded(), null, OwnSettings.DEFAULT);
  }

  private WakeModel(ModelFile file, Network folded, Verifier verifier, OwnSettings settings) {
    this.file = file;
    this.folded = folded;
    this.verifier = verifier;
    this.settings = settings;
    if (verifier != null) {
      verifier.check(words().size(), features());
    }
  }

  private static WakeModel of(ModelFile file, Path path) throws ModelFormatException {
    String stored = file.metadata().verifier();
    Verifier verifier = stored == null ? null : Verifier.parse(stored, path);
    try {
      return new WakeModel(file, file.network().folded(), verifier, OwnSettings.DEFAULT);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, "", e.getMessage(), e);
    }
  }

  private static Integer windowStride(Network network) {
    return ForeignReader.of(network) == null ? null : network.stride();
  }

  /**
   * Reads a model.
   *
   * @throws ModelFormatException if the file is not a Rouse model
   */
  public static WakeModel read(Path path) throws IOException {
    return of(ModelFile.read(path), path);
  }

  /**
   * Reads a model that is not a file, such as a resource of the class path, to the end of a stream,
   * which is not closed.
   *
   * @param name such as {@code jarvis.onnx}, for messages and for a model that holds no name
   * @throws ModelFormatException if it is not a Rouse model
   */
  public static WakeModel read(InputStream in, String name) throws IOException {
    Path path = Paths.get(name);
    return of(ModelFile.read(in, path), path);
  }

  /**
   * Reads a model that is shipped with Rouse, from the artefact {@code io.github.rouse:rouse} with
   * the classifier {@code models}.
   *
   * @param name such as {@code jarvis}
   * @throws IllegalArgumentException if there is no such model
   * @throws IllegalStateException if the artefact is not on the class path
   */
  public static WakeModel named(String name) throws IOException {
    try (InputStream in = ShippedModels.open(name)) {
      return read(in, name + ".onnx");
    }
  }

  /**
   * Reads a model and checks its signature.
   *
   * @param signer see {@link Signature#publicKey}
   * @throws ModelFormatException if the file is not a Rouse model, or not signed with that key
   */
  public static WakeModel read(Path path, PublicKey signer) throws IOException {
    return of(ModelFile.read(path, signer), path);
  }

  /** The same model with another trigger policy. */
  public WakeModel withPolicy(TriggerPolicy other) {
    return new WakeModel(file.with(file.metadata().with(other)), folded, verifier, settings);
  }

  /** The same model with another threshold of all words, 0 to 1. */
  public WakeModel withThreshold(float threshold) {
    return withPolicy(policy().withThreshold(threshold)).withThresholds(Map.of());
  }

  /**
   * The same model with another threshold of one word, 0 to 1. A file stores one threshold for all
   * words, so {@link #write} does not keep it.
   *
   * @throws IllegalArgumentException if the model does not have the word
   */
  public WakeModel withThreshold(String word, float threshold) {
    if (!words().contains(word)) {
      throw new IllegalArgumentException("word=" + word + ", expected one of " + words());
    }
    Map<String, Float> thresholds = new HashMap<>(settings.thresholds());
    thresholds.put(word, policy().withThreshold(threshold).threshold()); // checked
    return withThresholds(thresholds);
  }

  /** The threshold of a word. */
  public float threshold(String word) {
    return settings.thresholds().getOrDefault(word, policy().threshold());
  }

  private WakeModel withThresholds(Map<String, Float> thresholds) {
    return new WakeModel(
        file, folded, verifier, new OwnSettings(thresholds, settings.secondChance()));
  }

  /** The same model with a second chance after a near miss. A file does not store it. */
  public WakeModel withSecondChance(SecondChance other) {
    return new WakeModel(file, folded, verifier, new OwnSettings(settings.thresholds(), other));
  }

  /**
   * The same model with the threshold that gives so many false alarms per hour of speech.
   *
   * @param rate 0.02 to 10
   * @throws IllegalStateException if the model has no calibration ({@code rouse tune})
   * @throws IllegalArgumentException if the rate is out of range or no threshold gives it
   */
  public WakeModel withFalseAlarmsPerHour(double rate) {
    Calibration.checkRate(rate);
    return withThreshold(
        calibration()
            .orElseThrow(() -> new IllegalStateException(name() + ": has no calibration"))
            .threshold(rate));
  }

  /**
   * The same model with a sensitivity: false alarms per hour on a logarithmic scale, from 0.02 at 0
   * to 10 at 1.
   *
   * @throws IllegalStateException if the model has no calibration ({@code rouse tune})
   * @throws IllegalArgumentException if the sensitivity is out of range or no threshold gives its
   *     rate
   */
  public WakeModel withSensitivity(double sensitivity) {
    if (!(sensitivity >= 0 && sensitivity <= 1)) {
      throw new IllegalArgumentException("sensitivity=" + sensitivity + ", expected 0 to 1");
    }
    return withFalseAlarmsPerHour(Calibration.rateOf(sensitivity));
  }

  /** The same model with a calibration of its false alarms. */
  public WakeModel withCalibration(Calibration other) {
    return new WakeModel(file.with(file.metadata().with(other)), folded, verifier, settings);
  }

  /** The same model with another record of how it was made. */
  public WakeModel with(Provenance other) {
    return new WakeModel(file.with(file.metadata().with(other)), folded, verifier, settings);
  }

  /** The same model with a verifier. It has no calibration, because its scores are others. */
  public WakeModel withVerifier(Verifier other) {
    return new WakeModel(
        file.with(file.metadata().verified(other.json())), folded, other, settings);
  }

  /** The streaming network alone, with the threshold that it has without a verifier. */
  public WakeModel withoutVerifier() {
    return verifier == null
        ? this
        : new WakeModel(file.with(file.metadata().verified(null)), folded, null, settings)
            .withThreshold(verifier.thresholdAlone());
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
        : new WakeModel(new ModelFile(file.metadata(), folded, null), folded, verifier, settings);
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
    if (some.isEmpty() || !words().containsAll(some)) {
      throw new IllegalArgumentException("words=" + some + ", expected some of " + words());
    }
    List<Layer> layers = new ArrayList<>(network().layers());
    int last = layers.size() - 1;
    if (last < 1
        || !(layers.get(last - 1) instanceof Dense all)
        || !(layers.get(last) instanceof Activation end)) {
      throw new IllegalArgumentException(
          name() + ": expected a dense layer and an activation at the end of the network");
    }
    layers.set(last - 1, all.keeping(some.stream().mapToInt(words()::indexOf).toArray()));
    layers.set(last, new Activation(end.function(), some.size()));
    WakeModel model =
        new WakeModel(
            called,
            some,
            features(),
            policy(),
            new Network(layers),
            provenance().with("taken from", name() + ", a model of " + String.join(", ", words())));
    return verifier == null
        ? model
        : model.withVerifier(
            verifier.of(
                some.stream().map(words()::indexOf).collect(Collectors.toUnmodifiableList())));
  }

  /**
   * Writes the model to a temporary file and moves it, so that the path never holds half a model.
   * The file stores the model's name only if it differs from the file name. A model read from a
   * file keeps that file's graph.
   */
  public void write(Path path) throws IOException {
    file.write(path);
  }

  /** Writes the model with weights of this type; Rouse reads it like any other. */
  public void write(Path path, WeightType type) throws IOException {
    file.write(path, type);
  }

  /**
   * Writes a graph for other runtimes that includes more of Rouse's work. Rouse cannot read it
   * back. The metadata key {@code rouse.export} describes its inputs. A verifier is left out, and
   * the threshold is the one without it.
   *
   * @param streaming pass the state from call to call as inputs and outputs
   * @param frontEnd read PCM instead of features
   * @throws IllegalArgumentException if {@code streaming} and the network needs the whole clip, or
   *     if only ONNX Runtime runs the network
   */
  public void export(Path path, WeightType type, boolean streaming, boolean frontEnd)
      throws IOException {
    withoutVerifier().file.export(path, type, streaming, frontEnd);
  }

  /**
   * Writes the verifier as a graph for other runtimes; see {@link Verifier#graph}. Rouse cannot
   * read it back. The metadata key {@code rouse.export} holds what callers need besides.
   *
   * @throws IllegalArgumentException if the model has no verifier
   */
  public void exportVerifier(Path path) throws IOException {
    if (verifier == null) {
      throw new IllegalArgumentException(name() + ": has no verifier");
    }
    file.export(path, verifier);
  }

  /** Whether only ONNX Runtime can run the model; see {@link ForeignReader#read}. */
  public boolean requiresOnnxRuntime() {
    return file.requiresOnnxRuntime();
  }

  /** The model's name: stored in the file, or else the file name without its extension. */
  public String name() {
    return file.metadata().name();
  }

  /** The word of each posterior. */
  public List<String> words() {
    return file.metadata().words();
  }

  /** The features that the network reads. */
  public FeatureSpec features() {
    return file.metadata().features();
  }

  /** The trigger policy. */
  public TriggerPolicy policy() {
    return file.metadata().policy();
  }

  /** The trigger policy of a word, which may have a threshold of its own. */
  public TriggerPolicy policy(int word) {
    Float own = settings.thresholds().get(words().get(word));
    return own == null ? policy() : policy().withThreshold(own);
  }

  /** What a near miss changes; nothing by default. */
  public SecondChance secondChance() {
    return settings.secondChance();
  }

  /** The layers as stored in the file. */
  public Network network() {
    return file.network();
  }

  /** How the model was made. */
  public Provenance provenance() {
    return file.metadata().provenance();
  }

  /** The false alarms by threshold, if the model has been tuned. */
  public Optional<Calibration> calibration() {
    return Optional.ofNullable(file.metadata().calibration());
  }

  /** The network that the native engine runs. */
  public Network folded() {
    return folded;
  }

  /** The graph that ONNX Runtime runs: the file's, or else one made from the layers. */
  public ModelProto graph() {
    return file.runnable();
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
                : GraphRuntime.installed().stream(name(), graph(), network());
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name() + ": " + e.getMessage(), e);
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
    return file.weightsSha256();
  }
}
