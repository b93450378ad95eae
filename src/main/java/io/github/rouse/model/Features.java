// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Mel;
import io.github.rouse.feature.MelScale;
import io.github.rouse.feature.Spectrum;
import io.github.rouse.file.JsonFields;
import io.github.rouse.model.onnx.ModelFormatException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Locale;

/** Parses feature specs, by name or as JSON, and writes them as JSON. */
public final class Features {
  /** The values that {@link #parse} accepts. */
  public static final String NAMES = "classic|logmel|pcen|mfcc|FILE.json";

  private Features() {}

  /**
   * Parses the name of a spec, or reads it from a JSON file in the format of a model's {@code
   * rouse.features}.
   *
   * @param text one of {@link #NAMES}
   * @throws IOException if the file cannot be read or is invalid
   * @throws IllegalArgumentException if it is neither a name nor a JSON file
   */
  public static FeatureSpec parse(String text) throws IOException {
    return switch (text) {
      case "classic" -> FeatureSpec.CLASSIC;
      case "logmel" -> FeatureSpec.LOG_MEL;
      case "pcen" -> FeatureSpec.PCEN;
      case "mfcc" -> FeatureSpec.MFCC;
      default -> {
        if (!text.toLowerCase(Locale.ROOT).endsWith(".json")) {
          throw new IllegalArgumentException("features=" + text + ", expected " + NAMES);
        }
        yield read(Paths.get(text));
      }
    };
  }

  private static FeatureSpec read(Path file) throws IOException {
    try {
      return fromJson(JsonFields.parse(String.join("\n", Files.readAllLines(file))));
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new ModelFormatException(file, "", e.getMessage(), e);
    }
  }

  /** The spec as one line of JSON. */
  static String toJson(FeatureSpec spec) {
    JsonObject json = new JsonObject();
    json.addProperty("sampleRate", spec.sampleRate());
    json.addProperty("frameLength", spec.frameLength());
    json.addProperty("hop", spec.hop());
    json.add("spectrum", spectrum(spec.spectrum()));
    return json.toString();
  }

  /**
   * Whether two specs are equal. Compares text: a record's equals is made at run time, which takes
   * a start tens of milliseconds and a listener memory.
   */
  public static boolean same(FeatureSpec a, FeatureSpec b) {
    return toJson(a).equals(toJson(b));
  }

  private static JsonObject spectrum(Spectrum spectrum) {
    JsonObject json = new JsonObject();
    if (spectrum instanceof Spectrum.PowerDensity d) {
      json.addProperty("kind", "powerDensity");
      json.addProperty("rateHz", d.rateHz());
    } else if (spectrum instanceof Spectrum.LogMel l) {
      json.addProperty("kind", "logMel");
      json.add("mel", mel(l.mel()));
      json.addProperty("floor", l.floor());
    } else if (spectrum instanceof Spectrum.Pcen p) {
      json.addProperty("kind", "pcen");
      json.add("mel", mel(p.mel()));
      json.addProperty("s", p.s());
      json.addProperty("alpha", p.alpha());
      json.addProperty("delta", p.delta());
      json.addProperty("r", p.r());
      json.addProperty("eps", p.eps());
    } else if (spectrum instanceof Spectrum.Mfcc m) {
      json.addProperty("kind", "mfcc");
      json.add("mel", mel(m.mel()));
      json.addProperty("floor", m.floor());
      json.addProperty("coefficients", m.coefficients());
    } else {
      json.addProperty("kind", "openWakeWord");
    }
    return json;
  }

  private static JsonObject mel(Mel mel) {
    JsonObject json = new JsonObject();
    json.addProperty("scale", mel.scale().name().toLowerCase(Locale.ROOT));
    json.addProperty("bands", mel.bands());
    json.addProperty("lowHz", mel.lowHz());
    json.addProperty("highHz", mel.highHz());
    return json;
  }

  static FeatureSpec fromJson(JsonElement value) {
    JsonFields json = JsonFields.of(value);
    int sampleRate = json.integer("sampleRate");
    int frameLength = json.integer("frameLength");
    int hop = json.integer("hop");
    Spectrum spectrum = spectrum(json.object("spectrum"));
    json.end();
    return new FeatureSpec(sampleRate, frameLength, hop, spectrum);
  }

  private static Spectrum spectrum(JsonFields json) {
    String kind = json.text("kind");
    Spectrum spectrum =
        switch (kind) {
          case "powerDensity" -> new Spectrum.PowerDensity(json.real("rateHz"));
          case "logMel" -> new Spectrum.LogMel(mel(json.object("mel")), json.real("floor"));
          case "pcen" ->
              new Spectrum.Pcen(
                  mel(json.object("mel")),
                  json.real("s"),
                  json.real("alpha"),
                  json.real("delta"),
                  json.real("r"),
                  json.real("eps"));
          case "mfcc" ->
              new Spectrum.Mfcc(
                  mel(json.object("mel")), json.real("floor"), json.integer("coefficients"));
          case "openWakeWord" -> new Spectrum.OpenWakeWord();
          default ->
              throw new IllegalArgumentException(
                  "spectrum.kind="
                      + kind
                      + ", expected powerDensity, logMel, pcen, mfcc or openWakeWord");
        };
    json.end();
    return spectrum;
  }

  private static Mel mel(JsonFields json) {
    String name = json.text("scale");
    MelScale scale =
        switch (name) {
          case "htk" -> MelScale.HTK;
          case "slaney" -> MelScale.SLANEY;
          default ->
              throw new IllegalArgumentException(
                  "spectrum.mel.scale=" + name + ", expected htk or slaney");
        };
    Mel mel = new Mel(scale, json.integer("bands"), json.real("lowHz"), json.real("highHz"));
    json.end();
    return mel;
  }
}
