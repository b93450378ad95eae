// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Background noise computed from random numbers: hiss and rumble, music, knocks. */
final class SyntheticNoise {
  private static final int SECONDS = 10;
  private static final double LEVEL = 1500; // of 32768, root mean square
  private static final double[] POLES = {0, 0.6, 0.9, 0.98}; // white to brown
  private static final int OF_EACH = 3; // of music and of knocks
  private static final int[] SCALE = {0, 2, 4, 5, 7, 9, 11}; // semitones
  private static final int OCTAVES = 4;
  private static final double DECAYED = 4; // time constants after which a sound is left out

  private final int rate;
  private final SplittableRandom random;

  private SyntheticNoise(int sampleRate, SplittableRandom random) {
    rate = sampleRate;
    this.random = random;
  }

  /** Some noises of {@value #SECONDS} s. */
  static List<short[]> of(int sampleRate, long seed) {
    SyntheticNoise noise = new SyntheticNoise(sampleRate, new SplittableRandom(seed));
    List<short[]> noises = new ArrayList<>();
    for (double pole : POLES) {
      noises.add(levelled(noise.hiss(pole)));
    }
    for (int i = 0; i < OF_EACH; i++) {
      noises.add(levelled(noise.music()));
      noises.add(levelled(noise.knocks()));
    }
    return noises;
  }

  private static short[] levelled(double[] samples) {
    double power = 0;
    for (double sample : samples) {
      power += sample * sample / samples.length;
    }
    short[] levelled = new short[samples.length];
    for (int i = 0; i < levelled.length; i++) {
      double sample = LEVEL / Math.sqrt(power) * samples[i];
      levelled[i] = (short) Math.max(-32768, Math.min(32767, sample));
    }
    return levelled;
  }

  /** Noise with one pole and a fluctuating level, as of air and machines. */
  private double[] hiss(double pole) {
    double[] hiss = new double[SECONDS * rate];
    double value = 0;
    double level = 0;
    for (int i = 0; i < hiss.length; i++) {
      boolean swells = i % (rate / 10) == 0;
      level = swells ? Math.exp(0.5 * random.nextGaussian()) : level;
      value = pole * value + Math.sqrt(1 - pole * pole) * random.nextGaussian();
      hiss[i] = level * value;
    }
    return hiss;
  }

  /** Chords of decaying tones with overtones, most of them on a drum beat. */
  private double[] music() {
    double[] music = new double[SECONDS * rate];
    double beat = between(0.2, 0.5);
    double key = between(100, 200);
    for (double seconds = 0; seconds < SECONDS; seconds += beat) {
      int at = (int) (seconds * rate);
      for (int note = random.nextInt(4); note >= 0; note--) {
        int semitones = SCALE[random.nextInt(SCALE.length)] + 12 * random.nextInt(OCTAVES);
        double frequency = key * Math.pow(2, semitones / 12.0);
        double decay = between(0.1, 0.9);
        double brightness = between(0.4, 0.9);
        for (int overtone = 1; overtone < 20 && overtone * frequency < 0.45 * rate; overtone++) {
          addTone(music, at, overtone * frequency, decay, Math.pow(brightness, overtone), 0);
        }
      }
      if (random.nextDouble() < 0.6) {
        addTone(music, at, 0, between(0.02, 0.08), 0, 2);
      }
    }
    return music;
  }

  /** Knocks, clicks and dishes: short resonances at random times over a soft hiss. */
  private double[] knocks() {
    double[] knocks = new double[SECONDS * rate];
    for (int i = 0; i < knocks.length; i++) {
      knocks[i] = 0.02 * random.nextGaussian();
    }
    for (int left = (int) (SECONDS * between(2, 12)); left > 0; left--) {
      int at = random.nextInt(knocks.length);
      double level = Math.exp(0.7 * random.nextGaussian());
      for (int mode = random.nextInt(5); mode >= 0; mode--) {
        double frequency = 200 * Math.pow(25, random.nextDouble());
        double decay = 0.003 * Math.pow(40, random.nextDouble());
        addTone(knocks, at, frequency, decay, level, 0.5 * level);
      }
    }
    return knocks;
  }

  private double between(double from, double to) {
    return from + (to - from) * random.nextDouble();
  }

  /**
   * Adds a tone and a noise that decay together.
   *
   * @param at sample
   * @param frequency in Hz
   * @param decay time constant in seconds
   */
  private void addTone(
      double[] to, int at, double frequency, double decay, double tone, double noise) {
    double angle = 2 * Math.PI * frequency / rate;
    double phase = 2 * Math.PI * random.nextDouble();
    int length = Math.min(to.length - at, (int) (DECAYED * decay * rate));
    for (int i = 0; i < length; i++) {
      double hiss = noise > 0 ? noise * random.nextGaussian() : 0;
      to[at + i] += Math.exp(-i / (decay * rate)) * (tone * Math.sin(angle * i + phase) + hiss);
    }
  }
}
