// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.file.JsonFields;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.onnx.OnnxReader;
import io.github.rouse.model.onnx.OnnxWriter;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.StepBatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * A second look at the candidates of a streaming network. A speech encoder reads the last frames
 * before a candidate; the heads of a word give a logit for all of them together. The score is the
 * sigmoid of a weighted mean of both logits. Immutable.
 *
 * <p>The heads judge a window that ends at the candidate and, if there is a gap, a second one of
 * the same length that ends that much earlier. Their logits are averaged. Sounds that fool both
 * networks at the candidate fool the heads less often in the earlier window.
 */
public final class Verifier {
  private static final double CERTAIN = 1e-4; // a posterior nearer to 0 or 1 says no more

  private static final int MOST_FRAMES = 10_000; // that a stream keeps

  private static final String ENTRY = "\"encoder\":\"";

  /** All that are in use: models often hold the same encoder. Guarded by itself. */
  private static final List<WeakReference<Verifier>> KNOWN = new ArrayList<>();

  /**
   * What is learnt for one word.
   *
   * @param networks each from a window of the encoder's vectors, [steps][values], to a logit,
   *     [1][1]; the word's is their mean
   * @param level first posterior from which candidates are verified
   * @param share of the second logit in the mean, 0 to 1
   */
  public record WordHead(List<Network> networks, float level, float share) {
    /** Checks shapes and values. */
    public WordHead {
      networks = List.copyOf(networks);
      if (networks.isEmpty() || networks.stream().anyMatch(n -> n.outputs() != 1)) {
        throw new IllegalArgumentException("networks=" + networks + ", expected one output each");
      }
      if (!(level > 0 && level < 1 && share >= 0 && share <= 1)) {
        throw new IllegalArgumentException(
            "level=" + level + ", share=" + share + ", expected 0 to 1");
      }
    }
  }

  private final String stored; // JSON; what runs is what a file holds
  private final SpeechEncoder encoder;
  private final int windowFrames;
  private final int gap;
  private final int windowSteps;
  private final float thresholdAlone;
  private final List<WordHead> heads;

