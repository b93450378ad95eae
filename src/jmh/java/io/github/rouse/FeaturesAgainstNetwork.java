// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import com.sun.management.ThreadMXBean;
import io.github.rouse.audio.Resampler;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.Engine;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.StepBenchmark;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.StepBatch;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What features cost beside the network that hears them, turn by turn in one process with one
 * thread, in the blocks that a scan of a file and a microphone bring; and what bringing other rates
 * to 16 kHz costs.
 */
public final class FeaturesAgainstNetwork {
  private static final double TURN_SECONDS = 0.05;
  private static final int WARM_UP = 30; // pairs
  private static final int SOUND_SECONDS = 10;
  private static final int SCANNED = 4096; // samples that a scan reads at a time
  private static final int READS_PER_SECOND = 20; // of a microphone
  private static final int MOST_FRAMES = 64; // that a detector gives to networks at a time
  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private FeaturesAgainstNetwork() {}

  /** What is measured: it hears all of the sound. */
  private interface Work {
    void run();
  }

  /** Of a second of sound. */
  private record Cost(double microseconds, double bytes) {}

  /** Compares; the arguments are how many pairs, and which configurations where not all. */
  public static void main(String[] args) throws IOException {
    int pairs = Integer.parseInt(args[0]);
    List<String> wanted = Arrays.asList(args).subList(1, args.length);
    for (Map.Entry<String, WakeModel> entry : models().entrySet()) {
      if (wanted.isEmpty() || wanted.contains(entry.getKey())) {
        WakeModel model = entry.getValue();
        int rate = model.features().sampleRate();
        compare(entry.getKey() + ", scan", model, SCANNED, pairs);
        compare(entry.getKey() + ", microphone", model, rate / READS_PER_SECOND, pairs);
      }
    }
    if (wanted.isEmpty() || wanted.contains("resampler")) {
      resample(44_100, pairs);
      resample(48_000, pairs);
    }
  }

  private static Map<String, WakeModel> models() throws IOException {
    WakeModel jarvis = WakeModel.read(Path.of("models/jarvis.onnx"));
    Map<String, WakeModel> models = new LinkedHashMap<>();
    models.put("jarvis", jarvis);
    models.put("words", WakeModel.read(Path.of("models/multi/words.onnx")));
    models.put("pcen", model(FeatureSpec.PCEN, jarvis.network()));
    models.put("classic", StepBenchmark.classic());
    return models;
  }

  private static WakeModel model(FeatureSpec features, Network network) {
    return new WakeModel(
        "word", List.of("word"), features, TriggerPolicy.DEFAULT, network, Provenance.NONE);
  }

  private static void compare(String name, WakeModel model, int read, int pairs) {
    FeatureSpec spec = model.features();
    float[] sound = TestModels.bursts(spec.sampleRate(), SOUND_SECONDS, 1, 3, 4, 7.5);
    float[][] waiting = new float[MOST_FRAMES][spec.bins()];
    Spectrogram spectrogram = new Spectrogram(spec);
    int[] filled = new int[1];
    Spectrogram.FrameSink sink =
        (frame, level) ->
            System.arraycopy(frame, 0, waiting[filled[0]++ % MOST_FRAMES], 0, frame.length);
    Work features =
        () -> {
          for (int at = 0; at < sound.length; at += read) {
            spectrogram.accept(sound, at, Math.min(read, sound.length - at), sink);
          }
        };
    PosteriorStreams stream = model.start(Engine.NATIVE, 1);
    List<StepBatch> blocks = blocks(spec, sound, read);
    Work network =
        () -> {
          for (StepBatch block : blocks) {
            stream.run(block);
          }
        };
    Cost[] ours = new Cost[pairs];
    Cost[] theirs = new Cost[pairs];
    double[] ratios = new double[pairs];
    for (int pair = -WARM_UP; pair < pairs; pair++) {
      Cost a = cost(features);
      Cost b = cost(network);
      if (pair >= 0) {
        ours[pair] = a;
        theirs[pair] = b;
        ratios[pair] = a.microseconds / b.microseconds;
      }
    }
    Arrays.sort(ratios);
    System.out.printf(
        Locale.ROOT,
        "%-20s features %.0f us, %.0f bytes; network %.0f us, %.0f bytes a second of sound;"
            + " features %.2f of the network (pairs %.2f to %.2f)%n",
        name,
        microseconds(ours),
        bytes(ours),
        microseconds(theirs),
        bytes(theirs),
        ratios[pairs / 2],
        ratios[0],
        ratios[pairs - 1]);
  }

  /** The frames that come with each read, as a detector hands them on. */
  private static List<StepBatch> blocks(FeatureSpec spec, float[] sound, int read) {
    List<StepBatch> blocks = new ArrayList<>();
    Spectrogram spectrogram = new Spectrogram(spec);
    List<float[]> waiting = new ArrayList<>();
    for (int at = 0; at < sound.length; at += read) {
      int length = Math.min(read, sound.length - at);
      spectrogram.accept(sound, at, length, (frame, level) -> waiting.add(frame.clone()));
      for (int from = 0; from < waiting.size(); from += MOST_FRAMES) {
        int to = Math.min(from + MOST_FRAMES, waiting.size());
        blocks.add(StepBatch.of(waiting.subList(from, to).toArray(float[][]::new)));
      }
      waiting.clear();
    }
    return blocks;
  }

  private static void resample(int rate, int pairs) {
    float[] sound = TestModels.bursts(rate, SOUND_SECONDS, 1, 3, 4, 7.5);
    Resampler resampler = new Resampler(rate, FeatureSpec.DEFAULT.sampleRate());
    float[] heard = new float[1];
    Work work =
        () -> {
          for (int at = 0; at < sound.length; at += SCANNED) {
            int read = Math.min(SCANNED, sound.length - at);
            resampler.accept(sound, at, read, (samples, from, length) -> heard[0] += length);
          }
        };
    Cost[] costs = new Cost[pairs];
    for (int turn = -WARM_UP; turn < pairs; turn++) {
      Cost cost = cost(work);
      if (turn >= 0) {
        costs[turn] = cost;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "resampler from %d Hz: %.0f us, %.0f bytes a second of sound%n",
        rate,
        microseconds(costs),
        bytes(costs));
  }

  /** Over as many rounds as a turn lasts; of this thread's own time, whatever else runs. */
  private static Cost cost(Work work) {
    long bytes = THREAD.getCurrentThreadAllocatedBytes();
    long start = THREAD.getCurrentThreadCpuTime(); // ns
    long nanoseconds;
    int rounds = 0;
    do {
      work.run();
      rounds++;
      nanoseconds = THREAD.getCurrentThreadCpuTime() - start;
    } while (nanoseconds < TURN_SECONDS * 1e9);
    double seconds = (double) rounds * SOUND_SECONDS;
    return new Cost(
        nanoseconds / 1e3 / seconds, (THREAD.getCurrentThreadAllocatedBytes() - bytes) / seconds);
  }

  private static double microseconds(Cost[] costs) {
    return Arrays.stream(costs)
        .mapToDouble(Cost::microseconds)
        .sorted()
        .toArray()[costs.length / 2];
  }

  private static double bytes(Cost[] costs) {
    return Arrays.stream(costs).mapToDouble(Cost::bytes).sorted().toArray()[costs.length / 2];
  }
}
