// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Synthetic background noise: hiss and rumble, music, knocks. */
final class SyntheticNoise {
  private static final int SECONDS = 10;
  private static final double LEVEL = 1500; // of 32768, root mean square
  private static final double[] POLES = {0, 0.6, 0.9, 0.98}; // white to brown
  private static final int MUSIC_AND_KNOCKS = 3; // of each
  private static final int[] SCALE = {0, 2, 4, 5, 7, 9, 11}; // semitones
  private static final int OCTAVES = 4;
  private static final int NOTES = 4; // of a chord, at most
  private static final int HARMONICS = 20; // at most
  private static final double HIGHEST = 0.45; // of the sample rate, below the Nyquist frequency
  private static final double DRUMS = 0.6; // of the beats
  private static final int MODES = 5; // of a knock, at most
  private static final double SOFT = 0.02; // hiss under the knocks
  private static final double DECAYED = 4; // time constants until a tone is cut off, at -35 dB

  private final int rate;
  private final SplittableRandom random;

  private SyntheticNoise(int sampleRate, SplittableRandom random) {
    rate = sampleRate;
    this.random = random;
  }

  /** Ten noises of {@value #SECONDS} s, of equal level; a pure function of the arguments. */
  static List<short[]> of(int sampleRate, long seed) {
    SyntheticNoise noise = new SyntheticNoise(sampleRate, new SplittableRandom(seed));
    List<short[]> noises = new ArrayList<>();
    for (double pole : POLES) {
      noises.add(levelled(noise.hiss(pole)));
    }
    for (int i = 0; i < MUSIC_AND_KNOCKS; i++) {
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

  /**
   * Gaussian noise through a one-pole low-pass filter, with a fluctuating level, like air or
   * machines.
   */
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

  /** Chords of decaying harmonic tones; a drum sounds on most beats. */
  private double[] music() {
    double[] music = new double[SECONDS * rate];
    double beat = between(0.2, 0.5); // s
    double key = between(100, 200); // Hz
    for (double seconds = 0; seconds < SECONDS; seconds += beat) {
      int at = (int) (seconds * rate);
      for (int note = random.nextInt(NOTES); note >= 0; note--) {
        int semitones = SCALE[random.nextInt(SCALE.length)] + 12 * random.nextInt(OCTAVES);
        double frequency = key * Math.pow(2, semitones / 12.0);
        double decay = between(0.1, 0.9);
        double brightness = between(0.4, 0.9);
        for (int h = 1; h <= HARMONICS && h * frequency < HIGHEST * rate; h++) {
          addTone(music, at, h * frequency, decay, Math.pow(brightness, h), 0);
        }
      }
      if (random.nextDouble() < DRUMS) {
        addTone(music, at, 0, between(0.02, 0.08), 0, 2);
      }
    }
    return music;
  }

  /** Knocks, clicks and dishes: short resonances at random times over a soft hiss. */
  private double[] knocks() {
    double[] knocks = new double[SECONDS * rate];
    for (int i = 0; i < knocks.length; i++) {
      knocks[i] = SOFT * random.nextGaussian();
    }
    double perSecond = between(2, 12);
    for (int left = (int) (SECONDS * perSecond); left > 0; left--) {
      int at = random.nextInt(knocks.length);
      double level = Math.exp(0.7 * random.nextGaussian());
      for (int mode = random.nextInt(MODES); mode >= 0; mode--) {
        double frequency = 200 * Math.pow(25, random.nextDouble()); // 200 Hz to 5 kHz
        double decay = 0.003 * Math.pow(40, random.nextDouble()); // 3 to 120 ms
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
   * @param tone amplitude of the tone
   * @param noise standard deviation of the noise
   */
  private void addTone(
      double[] to, int at, double frequency, double decay, double tone, double noise) {
    double angle = 2 * Math.PI * frequency / rate;
    double phase = 2 * Math.PI * random.nextDouble();
    double radius = Math.exp(-1 / (decay * rate));
    double twice = 2 * radius * Math.cos(angle); // a damped sine by recurrence
    double value = tone * Math.sin(phase);
    double before = tone * Math.sin(phase - angle) / radius;
    double level = noise;
    int length = Math.min(to.length - at, (int) (DECAYED * decay * rate));
    for (int i = 0; i < length; i++) {
      to[at + i] += value + (noise > 0 ? level * random.nextGaussian() : 0);
      double next = twice * value - radius * radius * before;
      before = value;
      value = next;
      level *= radius;
    }
  }
}
