// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.model.Verifier;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.ModelFormatException;
import io.github.rouse.model.onnx.WeightType;
import io.github.rouse.nn.Network;
import io.github.rouse.trigger.TriggerEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose word is any loud sound, and a verifier that likes or dislikes what it hears. */
class VerifierTest {
  @TempDir Path folder;

  private final WakeModel loud = TestModels.loudness("loud");
  private final float[] sound = TestModels.bursts(16_000, 6, 1, 2.5, 4);

  private static List<TriggerEvent> events(WakeModel model, float[] samples, int chunk) {
    List<TriggerEvent> events = new ArrayList<>();
    try (Detector detector = new Detector(model, events::add)) {
      for (int from = 0; from < samples.length; from += chunk) {
        detector.accept(samples, from, Math.min(chunk, samples.length - from));
      }
      detector.finish();
    }
    return events;
  }

  @Test
  void whatTheVerifierDislikesIsNoEvent() {
    assertEquals(3, events(loud, sound, 4096).size());
    assertEquals(
        3, events(loud.withVerifier(VerifiedModels.verifier(8, 0.5f)), sound, 4096).size());
    assertEquals(
        List.of(), events(loud.withVerifier(VerifiedModels.verifier(-40, 0.5f)), sound, 4096));
  }

  @Test
  void eventsCarryBothLooksAndTheirScore() {
    Verifier verifier = VerifiedModels.verifier(3, 0.25f);
    for (TriggerEvent event : events(loud.withVerifier(verifier), sound, 4096)) {
      double first = Math.log(event.looks().first() / (1 - event.looks().first()));
      double second = Math.log(event.looks().second() / (1 - event.looks().second()));
      double mean = 0.75 * first + 0.25 * second;
      assertEquals(1 / (1 + Math.exp(-mean)), event.score(), 1e-4);
      assertEquals(3, second, 0.5);
    }
    events(loud, sound, 4096).forEach(event -> assertNull(event.looks()));
  }

  @Test
  void theSecondLookJudgesTwoWindows() {
    Verifier verifier = VerifiedModels.verifier(1, 0.5f);
    assertEquals(40 + VerifiedModels.GAP, verifier.frames());
    Verifier one = Verifier.of(verifier.encoder(), 40, 0, verifier.heads(), 0.4f);
    assertEquals(40, one.frames());
    List<float[]> frames = new ArrayList<>();
    new Spectrogram(loud.features())
        .accept(sound, 0, sound.length, (values, level) -> frames.add(values.clone()));
    List<TriggerEvent> events = events(loud.withVerifier(verifier), sound, 4096);
    assertFalse(events.isEmpty());
    for (TriggerEvent event : events) {
      int end = (int) loud.features().frames(event.at());
      float last = one.logit(0, frames.subList(end - 40, end).toArray(float[][]::new));
      end -= VerifiedModels.GAP;
      float earlier = one.logit(0, frames.subList(end - 40, end).toArray(float[][]::new));
      assertNotEquals(last, earlier);
      double second = 1 / (1 + Math.exp(-(last + earlier) / 2));
      assertEquals(second, event.looks().second(), 1e-6);
    }
  }

  @Test
  void resultsDoNotDependOnHowTheSoundIsCut() {
    WakeModel model = loud.withVerifier(VerifiedModels.verifier(1, 0.5f));
    List<TriggerEvent> whole = events(model, sound, sound.length);
    assertFalse(whole.isEmpty());
    for (int chunk : new int[] {1, 7, 160, 4096}) {
      assertEquals(whole, events(model, sound, chunk), "chunks of " + chunk);
    }
  }

  @Test
  void aWordInTheFirstFramesIsVerifiedToo() {
    float[] early = Arrays.copyOfRange(sound, 15_500, 32_000);
    assertEquals(1, events(loud.withVerifier(VerifiedModels.verifier(8, 0.5f)), early, 160).size());
  }

  @Test
  void silenceThatIsSkippedDoesNotMatter() {
    float[] quiet = new float[16_000 * 12];
    System.arraycopy(sound, 0, quiet, 0, 16_000 * 2);
    System.arraycopy(sound, 16_000 * 2, quiet, 16_000 * 9, 16_000 * 2);
    WakeModel model = loud.withVerifier(VerifiedModels.verifier(1, 0.5f));
    List<TriggerEvent> whole = events(model, quiet, quiet.length);
    assertEquals(2, whole.size());
    assertEquals(whole, events(model, quiet, 77));
  }

  @Test
  void aFileKeepsTheVerifierToTheBit() throws IOException {
    WakeModel model = loud.withVerifier(VerifiedModels.verifier(0.3f, 0.5f));
    Path file = folder.resolve("loud.onnx");
    model.write(file);
    WakeModel read = WakeModel.read(file);
    assertEquals(events(model, sound, 4096), events(read, sound, 4096));
    Path again = folder.resolve("again.onnx");
    read.write(again, WeightType.INT8);
    Verifier kept = WakeModel.read(again).verifier().orElseThrow();
    assertEquals(model.verifier().orElseThrow().encoder().sha256(), kept.encoder().sha256());
    assertSame(read.verifier().orElseThrow().encoder(), kept.encoder());
  }

  @Test
  void withoutTheVerifierTheNetworkDecidesByItsOwnThreshold() {
    WakeModel model = loud.withVerifier(VerifiedModels.verifier(-40, 0.5f)).withoutVerifier();
    assertTrue(model.verifier().isEmpty());
    assertEquals(0.4f, model.policy().threshold());
    assertEquals(3, events(model, sound, 4096).size());
    assertSame(loud, loud.withoutVerifier());
  }

  @Test
  void aVectorDependsOnTheReceptiveFieldAlone() {
    Network network = VerifiedModels.encoder().network();
    Random random = new Random(3);
    float[][] frames = new float[60][loud.features().bins()];
    for (float[] frame : frames) {
      for (int i = 0; i < frame.length; i++) {
        frame[i] = random.nextFloat();
      }
    }
    float[][] all = network.forward(frames);
    for (int step = 0; step < all.length; step++) {
      int from = step * network.stride();
      float[][] field = Arrays.copyOfRange(frames, from, from + network.receptiveField());
      assertEquals(
          Arrays.toString(all[step]), Arrays.toString(network.forward(field)[0]), "step " + step);
    }
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    WakeModel two = TestModels.loudness(List.of("a", "b"), 2, 3);
    String words =
        assertThrows(
                IllegalArgumentException.class,
                () -> two.withVerifier(VerifiedModels.verifier(0, 0.5f)))
            .getMessage();
    assertEquals("verifier of 1 words, expected 2", words);
    WakeModel other = TestModels.random("x", FeatureSpec.PCEN, 1);
    assertThrows(
        IllegalArgumentException.class, () -> other.withVerifier(VerifiedModels.verifier(0, 0.5f)));
    assertThrows(
        IllegalArgumentException.class, () -> new Verifier.WordHead(List.of(), 0.1f, 0.5f));
  }

  @Test
  void anEncoderIsNoDetector() throws IOException {
    Path file = folder.resolve("encoder.onnx");
    VerifiedModels.encoder().write(file, WeightType.FP32);
    assertEquals(VerifiedModels.encoder().sha256(), SpeechEncoder.read(file).sha256());
    String detector =
        assertThrows(ModelFormatException.class, () -> WakeModel.read(file)).getMessage();
    assertTrue(detector.endsWith("is a speech encoder; it detects no words by itself"), detector);
    Path model = folder.resolve("loud.onnx");
    loud.write(model);
    assertThrows(ModelFormatException.class, () -> SpeechEncoder.read(model));
  }
}
