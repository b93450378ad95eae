// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.management.ThreadMXBean;
import io.github.rouse.Detector;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.Engine;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.WakeModel;
import io.github.rouse.model.onnx.OnnxFile;
import io.github.rouse.model.openwakeword.OpenWakeWordImport;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * openWakeWord's models here and in ONNX Runtime as openWakeWord runs it, turn by turn in one
 * process: 1,280 samples a call, all 76 frames of an embedding in each, one thread.
 */
public final class OpenWakeWordAgainstOnnxRuntime {
  private static final int CALL = 1280;
  private static final int BEFORE = 480;
  private static final double SECONDS_PER_TURN = 4; // of sound

  private final Path backbone;
  private final float[] sound;
  private final int pairs;

  private OpenWakeWordAgainstOnnxRuntime(Path backbone, float[] sound, int pairs) {
    this.backbone = backbone;
    this.sound = sound;
    this.pairs = pairs;
  }

  /** Hears 1,280 samples. */
  private interface Ears {
    void hear(float[] samples, int from) throws OrtException;
  }

  /**
   * Measures; the arguments are the folder of the models, a minute recorded at 16 kHz, the number
   * of pairs, and the names of heads, the first of which is also measured alone.
   */
  public static void main(String[] args) throws Exception {
    List<String> heads = List.of(args).subList(3, args.length);
    float[] sound = sound(Path.of(args[1]));
    OpenWakeWordAgainstOnnxRuntime all =
        new OpenWakeWordAgainstOnnxRuntime(Path.of(args[0]), sound, Integer.parseInt(args[2]));
    all.compare(heads.subList(0, 1));
    all.compare(heads);
  }

  private static float[] sound(Path file) throws IOException {
    float[][] all = {new float[0]};
    try (AudioFile audio = AudioFile.open(file)) {
      if (audio.sampleRate() != 16_000) {
        throw new IllegalArgumentException(audio.sampleRate() + " Hz, expected 16000");
      }
      audio.play(
          Channel.MIX,
          (samples, from, length) -> {
            int end = all[0].length;
            all[0] = Arrays.copyOf(all[0], end + length);
            System.arraycopy(samples, from, all[0], end, length);
          });
    }
    return all[0];
  }

  private void compare(List<String> heads) throws IOException, OrtException {
    List<WakeModel> models = new ArrayList<>();
    for (String head : heads) {
      OpenWakeWordImport read =
          OpenWakeWordImport.read(backbone.resolve(head + ".onnx"), backbone, List.of());
      models.add(
          new WakeModel(
              head,
              read.words(),
              FeatureSpec.OPEN_WAKE_WORD,
              TriggerPolicy.OPEN_WAKE_WORD,
              read.imported().network(),
              Provenance.of("a benchmark")));
    }
    Detector detector = new Detector(models, 16_000, Engine.NATIVE, event -> {});
    Ears ours = (samples, from) -> detector.accept(samples, from, CALL);
    Ears theirs = new OnnxEars(heads);
    double[] mine = new double[pairs];
    double[] other = new double[pairs];
    double[] ratios = new double[pairs];
    for (int pair = -1; pair < pairs; pair++) {
      double a = secondsPerHour(ours);
      double b = secondsPerHour(theirs);
      if (pair >= 0) {
        mine[pair] = a;
        other[pair] = b;
        ratios[pair] = a / b;
      }
    }
    for (double[] figures : List.of(mine, other, ratios)) {
      Arrays.sort(figures);
    }
    System.out.printf(
        Locale.ROOT,
        "%d heads: %.1f CPU s per hour of sound (%.1f to %.1f), ONNX Runtime %.1f (%.1f to %.1f),"
            + " %.2f times as many (%.2f to %.2f)%n",
        heads.size(),
        mine[pairs / 2],
        mine[0],
        mine[pairs - 1],
        other[pairs / 2],
        other[0],
        other[pairs - 1],
        ratios[pairs / 2],
        ratios[0],
        ratios[pairs - 1]);
  }

  /** CPU seconds for an hour of sound, from a turn's part of it. */
  private double secondsPerHour(Ears ears) throws OrtException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int calls = (int) (SECONDS_PER_TURN * 16_000 / CALL);
    long before = threads.getCurrentThreadCpuTime();
    for (int call = 0; call < calls; call++) {
      ears.hear(sound, call * CALL % (sound.length - CALL));
    }
    return (threads.getCurrentThreadCpuTime() - before) / 1e9 / SECONDS_PER_TURN * 3600;
  }

  /** openWakeWord's calls of ONNX Runtime. */
  private final class OnnxEars implements Ears {
    private final OrtSession melSpectrogram = session("melspectrogram");
    private final OrtSession embedding = session("embedding_model");
    private final List<OrtSession> heads = new ArrayList<>();
    private final List<float[]> embeddings = new ArrayList<>(); // [window][96] of each head
    private final float[] frames = new float[76 * 32];
    private final float[] samples = new float[BEFORE + CALL];

    OnnxEars(List<String> names) throws IOException, OrtException {
      for (String name : names) {
        heads.add(session(name));
        int window =
            (int)
                OnnxFile.read(backbone.resolve(name + ".onnx"))
                    .getGraph()
                    .getInput(0)
                    .getType()
                    .getTensorType()
                    .getShape()
                    .getDim(1)
                    .getDimValue();
        embeddings.add(new float[window * 96]);
      }
    }

    private OrtSession session(String name) throws IOException, OrtException {
      return Ort.session(OnnxFile.read(backbone.resolve(name + ".onnx")));
    }

    @Override
    public void hear(float[] heard, int from) throws OrtException {
      System.arraycopy(samples, CALL, samples, 0, BEFORE);
      for (int i = 0; i < CALL; i++) {
        samples[BEFORE + i] = 32_768 * heard[from + i];
      }
      float[] decibels = run(melSpectrogram, samples, 1, samples.length);
      for (int i = 0; i < decibels.length; i++) {
        decibels[i] = decibels[i] / 10 + 2;
      }
      push(frames, decibels);
      float[] newest = run(embedding, frames, 1, 76, 32, 1);
      for (int h = 0; h < heads.size(); h++) {
        push(embeddings.get(h), newest);
        run(heads.get(h), embeddings.get(h), 1, embeddings.get(h).length / 96, 96);
      }
    }

    private void push(float[] ring, float[] values) {
      System.arraycopy(ring, values.length, ring, 0, ring.length - values.length);
      System.arraycopy(values, 0, ring, ring.length - values.length, values.length);
    }

    private float[] run(OrtSession session, float[] values, long... shape) throws OrtException {
      String input = session.getInputNames().iterator().next();
      try (OnnxTensor tensor =
              OnnxTensor.createTensor(Ort.environment(), FloatBuffer.wrap(values), shape);
          OrtSession.Result result = session.run(Map.of(input, tensor))) {
        FloatBuffer out = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] copy = new float[out.remaining()];
        out.get(copy);
        return copy;
      }
    }
  }
}