  private Verifier(String stored, JsonElement parsed, Path path) throws ModelFormatException {
    this.stored = stored;
    JsonFields json = JsonFields.of(parsed);
    windowFrames = json.integer("frames");
    gap = json.integer("gap", 0);
    thresholdAlone = json.single("thresholdAlone");
    String encoded = json.text("encoder");
    List<WordHead> read = new ArrayList<>();
    for (JsonElement element : json.elements("heads")) {
      JsonFields head = JsonFields.of(element);
      List<Network> networks = new ArrayList<>();
      for (JsonElement network : head.elements("networks")) {
        networks.add(OnnxReader.network(proto(network.getAsString(), path), path));
      }
      read.add(new WordHead(networks, head.single("level"), head.single("share")));
      head.end();
    }
    json.end();
    heads = List.copyOf(read);
    SpeechEncoder known = known(encoded);
    encoder = known == null ? SpeechEncoder.of(proto(encoded, path), path) : known;
    for (WordHead head : heads) {
      if (head.networks.stream().anyMatch(n -> n.inputs() != encoder.values())) {
        throw new IllegalArgumentException("a head does not read the encoder's vectors");
      }
    }
    if (windowFrames < encoder.network().firstStepFrames()) {
      throw new IllegalArgumentException("frames=" + windowFrames + ", too few for the encoder");
    }
    int stride = encoder.network().stride();
    if (gap < 0 || gap > MOST_FRAMES - windowFrames || gap % stride != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "frames=%d, gap=%d, expected at most %d together, and a gap of whole steps of %d",
              windowFrames,
              gap,
              MOST_FRAMES,
              stride));
    }
    windowSteps = (windowFrames - encoder.network().firstStepFrames()) / stride + 1;
  }

  /**
   * Assembles a verifier; its weights are rounded to 8 bits, as files hold them.
   *
   * @param windowFrames frames of a window
   * @param gap frames from the end of the earlier window to a candidate, whole steps of the
   *     encoder; 0 for one window
   * @param heads in the order of the model's words
   * @param thresholdAlone the model's threshold without the verifier
   * @throws IllegalArgumentException if the parts do not fit together
   */
  public static Verifier of(
      SpeechEncoder encoder,
      int windowFrames,
      int gap,
      List<WordHead> heads,
      float thresholdAlone) {
    JsonObject json = new JsonObject();
    json.addProperty("frames", windowFrames);
    if (gap > 0) {
      json.addProperty("gap", gap);
    }
    json.addProperty("thresholdAlone", thresholdAlone);
    json.addProperty("encoder", encoded(encoder.proto(WeightType.INT8)));
    JsonArray array = new JsonArray();
    for (WordHead head : heads) {
      JsonObject one = new JsonObject();
      JsonArray networks = new JsonArray();
      for (Network network : head.networks) {
        networks.add(encoded(OnnxWriter.model(network, WeightType.INT8)));
      }
      one.add("networks", networks);
      one.addProperty("level", head.level);
      one.addProperty("share", head.share);
      array.add(one);
    }
    json.add("heads", array);
    return parsed(json);
  }

  private static Verifier parsed(JsonObject json) {
    try {
      return registered(new Verifier(json.toString(), json, Paths.get("verifier")));
    } catch (ModelFormatException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * Reads a verifier from a model's metadata.
   *
   * @param path for messages
   */
  static Verifier parse(String text, Path path) throws ModelFormatException {
    try {
      JsonElement json = JsonFields.parse(text);
      if (!json.isJsonObject()) {
        throw new IllegalArgumentException("expected an object");
      }
      return registered(new Verifier(text, json, path));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, Metadata.VERIFIER, e.getMessage(), e);
    }
  }

  /** The encoder of a verifier in use that holds the same one, or null. */
  private static SpeechEncoder known(String encoded) {
    synchronized (KNOWN) {
      KNOWN.removeIf(one -> one.get() == null);
      for (WeakReference<Verifier> one : KNOWN) {
        Verifier verifier = one.get();
        if (verifier != null && verifier.holds(encoded)) {
          return verifier.encoder;
        }
      }
    }
    return null;
  }

  /** Whether this encoder is the one stored; false if another program wrote the JSON otherwise. */
  private boolean holds(String encoded) {
    int at = stored.indexOf(encoded);
    return at >= 0
        && stored.startsWith(ENTRY, at - ENTRY.length())
        && stored.startsWith("\"", at + encoded.length());
  }

  private static Verifier registered(Verifier verifier) {
    synchronized (KNOWN) {
      KNOWN.add(new WeakReference<>(verifier));
    }
    return verifier;
  }

  /** Deflated, because metadata are text: base64 of the bytes alone would be a sixth longer. */
  private static String encoded(ModelProto model) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater most = new Deflater(Deflater.BEST_COMPRESSION);
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(bytes, most)) {
      model.writeTo(deflated);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not thrown by arrays
    } finally {
      most.end();
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static ModelProto proto(String encoded, Path path) throws ModelFormatException {
    byte[] deflated;
    try {
      deflated = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, Metadata.VERIFIER, "is damaged: " + e.getMessage(), e);
    }
    try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(deflated))) {
      return OnnxFile.read(in, path);
    } catch (ModelFormatException e) {
      throw e;
    } catch (IOException e) {
      throw new ModelFormatException(path, Metadata.VERIFIER, "is damaged: " + e.getMessage(), e);
    }
  }

  /** The form in which a model's metadata holds it. */
  String json() {
    return stored;
  }

  /** Checks that it fits a model. */
  void check(int words, FeatureSpec features) {
    if (heads.size() != words) {
      throw new IllegalArgumentException(
          "verifier of " + heads.size() + " words, expected " + words);
    }
    if (!Features.same(encoder.features(), features)) {
      throw new IllegalArgumentException(
          "verifier reads " + encoder.features() + ", expected the model's " + features);
    }
  }

  /** The heads of some words. */
  Verifier of(List<Integer> words) {
    JsonObject json = JsonFields.parse(stored).getAsJsonObject();
    JsonArray all = json.getAsJsonArray("heads");
    JsonArray some = new JsonArray();
    words.forEach(word -> some.add(all.get(word)));
    json.add("heads", some);
    return parsed(json);
  }

  /**
   * The ONNX graph of all second looks, for other runtimes: {@code features} [1, {@link #frames},
   * bins] to {@code logits} [1, 1, words].
   */
  public ModelProto graph() {
    List<List<Network>> networks = new ArrayList<>();
    heads.forEach(head -> networks.add(head.networks));
    return OnnxWriter.model(encoder.network(), networks, windowSteps, gap > 0);
  }

  /** What callers of {@link #graph} need besides names and shapes, as JSON. */
  String facts() {
    JsonObject facts = new JsonObject();
    facts.addProperty("sample_rate", encoder.features().sampleRate());
    facts.addProperty("frames", frames());
    JsonArray levels = new JsonArray();
    JsonArray shares = new JsonArray();
    for (WordHead head : heads) {
      levels.add(head.level);
      shares.add(head.share);
    }
    facts.add("levels", levels);
    facts.add("shares", shares);
    return facts.toString();
  }

  /** The encoder, shared with other models that hold the same one. */
  public SpeechEncoder encoder() {
    return encoder;
  }

  /** Frames that the encoder reads before a candidate. */
  public int frames() {
    return windowFrames + gap;
  }

  /** Frames from the end of the earlier window to a candidate; 0 if there is one window. */
  public int gap() {
    return gap;
  }

  /**
   * The windows that the heads judge, the last first.
   *
   * @param vectors the encoder's output for {@link #frames} frames
   */
  public List<float[][]> windows(float[][] vectors) {
    float[][] last = Arrays.copyOfRange(vectors, vectors.length - windowSteps, vectors.length);
    return gap == 0 ? List.<float[][]>of(last) : List.of(last, Arrays.copyOf(vectors, windowSteps));
  }

  /** The same with other heads. */
  public Verifier with(List<WordHead> others) {
    return of(encoder, windowFrames, gap, others, thresholdAlone);
  }

  /** The model's threshold without the verifier. */
  public float thresholdAlone() {
    return thresholdAlone;
  }

  /** The heads, in the order of the model's words. */
  public List<WordHead> heads() {
    return heads;
  }

  /**
   * The second look.
   *
   * @param recent the last frames, [{@link #frames}][bins]
   * @return the logit of word {@code word}
   */
  public float logit(int word, float[][] recent) {
    // A stream, unlike Network.forward, shares weights that are laid out once.
    float[][] vectors = encoder.network().start().run(StepBatch.of(recent)).toArray();
    List<float[][]> windows = windows(vectors);
    List<Network> networks = heads.get(word).networks;
    float sum = 0;
    for (float[][] window : windows) {
      for (Network network : networks) {
        sum += network.forward(window)[0][0];
      }
    }
    return sum / (windows.size() * networks.size());
  }

  /**
   * The score of both looks.
   *
   * @param first the streaming network's posterior
   * @param second the logit of {@link #logit}
   */
  public float score(int word, float first, float second) {
    double bounded = Math.max(CERTAIN, Math.min(1 - CERTAIN, first));
    double share = heads.get(word).share;
    double logit = (1 - share) * Math.log(bounded / (1 - bounded)) + share * second;
    return (float) (1 / (1 + Math.exp(-logit)));
  }
}
