// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.openwakeword;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.rouse.Detector;
import io.github.rouse.NeedsOpenWakeWord;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.detect.DetectionHandler;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.Engine;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.nn.Planes;
import io.github.rouse.trigger.TriggerEvent;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenWakeWordTest {
  private static final Path PUBLISHED = Path.of("target", "openwakeword", "models");
  private static final String TIMERS = "{\"1\": \"one_minute\", \"2\": \"2 minutes\"}";

  @TempDir Path folder;

  /** Loud and soft noise, a tone, a click, digital silence: 11.3 s with an incomplete call. */
  private static short[] sounds() {
    Random random = new Random(3);
    short[] samples = new short[180_777];
    for (int i = 0; i < samples.length; i++) {
      double envelope = 3000 * Math.pow(10, 1.5 * Math.sin(i / 9000.0) - 1);
      double tone = 8000 * Math.sin(i * (0.1 + i * 1e-6)) * (i / 20_000 % 3 == 1 ? 1 : 0);
      samples[i] =
          (short) Math.max(-32_768, Math.min(32_767, envelope * random.nextGaussian() + tone));
    }
    Arrays.fill(samples, 100_000, 125_000, (short) 0);
    samples[110_000] = 32_767;
    return samples;
  }

  private WakeModel model(Path head, Path backbone) throws IOException {
    OpenWakeWordImport read = OpenWakeWordImport.read(head, backbone, List.of());
    Path file = folder.resolve("written-" + head.getFileName());
    new WakeModel(
            "tiny",
            read.words(),
            FeatureSpec.OPEN_WAKE_WORD,
            TriggerPolicy.OPEN_WAKE_WORD,
            read.imported().network(),
            Provenance.of(read.imported().source()))
        .write(file);
    return WakeModel.read(file);
  }

  /** Posteriors of each model on a stream whose chunks are of random length. */
  private static Map<WakeModel, float[][]> posteriors(
      List<WakeModel> models, short[] samples, int longest) {
    return posteriors(models, samples, longest, false);
  }

  /** The same; if {@code saved}, another detector continues after each chunk. */
  private static Map<WakeModel, float[][]> posteriors(
      List<WakeModel> models, short[] samples, int longest, boolean saved) {
    Map<WakeModel, List<float[]>> heard = new LinkedHashMap<>();
    models.forEach(model -> heard.put(model, new ArrayList<>()));
    DetectionHandler handler =
        new DetectionHandler() {
          @Override
          public void event(TriggerEvent event) {}

          @Override
          public void posteriors(WakeModel model, long at, float[] posteriors) {
            assertEquals(1152, at % 1280);
            heard.get(model).add(posteriors.clone());
          }
        };
    Random random = new Random(longest);
    Detector detector = new Detector(models, 16_000, Engine.NATIVE, handler);
    for (int at = 0, n = 0; at < samples.length; at += n) {
      n = Math.min(1 + random.nextInt(longest), samples.length - at);
      detector.accept(samples, at, n);
      if (saved) {
        byte[] state = detector.save();
        detector = new Detector(models, 16_000, Engine.NATIVE, handler);
        detector.restore(state);
      }
    }
    detector.finish();
    Map<WakeModel, float[][]> all = new LinkedHashMap<>();
    heard.forEach((model, steps) -> all.put(model, steps.toArray(float[][]::new)));
    return all;
  }

  private static float[][] posteriors(WakeModel model, short[] samples) {
    return posteriors(List.of(model), samples, 1280).get(model);
  }

  /** The largest difference from ONNX Runtime, which also knows the class of no word. */
  private static double difference(float[][] ours, float[][] theirs) {
    assertEquals(theirs.length, ours.length);
    double largest = 0;
    for (int step = 0; step < ours.length; step++) {
      int skipped = theirs[step].length - ours[step].length;
      for (int word = 0; word < ours[step].length; word++) {
        largest = Math.max(largest, Math.abs(ours[step][word] - theirs[step][word + skipped]));
      }
    }
    return largest;
  }

  private static int window(Path head) throws IOException {
    return HeadReader.window(OnnxFile.read(head));
  }

  private List<Path> tinyHeads(TinyOpenWakeWord tiny) throws IOException {
    return List.of(
        tiny.plain("hey_you_v0.1.onnx", 16),
        tiny.plain("short.onnx", 1),
        tiny.classes("timer_v0.1.onnx", 34, TIMERS),
        tiny.confirmed("sure.onnx", 22, "GreaterOrEqual"));
  }

  @Test
  void headsOfEveryFormAgreeWithOnnxRuntime() throws IOException, OrtException {
    short[] samples = sounds();
    for (Path head : tinyHeads(new TinyOpenWakeWord(folder))) {
      float[][] theirs = new OnnxOpenWakeWord(folder, head, window(head)).outputs(samples);
      double difference = difference(posteriors(model(head, folder), samples), theirs);
      assertTrue(difference < 1e-4, head + ": " + difference);
      double[] first = Arrays.stream(theirs).mapToDouble(outputs -> outputs[0]).sorted().toArray();
      double range = first[first.length - 1] - first[0];
      assertTrue(range > 0.01, head + " gives almost constants: " + range);
    }
  }

  @Test
  void neitherChunksNorOtherHeadsChangeABit() throws IOException {
    short[] samples = sounds();
    List<WakeModel> models = new ArrayList<>();
    for (Path head : tinyHeads(new TinyOpenWakeWord(folder))) {
      models.add(model(head, folder));
    }
    Map<WakeModel, float[][]> together = posteriors(models, samples, 5000);
    Map<WakeModel, float[][]> continued = posteriors(models, samples, 9000, true);
    for (WakeModel model : models) {
      assertTrue(Arrays.deepEquals(together.get(model), continued.get(model)), "saved");
      for (int longest : new int[] {50, 20_000}) {
        float[][] alone = posteriors(List.of(model), samples, longest).get(model);
        assertTrue(Arrays.deepEquals(together.get(model), alone), model.words() + " " + longest);
      }
    }
  }

  @Test
  void headsHaveTheEmbeddingInCommon() throws IOException {
    List<Path> heads = tinyHeads(new TinyOpenWakeWord(folder));
    WakeModel first = model(heads.get(0), folder);
    int embedding =
        (int) first.network().layers().stream().filter(layer -> layer instanceof Planes).count();
    for (Path head : heads) {
      WakeModel other = model(head, folder);
      assertTrue(first.folded().layersLike(other.folded()) > embedding, head.toString());
    }
  }

  @Test
  void wordsAreInTheFilesNameOrTheOutputs() throws IOException {
    TinyOpenWakeWord tiny = new TinyOpenWakeWord(folder);
    assertEquals("hey jarvis", OpenWakeWordImport.word(Path.of("x", "hey_jarvis_v0.1.onnx")));
    assertEquals("hey jarvis", OpenWakeWordImport.word(Path.of("Hey_Jarvis.onnx")));
    assertEquals("ok computer", OpenWakeWordImport.word(Path.of("ok-computer_v1.2.3.ONNX")));
    assertEquals("agent 47 please", OpenWakeWordImport.word(Path.of("agent_47_please.onnx")));
    Path timer = tiny.classes("timer.onnx", 2, TIMERS);
    assertEquals(
        List.of("one minute", "2 minutes"),
        OpenWakeWordImport.read(timer, folder, List.of()).words());
    List<String> given = List.of("a", "b");
    assertEquals(given, OpenWakeWordImport.read(timer, folder, given).words());
  }

  @Test
  void filesOfAnotherKindAreRejectedInOneLine() throws IOException {
    TinyOpenWakeWord tiny = new TinyOpenWakeWord(folder);
    Path head = tiny.plain("head.onnx", 3);
    Path embedding = folder.resolve("embedding_model.onnx");
    Path front = folder.resolve("melspectrogram.onnx");
    rejected("is not an openWakeWord head: its input is not", embedding, folder);
    rejected("no melspectrogram.onnx here", head, folder.resolve("elsewhere"));
    Path nameless = tiny.classes("nameless.onnx", 2, "out");
    rejected("detects 2 words; name each with --word, not [nameless]", nameless, folder);
    rejected(
        "not supported in an openWakeWord head", tiny.confirmed("odd.onnx", 2, "Greater"), folder);
    byte[] right = Files.readAllBytes(embedding);
    Files.write(embedding, Files.readAllBytes(head));
    rejected("embedding_model.onnx: is not openWakeWord's embedding", head, folder);
    Files.write(embedding, right);
    Files.write(front, right);
    rejected("melspectrogram.onnx: is not openWakeWord's front end", head, folder);
    tiny.withOtherFilters();
    rejected("melspectrogram.onnx: is not openWakeWord's front end", head, folder);
  }

  private static void rejected(String reason, Path head, Path backbone) {
    String message =
        assertThrows(IOException.class, () -> OpenWakeWordImport.read(head, backbone, List.of()))
            .getMessage();
    assertTrue(message.contains(reason), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  @NeedsOpenWakeWord
  void thePublishedHeadsAgreeWithOnnxRuntime() throws IOException, OrtException {
    short[] synthetic = sounds();
    short[] spoken = recording("audio-samples/alexa-office.ogg");
    for (String name :
        List.of("alexa", "hey_jarvis", "hey_mycroft", "hey_rhasspy", "timer", "weather")) {
      Path head = PUBLISHED.resolve(name + "_v0.1.onnx");
      OnnxOpenWakeWord reference = new OnnxOpenWakeWord(PUBLISHED, head, window(head));
      WakeModel model = model(head, PUBLISHED);
      double noise = difference(posteriors(model, synthetic), reference.outputs(synthetic));
      double speech = difference(posteriors(model, spoken), reference.outputs(spoken));
      System.out.printf(
          Locale.ROOT,
          "%-12s window %2d, %d words: %.1e on noise, %.1e on speech%n",
          name,
          window(head),
          model.words().size(),
          noise,
          speech);
      assertTrue(noise < 1e-4 && speech < 1e-4, name + ": " + noise + ", " + speech);
    }
  }

  private static short[] recording(String file) throws IOException {
    List<Float> samples = new ArrayList<>();
    try (AudioFile audio = AudioFile.open(Path.of(file))) {
      assertEquals(16_000, audio.sampleRate());
      float[] part = new float[4096];
      for (int n; (n = audio.read(part, part.length)) > 0; ) {
        for (int i = 0; i < n; i++) {
          samples.add(part[i]);
        }
      }
    }
    short[] all = new short[samples.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = (short) Math.round(samples.get(i) * 32_768);
    }
    return all;
  }

  @Test
  void theFirstGroupOfFramesHasFiveAndTheOthersEight() {
    FeatureSpec spec = FeatureSpec.OPEN_WAKE_WORD;
    long[] frames = new long[4];
    Arrays.setAll(frames, call -> spec.frames(1280L * call + 1151));
    assertArrayEquals(new long[] {0, 5, 13, 21}, frames);
  }
}
