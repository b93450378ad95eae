// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.reliability;

import io.github.rouse.Shared;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleCollector;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Endless sound of a room, always the same for a seed: people talk more than half of the time and
 * say the words now and then, at changing levels, with and without noise; in between it is quiet.
 */
final class SoakSound {
  /** What a scene is made of. */
  enum Kind {
    SPEECH,
    LEVEL_JUMPS,
    DC_OFFSET,
    CLIPPED,
    DENORMALS,
    NOISE,
    SILENCE
  }

  private static final int RATE = 16_000;
  private static final int MOST_OF_A_FOLDER = 40; // files
  private static final int MOST_OF_A_FILE = 60 * RATE; // samples
  private static final double WORD_EVERY = 8; // recordings of people talking

  private final List<short[]> talk = new ArrayList<>();
  private final List<short[]> words = new ArrayList<>();
  private final float[] noise = new float[1 << 18]; // white, looped
  private final SplittableRandom random;
  private final Map<Kind, Long> samples = new EnumMap<>(Kind.class);
  private Kind kind = Kind.SPEECH;
  private long left; // samples of the scene
  private short[] clip = new short[0];
  private int at; // in the clip
  private float gain = 1;
  private float hiss;
  private float offset;
  private int place; // in the noise

  SoakSound(long seed) throws IOException {
    random = new SplittableRandom(seed);
    if (Shared.isHere()) {
      for (String folder : List.of("readers", "stories", "kathleen", "accents")) {
        addAll(Shared.file("speech/" + folder), talk);
      }
      for (String word : List.of("jarvis", "computer", "alexa")) {
        addAll(Shared.file("keywords/" + word + "/development"), words);
      }
    } else {
      addAll(Path.of("audio-samples"), talk);
      words.addAll(talk);
    }
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) (random.nextDouble() * 2 - 1);
    }
  }

  private static void addAll(Path folder, List<short[]> to) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files =
          all.filter(file -> file.toString().matches(".*\\.(flac|ogg|wav)"))
              .sorted()
              .limit(MOST_OF_A_FOLDER)
              .toList();
    }
    for (Path file : files) {
      SampleCollector collected = new SampleCollector();
      try (AudioFile audio = AudioFile.open(file)) {
        Resampler resampler = new Resampler(audio.sampleRate(), RATE);
        SampleSink firstMinute =
            (block, from, n) ->
                collected.accept(block, from, Math.min(n, MOST_OF_A_FILE - collected.length()));
        audio.play(Channel.AUTO, (block, from, n) -> resampler.accept(block, from, n, firstMinute));
      }
      float[] floats = collected.samples();
      short[] clip = new short[floats.length];
      for (int i = 0; i < clip.length; i++) {
        clip[i] = SampleFormat.toSixteenBits(floats[i]);
      }
      to.add(clip);
    }
  }

  /** Fills a block with the next samples. */
  void next(float[] block, int length) {
    for (int filled = 0; filled < length; ) {
      if (left == 0) {
        turn();
      }
      int n = (int) Math.min(left, length - filled);
      fill(block, filled, n);
      left -= n;
      filled += n;
      samples.merge(kind, (long) n, Long::sum);
    }
  }

  private void turn() {
    double choice = random.nextDouble();
    kind =
        choice < 0.45
            ? Kind.SPEECH
            : choice < 0.55
                ? Kind.LEVEL_JUMPS
                : choice < 0.6
                    ? Kind.DC_OFFSET
                    : choice < 0.65
                        ? Kind.CLIPPED
                        : choice < 0.67
                            ? Kind.DENORMALS
                            : choice < 0.85 ? Kind.NOISE : Kind.SILENCE;
    left = RATE * (5L + random.nextInt(90));
    gain = (float) Math.pow(10, (random.nextDouble() * 30 - 24) / 20);
    gain = kind == Kind.CLIPPED ? 20 : kind == Kind.DENORMALS ? 1e-40f : gain;
    hiss = random.nextBoolean() ? 0 : (float) Math.pow(10, -2 - 2.5 * random.nextDouble());
    hiss = kind == Kind.NOISE ? (float) Math.pow(10, -2.5 * random.nextDouble()) : hiss;
    offset = kind == Kind.DC_OFFSET ? (float) (random.nextDouble() - 0.5) : 0;
  }

  private void fill(float[] block, int from, int n) {
    if (kind == Kind.SILENCE) {
      Arrays.fill(block, from, from + n, 0);
      return;
    }
    for (int i = from; i < from + n; i++) {
      float talked = 0;
      if (kind != Kind.NOISE) {
        if (at == clip.length) {
          begin();
        }
        talked = clip[at++] / 32768f * gain;
      }
      float hissed = 0;
      if (kind != Kind.DENORMALS && hiss > 0) {
        hissed = hiss * noise[place];
        place = place + 1 & noise.length - 1;
      }
      block[i] = Math.max(-1, Math.min(1, talked + hissed + offset));
    }
  }

  private void begin() {
    List<short[]> from = random.nextDouble() * WORD_EVERY < 1 ? words : talk;
    clip = from.get(random.nextInt(from.size()));
    at = 0;
    if (kind == Kind.LEVEL_JUMPS) {
      gain = (float) Math.pow(10, (random.nextDouble() * 60 - 50) / 20);
    }
  }

  /** The share of the samples in which people talk. */
  double speechShare() {
    double all = samples.values().stream().mapToLong(Long::longValue).sum();
    double quiet = samples.getOrDefault(Kind.SILENCE, 0L) + samples.getOrDefault(Kind.NOISE, 0L);
    return 1 - (quiet + samples.getOrDefault(Kind.DENORMALS, 0L)) / all;
  }
}
