// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.SpeechBounds;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.train.data.augment.Power;
import io.github.rouse.train.data.augment.SoundPath;
import io.github.rouse.train.data.augment.Unvaried;
import io.github.rouse.train.recipe.Recipe.Augmentation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Writes a word's recordings as other microphones and talkers would make them, a folder for each
 * condition: noise at 10 dB, 25 dB softer, sampled at 8 kHz, in far rooms, in running speech.
 * {@code models/condition-clips.sh} runs it.
 */
final class ConditionClips {
  private static final int RATE = 16_000;
  private static final double NOISE_DB = 10;
  private static final double SOFT_DB = -25;
  private static final Augmentation FAR =
      new Augmentation(
          0,
          Unvaried.VOICE,
          0,
          new Augmentation.NoisePlan(1, 12, 24, 0),
          0,
          0,
          0,
          new Augmentation.Capture(1, 0, 0));
  private static final double TAIL_SECONDS = 0.5; // kept of a room after the word
  private static final double AROUND_SECONDS = 1.3; // of running speech on each side
  private static final double GAP_SECONDS = 0.3; // most between speech and word
  private static final int FADE = RATE / 50;

  private final Path folder;
  private final Noise noise;
  private final Noise voices;
  private final Noise.Decoded decoded = new Noise.Decoded(RATE);
  private final SoundPath room = new SoundPath(FAR, RATE, List.of());
  private final SplittableRandom random;

  private ConditionClips(Path folder, List<Path> noises, List<Path> talk) {
    this.folder = folder;
    noise = new Noise(recordings(noises), recordings(talk));
    voices = new Noise(recordings(talk), List.of());
    random = new SplittableRandom(folder.getFileName().toString().hashCode());
  }

  /**
   * Writes the folders.
   *
   * @param paths the folder to write to, the word's recordings, other speech; then all noise
   */
  public static void main(String[] paths) throws IOException {
    List<Path> noises = new ArrayList<>();
    for (int i = 3; i < paths.length; i++) {
      noises.add(Path.of(paths[i]));
    }
    List<Path> talk = files(Path.of(paths[2]));
    ConditionClips clips = new ConditionClips(Path.of(paths[0]), noises, talk);
    int turn = 0;
    for (Path recording : files(Path.of(paths[1]))) {
      clips.write(recording, turn++);
    }
  }

  private static List<Path> files(Path path) throws IOException {
    try (Stream<Path> found = Files.walk(path)) {
      return found.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<Recording> recordings(List<Path> files) {
    return files.stream().map(file -> new Recording(file, "")).toList();
  }

  private void write(Path recording, int turn) throws IOException {
    String name = recording.getFileName().toString().replaceFirst("[.][^.]*$", "") + ".wav";
    float[] clip = new Recording(recording, "").samples(RATE);
    SpeechBounds speech = SpeechBounds.of(clip, RATE);
    double power = Power.of(clip, speech.start(), speech.end());
    save("noise", name, noisy(clip, power, turn), RATE);
    save("soft", name, scaled(clip, Math.pow(10, SOFT_DB / 20)), RATE);
    save("8kHz", name, resampled(clip), RATE / 2);
    save("far", name, far(clip, power, turn), RATE);
    save("running", name, running(clip, speech, power, turn), RATE);
  }

  private float[] noisy(float[] clip, double power, int turn) throws IOException {
    float[] noisy = noise.under(turn, clip.length, decoded); // of power 1
    double factor = Math.sqrt(power / Math.pow(10, NOISE_DB / 10));
    for (int i = 0; i < noisy.length; i++) {
      noisy[i] = (float) (clip[i] + factor * noisy[i]);
    }
    return noisy;
  }

  private static float[] scaled(float[] clip, double factor) {
    float[] scaled = clip.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= (float) factor;
    }
    return scaled;
  }

  private static float[] resampled(float[] clip) {
    float[] half = new float[clip.length];
    int[] filled = {0};
    Resampler resampler = new Resampler(RATE, RATE / 2);
    SampleSink sink =
        (samples, from, length) -> {
          System.arraycopy(samples, from, half, filled[0], length);
          filled[0] += length;
        };
    resampler.accept(clip, 0, clip.length, sink);
    resampler.finish(sink);
    return Arrays.copyOf(half, filled[0]);
  }

  private float[] far(float[] clip, double power, int turn) throws IOException {
    float[] far = Arrays.copyOf(clip, clip.length + (int) (TAIL_SECONDS * RATE));
    Noise alone = new Noise(noise.recordings(), List.of());
    float[] under = alone.under(turn, far.length, decoded);
    room.record(far, power, () -> under, random);
    return far;
  }

  /** The word between two pieces of other speech of its level, close together or overlapping. */
  private float[] running(float[] clip, SpeechBounds speech, double power, int turn)
      throws IOException {
    int from = Math.max(0, speech.start() - 2 * FADE);
    float[] word = Arrays.copyOfRange(clip, from, Math.min(clip.length, speech.end() + 2 * FADE));
    int around = (int) (AROUND_SECONDS * RATE);
    int start = around + gap();
    int after = start + word.length + gap();
    float[] running = new float[after + around];
    double factor = Math.sqrt(power);
    add(scaled(voices.under(2 * turn, around, decoded), factor), running, 0);
    add(word, running, start);
    add(scaled(voices.under(2 * turn + 1, around, decoded), factor), running, after);
    return running;
  }

  private int gap() {
    return random.nextInt((int) (GAP_SECONDS * RATE)) - FADE;
  }

  /** Adds a sound with short fades at both ends. */
  private static void add(float[] sound, float[] to, int at) {
    for (int i = 0; i < sound.length; i++) {
      float inside = Math.min(i, sound.length - 1 - i) / (float) FADE;
      to[at + i] += Math.min(1, inside) * sound[i];
    }
  }

  private void save(String condition, String name, float[] samples, int rate) throws IOException {
    Path target = folder.resolve(condition).resolve(name);
    Files.createDirectories(target.getParent());
    try (WavWriter out = new WavWriter(target, rate, 1)) {
      out.write(samples, 0, samples.length);
      out.commit();
    }
  }
}
