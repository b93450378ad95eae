// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.github.rouse.TestModels;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Mel;
import io.github.rouse.feature.MelScale;
import io.github.rouse.feature.Spectrum;
import io.github.rouse.file.JsonFields;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.trigger.Calibration;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataTest {
  private static final Path FILE = Path.of("activate.onnx");
  private static final String CLASSIC = Features.toJson(FeatureSpec.CLASSIC);

  @TempDir Path dir;

  @Test
  void everyFeatureSpecSurvivesJson() {
    for (FeatureSpec spec :
        List.of(
            FeatureSpec.CLASSIC,
            FeatureSpec.LOG_MEL,
            FeatureSpec.PCEN,
            FeatureSpec.MFCC,
            new FeatureSpec(
                16_000, 200, 80, new Spectrum.LogMel(Mel.of(MelScale.SLANEY, 13), 0.1 + 0.2)))) {
      assertEquals(spec, Features.fromJson(JsonFields.parse(Features.toJson(spec))));
    }
  }

  @Test
  void theClassicFeaturesInAFileMatchTheirDefinition() {
    assertEquals(
        "{\"sampleRate\":44100,\"frameLength\":200,\"hop\":80,"
            + "\"spectrum\":{\"kind\":\"powerDensity\",\"rateHz\":8000.0}}",
        CLASSIC);
  }

  @Test
  void featuresAreParsedFromANameOrAFile() throws IOException {
    assertEquals(FeatureSpec.CLASSIC, Features.parse("classic"));
    assertEquals(FeatureSpec.LOG_MEL, Features.parse("logmel"));
    assertEquals(FeatureSpec.PCEN, Features.parse("pcen"));
    assertEquals(FeatureSpec.MFCC, Features.parse("mfcc"));
    Path file = dir.resolve("mine.json");
    Files.writeString(file, Features.toJson(FeatureSpec.MFCC));
    assertEquals(FeatureSpec.MFCC, Features.parse(file.toString()));
    String message =
        assertThrows(IllegalArgumentException.class, () -> Features.parse("mel")).getMessage();
    assertEquals("features=mel, expected classic|logmel|pcen|mfcc|FILE.json", message);
    Files.writeString(file, CLASSIC.replace("\"hop\":80", "\"hop\":0"));
    message =
        assertThrows(ModelFormatException.class, () -> Features.parse(file.toString()))
            .getMessage();
    assertEquals(file + ": hop=0, expected 1 to 200", message);
  }

  @Test
  void everyListedNameParsesToDifferentFeatures() throws IOException {
    Path file = dir.resolve("FILE.json");
    Files.writeString(file, CLASSIC.replace("\"hop\":80", "\"hop\":81"));
    Set<FeatureSpec> specs = new HashSet<>();
    for (String name : Features.NAMES.split("\\|", -1)) {
      specs.add(Features.parse(name.equals("FILE.json") ? file.toString() : name));
    }
    assertEquals(5, specs.size());
  }

  @Test
  void missingMetadataIsNamedWithTheCommandThatSuppliesIt() {
    assertEquals(
        "activate.onnx: no rouse.features in metadata_props: give the features with `rouse import"
            + " activate.onnx --features classic|logmel|pcen|mfcc|FILE.json --word W --out"
            + " MODEL.onnx`",
        refusal(Map.of("rouse.words", "[\"a\"]")));
    String words = refusal(Map.of("rouse.features", CLASSIC));
    assertTrue(words.contains("no rouse.words in metadata_props: give the words"), words);
  }

  @Test
  void policyAndProvenanceMayBeMissing() throws ModelFormatException {
    Metadata read = Metadata.of(file(good()), FILE);
    assertEquals(TriggerPolicy.DEFAULT, read.policy());
    assertEquals(Provenance.NONE, read.provenance());
  }

  @Test
  void aCalibrationSurvivesJsonToTheLastBit() throws IOException {
    List<Float> scores = List.of(1f, Math.nextDown(1f), 0.1f, 1 / 3f, 0.020000001f, 1e-30f);
    Calibration calibration = new Calibration(0.1 + 0.2, 3, scores);
    Path file = dir.resolve("tuned.onnx");
    WakeModel model = TestModels.loudness("loud");
    model.withCalibration(calibration).write(file);
    assertEquals(calibration, WakeModel.read(file).calibration().orElseThrow());
    model.write(file);
    assertTrue(WakeModel.read(file).calibration().isEmpty());
  }

  @Test
  void invalidMetadataIsRejectedByKey() {
    assertRejected("rouse.features", CLASSIC.replace("hop", "hopp"), "hop is missing");
    assertRejected(
        "rouse.features", CLASSIC.replace("{\"k", "{\"x\":1,\"k"), "spectrum.x is unknown");
    assertRejected(
        "rouse.features", CLASSIC.replace("80,", "80.5,"), "hop=80.5, expected a whole number");
    assertRejected(
        "rouse.features", CLASSIC.replace("80,", "\"80\","), "hop=\"80\", expected a number");
    assertRejected("rouse.features", CLASSIC.replace("44100", "1e12"), "sampleRate=1e12");
    assertRejected(
        "rouse.features", CLASSIC.replace("8000.0", "-1"), "rateHz=-1.0, expected more than 0");
    assertRejected("rouse.features", CLASSIC.replace("powerDensity", "lin"), "spectrum.kind=lin");
    assertRejected("rouse.features", CLASSIC + "x", "not JSON");
    assertRejected("rouse.features", CLASSIC + "{}", "not JSON");
    assertRejected("rouse.features", "", "not JSON");
    assertRejected("rouse.features", "[]", "the value is not a JSON object");
    assertRejected("rouse.features", "[".repeat(100_000), "not JSON");
    assertRejected("rouse.words", "\"a\"", "expected an array of strings");
    assertRejected("rouse.words", "[1]", "1, expected a string");
    assertRejected("rouse.version", "2", "2 is newer than this Rouse, which reads 1");
    assertRejected("rouse.version", "[]", "version=[], expected a number");
    assertRejected("rouse.version", "1.5", "version=1.5, expected a whole number");
    assertRejected("rouse.policy", "{\"threshold\":0.5}", "smoothing is missing");
    assertRejected(
        "rouse.policy",
        "{\"threshold\":1.5,\"smoothing\":1,\"patience\":1,\"refractory\":1}",
        "threshold=1.5, expected 0 to 1");
    assertRejected("rouse.provenance", "{\"seed\":7}", "7, expected a string");
    String scores = ",\"scores\":[0.5,0.4,0.3,0.2,0.1]}";
    assertRejected("rouse.calibration", "{\"hours\":1" + scores, "times is missing");
    assertRejected("rouse.calibration", "{\"hours\":1,\"times\":0" + scores, "times=0, expected");
    assertRejected("rouse.calibration", "{\"hours\":0,\"times\":1" + scores, "hours=0.0, expected");
    assertRejected("rouse.name", "7", "7, expected a string");
  }

  private static void assertRejected(String key, String value, String expected) {
    Map<String, String> entries = good();
    entries.put(key, value);
    String message = refusal(entries);
    assertTrue(message.startsWith("activate.onnx: " + key + ": "), message);
    assertTrue(message.contains(expected), message);
    assertEquals(1, message.lines().count(), message);
  }

  private static Map<String, String> good() {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put("rouse.words", "[\"a\"]");
    entries.put("rouse.features", CLASSIC);
    return entries;
  }

  private static String refusal(Map<String, String> entries) {
    return assertThrows(ModelFormatException.class, () -> Metadata.of(file(entries), FILE))
        .getMessage();
  }

  private static ModelProto file(Map<String, String> entries) {
    ModelProto.Builder model = ModelProto.newBuilder();
    entries.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build();
  }
}
