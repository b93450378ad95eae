// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.verifier;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.feature.Spectrogram;
import io.github.rouse.model.SpeechEncoder;
import io.github.rouse.nn.Network;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.ClipSynthesizer;
import io.github.rouse.train.data.ClipSynthesizer.Clip;
import io.github.rouse.train.data.ClipSynthesizer.Spoken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * The encoder's vectors of synthesised clips, and which windows of them end just after a word. A
 * window is what a verifier reads at once.
 */
final class WindowSet {
  private static final double EARLIEST_SECONDS = 0.02; // after a word's end, where candidates are
  private static final double LATEST_SECONDS = 0.45;
  private static final double UNSURE_SECONDS = 1; // after a word's end, until it is out of sight
  private static final int EVERY = 2; // steps from one negative window to the next

  /**
   * One window.
   *
   * @param clip its number
   * @param end the step after its last one
   */
  record EncodedWindow(int clip, int end) {}

  private final SpeechEncoder encoder;
  private final int steps;
  private final List<float[][]> vectors = new ArrayList<>(); // [clips][steps][values]
  private final List<List<Spoken>> spoken = new ArrayList<>(); // [clips]

  /**
   * Synthesises clips and encodes them.
   *
   * @param frames of a window
   * @param count of clips
   */
  WindowSet(
      SpeechEncoder encoder,
      int frames,
      ClipSynthesizer synthesizer,
      int count,
      WorkerPool workers,
      IntConsumer progress,
      BooleanSupplier stopped) {
    this.encoder = encoder;
    Network network = encoder.network();
    steps = (frames - network.firstStepFrames()) / network.stride() + 1;
    float[][][] encoded = new float[count][][];
    List<List<Spoken>> words = new ArrayList<>(Collections.nCopies(count, List.of()));
    AtomicInteger done = new AtomicInteger();
    workers.each(
        count,
        (part, from, to, product) -> {
          for (int i = from; i < to && !stopped.getAsBoolean(); i++) {
            Clip clip = synthesizer.clip(i);
            encoded[i] = network.forward(frames(clip.samples()));
            words.set(i, clip.spoken());
            progress.accept(done.incrementAndGet() * 100 / count);
          }
        });
    vectors.addAll(Arrays.asList(encoded)); // with gaps if stopped
    spoken.addAll(words);
  }

  private float[][] frames(float[] samples) {
    FeatureSpec spec = encoder.features();
    List<float[]> frames = new ArrayList<>();
    new Spectrogram(spec)
        .accept(samples, 0, samples.length, (values, level) -> frames.add(values.clone()));
    return frames.toArray(float[][]::new);
  }

  /** Steps of a window. */
  int steps() {
    return steps;
  }

  /** Values of a step. */
  int values() {
    return encoder.values();
  }

  /** The windows that end just after a word. */
  List<EncodedWindow> after(int word) {
    return windows(word, true, 1);
  }

  /** The windows that do not end just after a word; unclear ones are left out. */
  List<EncodedWindow> others(int word) {
    return windows(word, false, EVERY);
  }

  private List<EncodedWindow> windows(int word, boolean after, int every) {
    List<EncodedWindow> found = new ArrayList<>();
    for (int clip = 0; clip < vectors.size(); clip++) {
      for (int end = steps; end <= vectors.get(clip).length; end += every) {
        Boolean is = isAfter(clip, end, word);
        if (is != null && is == after) {
          found.add(new EncodedWindow(clip, end));
        }
      }
    }
    return found;
  }

  /** Whether a window ends just after a word; null where it could be taken either way. */
  private Boolean isAfter(int clip, int end, int word) {
    long seen = seenUntil(end);
    for (Spoken one : spoken.get(clip)) {
      double after = (double) (seen - one.end()) / encoder.features().sampleRate();
      int middle = (one.start() + one.end()) / 2;
      if (one.word() != word || after > UNSURE_SECONDS || seen < middle) {
        continue;
      }
      boolean just = after >= EARLIEST_SECONDS && after <= LATEST_SECONDS;
      return just ? true : null;
    }
    return false;
  }

  /** The end of the sound that step {@code end - 1} has seen, in samples of the clip. */
  private long seenUntil(int end) {
    FeatureSpec spec = encoder.features();
    Network network = encoder.network();
    long frame = network.firstStepFrames() - 1 + (long) (end - 1) * network.stride();
    return frame * spec.hop() + spec.frameLength();
  }

  /** How many steps of a window that ends just after a word precede it: they saw none of it. */
  int stepsBefore(EncodedWindow window, int word) {
    long seen = seenUntil(window.end);
    int start =
        spoken.get(window.clip).stream()
            .filter(one -> one.word() == word && one.end() <= seen)
            .mapToInt(Spoken::start)
            .max()
            .orElseThrow(() -> new IllegalArgumentException(window + " is not after " + word));
    int before = 0;
    while (before < steps && seenUntil(window.end - steps + 1 + before) <= start) {
      before++;
    }
    return before;
  }

  /** Copies the last {@code count} steps of a window over the first ones of a place in a batch. */
  void copyEnd(EncodedWindow window, int count, float[] to, int place, int clips) {
    float[][] clip = vectors.get(window.clip);
    for (int t = 0; t < count; t++) {
      float[] from = clip[window.end - count + t];
      System.arraycopy(from, 0, to, (t * clips + place) * from.length, from.length);
    }
  }

  /** Copies a window's steps to a place in a batch, [steps][clips][values]. */
  void copy(EncodedWindow window, float[] to, int place, int clips) {
    copyEnd(window, steps, to, place, clips);
  }
}
