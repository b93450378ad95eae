// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.file.JsonFields;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.trigger.Calibration;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A model file's metadata: JSON under {@code rouse.*} in {@code metadata_props}. */
public record Metadata(
    String name, // null if the file name is the model's name
    List<String> words,
    FeatureSpec features,
    TriggerPolicy policy,
    Provenance provenance,
    Calibration calibration, // null if the model has not been tuned
    String verifier, // as Verifier writes it; null if the model has none
    Integer windowStride) { // null if Rouse runs the graph itself

  static final String EXPORT = "rouse.export"; // written by PortableGraph
  private static final String ENCODER = "rouse.encoder"; // in place of the words
  private static final String PRONUNCIATION = "rouse.pronunciation"; // likewise: which part
  private static final String LETTERS = "rouse.letters";
  private static final String PHONEMES = "rouse.phonemes";
  private static final String PHONES = "rouse.phones"; // in place of the words
  private static final String ENCODER_FILE =
      "rouse.encoder_file"; // beside it, has the first layers
  private static final String ENCODER_SHA256 = "rouse.encoder_sha256"; // of these layers
  static final String VERIFIER = "rouse.verifier";
  private static final int VERSION = 1; // of this metadata, not of Rouse

  /** Copies the words. */
  public Metadata {
    words = List.copyOf(words);
  }

  /** Reads the metadata alone, which is faster than the whole model; the name is never null. */
  public static Metadata read(Path path) throws IOException {
    Metadata metadata = of(OnnxFile.read(path), path);
    return metadata.name() == null ? metadata.named(stem(path)) : metadata;
  }

  /** A file's name without its extension. */
  static String stem(Path path) {
    String file = path.getFileName().toString();
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }

  Metadata named(String other) {
    return new Metadata(
        other, words, features, policy, provenance, calibration, verifier, windowStride);
  }

  Metadata with(TriggerPolicy other) {
    return new Metadata(
        name, words, features, other, provenance, calibration, verifier, windowStride);
  }

  Metadata with(Provenance other) {
    return new Metadata(name, words, features, policy, other, calibration, verifier, windowStride);
  }

  Metadata with(Calibration other) {
    return new Metadata(name, words, features, policy, provenance, other, verifier, windowStride);
  }

  /** With a verifier, as Verifier writes it, or null; without the calibration of other scores. */
  Metadata verified(String other) {
    return new Metadata(name, words, features, policy, provenance, null, other, windowStride);
  }

  public void addTo(ModelProto.Builder model) {
    JsonArray wordArray = new JsonArray();
    words.forEach(wordArray::add);
    // First: a file with the version but not the rest was cut short.
    add(model, "rouse.version", Integer.toString(VERSION));
    if (name != null) {
      add(model, "rouse.name", new JsonPrimitive(name).toString());
    }
    add(model, "rouse.words", wordArray.toString());
    add(model, "rouse.features", Features.toJson(features));
    add(model, "rouse.policy", policy(policy).toString());
    add(model, "rouse.provenance", json(provenance).toString());
    if (verifier != null) {
      add(model, VERIFIER, verifier);
    }
    if (windowStride != null) {
      add(model, "rouse.window_stride", windowStride.toString());
    }
    if (calibration != null) {
      add(model, "rouse.calibration", calibration(calibration).toString());
    }
  }

  /** Adds a speech encoder's metadata. */
  static void addEncoder(ModelProto.Builder model, FeatureSpec features, Provenance provenance) {
    add(model, "rouse.version", Integer.toString(VERSION));
    add(model, ENCODER, "true");
    add(model, "rouse.features", Features.toJson(features));
    add(model, "rouse.provenance", json(provenance).toString());
  }

  /**
   * Adds the metadata of a part of a pronunciation model.
   *
   * @param part encoder or decoder
   */
  static void addPronunciation(
      ModelProto.Builder model,
      String part,
      String letters,
      List<String> phonemes,
      Provenance provenance) {
    JsonArray phonemeArray = new JsonArray();
    phonemes.forEach(phonemeArray::add);
    add(model, "rouse.version", Integer.toString(VERSION));
    add(model, PRONUNCIATION, new JsonPrimitive(part).toString());
    add(model, LETTERS, new JsonPrimitive(letters).toString());
    add(model, PHONEMES, phonemeArray.toString());
    add(model, "rouse.provenance", json(provenance).toString());
  }

  /** Which part of a pronunciation model a file is; null if it is none. */
  static String pronunciationPart(Map<String, String> texts, Path path)
      throws ModelFormatException {
    return read(path, texts, PRONUNCIATION, Metadata::text, null);
  }

  /** Rejects a file that is not this part of a pronunciation model. */
  static void requirePronunciation(Map<String, String> texts, String part, Path path)
      throws ModelFormatException {
    if (!part.equals(pronunciationPart(texts, path))) {
      throw new ModelFormatException(
          path, "", "is not the " + part + " of a pronunciation model: no " + PRONUNCIATION);
    }
  }

  static String letters(Map<String, String> texts, Path path) throws ModelFormatException {
    return read(path, texts, LETTERS, Metadata::text, "");
  }

  static List<String> phonemes(Map<String, String> texts, Path path) throws ModelFormatException {
    return read(path, texts, PHONEMES, Metadata::texts, List.of());
  }

  /** Adds a phone recogniser's metadata. */
  static void addPhones(
      ModelProto.Builder model, List<String> phones, FeatureSpec features, Provenance provenance) {
    JsonArray names = new JsonArray();
    phones.forEach(names::add);
    add(model, "rouse.version", Integer.toString(VERSION));
    add(model, PHONES, names.toString());
    add(model, "rouse.features", Features.toJson(features));
    add(model, "rouse.provenance", json(provenance).toString());
  }

  /** Adds which speech encoder's layers come before those of the file. */
  static void addEncoderFile(ModelProto.Builder model, String name, String sha256) {
    add(model, ENCODER_FILE, new JsonPrimitive(name).toString());
    add(model, ENCODER_SHA256, new JsonPrimitive(sha256).toString());
  }

  /** Name of the file with the encoder; null if the file holds all layers. */
  static String encoderFile(Map<String, String> texts, Path path) throws ModelFormatException {
    return read(path, texts, ENCODER_FILE, Metadata::text, null);
  }

  static String encoderSha256(Map<String, String> texts, Path path) throws ModelFormatException {
    return required(path, texts, ENCODER_SHA256, Metadata::text, "the encoder's hash");
  }

  static boolean isPhones(Map<String, String> texts) {
    return texts.containsKey(PHONES);
  }

  /** A phone recogniser's phones. */
  static List<String> phones(Map<String, String> texts, Path path) throws ModelFormatException {
    if (!isPhones(texts)) {
      throw new ModelFormatException(path, "", "is not a phone recogniser: no " + PHONES);
    }
    return read(path, texts, PHONES, Metadata::texts, null);
  }

  /** A phone recogniser's features. */
  static FeatureSpec phoneFeatures(Map<String, String> texts, Path path)
      throws ModelFormatException {
    phones(texts, path);
    return required(path, texts, "rouse.features", Features::fromJson, "the features");
  }

  static boolean isEncoder(Map<String, String> texts) {
    return texts.containsKey(ENCODER);
  }

  /** A speech encoder's features. */
  static FeatureSpec encoderFeatures(Map<String, String> texts, Path path)
      throws ModelFormatException {
    if (!isEncoder(texts)) {
      throw new ModelFormatException(path, "", "is not a speech encoder: no " + ENCODER);
    }
    return required(path, texts, "rouse.features", Features::fromJson, "the features");
  }

  /** How a model was made. */
  static Provenance provenance(Map<String, String> texts, Path path) throws ModelFormatException {
    return read(path, texts, "rouse.provenance", Metadata::provenance, Provenance.NONE);
  }

  private static JsonObject json(Provenance provenance) {
    JsonObject facts = new JsonObject();
    provenance.facts().forEach(facts::addProperty);
    return facts;
  }

  static void add(ModelProto.Builder model, String key, String value) {
    model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value));
  }

  private static JsonObject policy(TriggerPolicy policy) {
    JsonObject json = new JsonObject();
    json.addProperty("threshold", policy.threshold());
    json.addProperty("smoothing", policy.smoothing());
    json.addProperty("patience", policy.patience());
    json.addProperty("refractory", policy.refractory());
    return json;
  }

  private static JsonObject calibration(Calibration calibration) {
    JsonArray scores = new JsonArray();
    calibration.scores().forEach(scores::add);
    JsonObject json = new JsonObject();
    json.addProperty("hours", calibration.hours());
    json.addProperty("times", calibration.times());
    json.add("scores", scores);
    return json;
  }

  /** A model's metadata by key. */
  static Map<String, String> texts(ModelProto model, Path path) throws ModelFormatException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (StringStringEntryProto entry : model.getMetadataPropsList()) {
      texts.put(entry.getKey(), entry.getValue());
    }
    int version =
        read(path, texts, "rouse.version", value -> JsonFields.integer("version", value), VERSION);
    if (version > VERSION) {
      throw new ModelFormatException(
          path, "rouse.version", version + " is newer than this Rouse, which reads " + VERSION);
    }
    return texts;
  }

  static Metadata of(ModelProto model, Path path) throws ModelFormatException {
    Map<String, String> texts = texts(model, path);
    if (isEncoder(texts)) {
      throw new ModelFormatException(
          path, "", "is a speech encoder; it detects no words by itself");
    }
    if (texts.containsKey(PRONUNCIATION)) {
      throw new ModelFormatException(
          path, "", "is part of a pronunciation model; it detects no words");
    }
    if (isPhones(texts)) {
      throw new ModelFormatException(
          path, "", "is a phone recogniser; give it to rouse phones or rouse spot");
    }
    if (texts.containsKey(EXPORT)) {
      throw new ModelFormatException(
          path, "", "is an export for other runtimes; give Rouse the original model");
    }
    for (String key : List.of("rouse.policy", "rouse.provenance")) {
      if (texts.containsKey("rouse.version") && !texts.containsKey(key)) {
        throw new ModelFormatException(
            path, "", "no " + key + " in metadata_props beside rouse.version: cut short");
      }
    }
    return new Metadata(
        read(path, texts, "rouse.name", Metadata::text, null),
        required(path, texts, "rouse.words", Metadata::texts, "the words"),
        required(path, texts, "rouse.features", Features::fromJson, "the features"),
        read(path, texts, "rouse.policy", Metadata::policy, TriggerPolicy.DEFAULT),
        provenance(texts, path),
        read(path, texts, "rouse.calibration", Metadata::calibration, null),
        texts.get(VERIFIER),
        read(path, texts, "rouse.window_stride", Metadata::windowStride, null));
  }

  private static <T> T required(
      Path path,
      Map<String, String> texts,
      String key,
      Function<JsonElement, T> reader,
      String what)
      throws ModelFormatException {
    if (!texts.containsKey(key)) {
      throw new ModelFormatException(
          path,
          "",
          String.format(
              "no %s in metadata_props: give %s with `rouse import %s --features %s --word W"
                  + " --out MODEL.onnx`",
              key, what, path.getFileName(), Features.NAMES));
    }
    return read(path, texts, key, reader, null);
  }

  private static <T> T read(
      Path path, Map<String, String> texts, String key, Function<JsonElement, T> reader, T fallback)
      throws ModelFormatException {
    String text = texts.get(key);
    if (text == null) {
      return fallback;
    }
    try {
      return reader.apply(JsonFields.parse(text));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(path, key, e.getMessage(), e);
    }
  }

  private static String text(JsonElement value) {
    if (!(value instanceof JsonPrimitive p && p.isString())) {
      throw new IllegalArgumentException(value + ", expected a string");
    }
    return value.getAsString();
  }

  private static List<String> texts(JsonElement value) {
    if (!value.isJsonArray()) {
      throw new IllegalArgumentException(value + ", expected an array of strings");
    }
    List<String> words = new ArrayList<>();
    value.getAsJsonArray().forEach(word -> words.add(text(word)));
    return words;
  }

  private static TriggerPolicy policy(JsonElement value) {
    JsonFields json = JsonFields.of(value);
    TriggerPolicy policy =
        new TriggerPolicy(
            json.single("threshold"),
            json.integer("smoothing"),
            json.integer("patience"),
            json.single("refractory"));
    json.end();
    return policy;
  }

  private static Integer windowStride(JsonElement value) {
    int stride = JsonFields.integer("stride", value);
    if (stride < 1) {
      throw new IllegalArgumentException(stride + ", expected at least 1");
    }
    return stride;
  }

  private static Calibration calibration(JsonElement value) {
    JsonFields json = JsonFields.of(value);
    Calibration calibration =
        new Calibration(json.real("hours"), json.integer("times"), json.singles("scores"));
    json.end();
    return calibration;
  }

  private static Provenance provenance(JsonElement value) {
    if (!value.isJsonObject()) {
      throw new IllegalArgumentException(value + ", expected an object of strings");
    }
    Map<String, String> facts = new LinkedHashMap<>();
    value.getAsJsonObject().asMap().forEach((name, fact) -> facts.put(name, text(fact)));
    return new Provenance(facts);
  }
}
