// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data.augment;

import java.util.random.RandomGenerator;

/**
 * A furnished rectangular room with a talker and a microphone. Its response has the reflections of
 * the first 50 ms from the image method (Allen and Berkley 1979); later there are too many, and a
 * decaying noise of their density and power takes over.
 *
 * <p>Every reflection loses the same share, by Eyring's formula for the reverberation time, and
 * more above {@code corner}, where curtains and cushions absorb most.
 *
 * @param size m
 * @param mouth m from one corner of the room
 * @param microphone likewise
 * @param t60 reverberation time below {@code corner}, s
 * @param treble share of it that is left far above {@code corner}
 * @param corner Hz
 * @param facingDb level of the direct sound above that of a talker who radiates to all sides alike
 */
record ShoeboxRoom(
    Position size,
    Position mouth,
    Position microphone,
    double t60,
    double treble,
    double corner,
    double facingDb) {
  private static final double NEAR = 0.5; // m, where recordings to be moved are made
  static final double NEAREST = 1; // m, from mouth to microphone
  static final double FARTHEST = 5;
  private static final double SPEED = 343; // of sound, m/s
  private static final double IMAGES_SECONDS = 0.05; // after the direct sound
  private static final double SEGMENT_SECONDS = 0.016; // of the tail, between losses of treble
  private static final double WALL = 0.3; // m, from a mouth or microphone at least
  private static final double LOWEST_HZ = 60; // of reflections

  /** A place or an extent, m. */
  record Position(double x, double y, double z) {
    double distance(Position other) {
      return Math.sqrt(
          (x - other.x) * (x - other.x)
              + (y - other.y) * (y - other.y)
              + (z - other.z) * (z - other.z));
    }
  }

  /** A room as homes have them, T60 0.2 to 0.8 s. */
  static ShoeboxRoom draw(RandomGenerator random) {
    Position size =
        new Position(between(2.5, 8, random), between(2.3, 6, random), between(2.2, 3.2, random));
    Position mouth;
    Position microphone;
    double distance;
    do {
      mouth = place(size, random);
      microphone = place(size, random);
      distance = mouth.distance(microphone);
    } while (distance < NEAREST || distance > FARTHEST);
    return new ShoeboxRoom(
        size,
        mouth,
        microphone,
        0.2 * Math.pow(4, random.nextDouble()),
        between(0.4, 0.9, random),
        between(1500, 4000, random),
        between(-3, 6, random));
  }

  private static Position place(Position size, RandomGenerator random) {
    return new Position(
        between(WALL, size.x - WALL, random),
        between(WALL, size.y - WALL, random),
        between(WALL, size.z - WALL, random));
  }

  private static double between(double least, double most, RandomGenerator random) {
    return least + (most - least) * random.nextDouble();
  }

  double distance() {
    return mouth.distance(microphone);
  }

  private double volume() {
    return size.x * size.y * size.z;
  }

  /** Reflections per second of sound on its way through the room, on average. */
  private double reflections() {
    double surface = 2 * (size.x * size.y + size.y * size.z + size.z * size.x);
    return SPEED * surface / (4 * volume());
  }

  /** Power of all reflections per second at the start, if the direct sound at this place is 1. */
  private double density() {
    double distance = distance();
    return 4 * Math.PI * SPEED * distance * distance / volume() * Math.pow(10, -facingDb / 10);
  }

  /**
   * The expected direct-to-reverberant ratio below {@code corner}: reflections decay from the
   * moment the direct sound arrives (Barron and Lee 1988).
   */
  double directToReverberantDb() {
    double decay = 2 * decay();
    return -10 * Math.log10(density() * Math.exp(-decay * distance() / SPEED) / decay);
  }

  /** Of amplitude, per second. */
  private double decay() {
    return 3 * Math.log(10) / t60;
  }

  /**
   * The impulse response, [samples], as long as T60. The direct sound is its first sample, weaker
   * than at {@value #NEAR} m.
   */
  float[] response(int sampleRate, RandomGenerator random) {
    float[] response = new float[(int) (t60 * sampleRate)];
    int early = Math.min(response.length, (int) (IMAGES_SECONDS * sampleRate));
    float[] images = images(early, sampleRate);
    System.arraycopy(images, 0, response, 0, early);
    addTail(response, early, sampleRate, random);
    // Images all have one sign, and their sum drifts (Allen and Berkley remove it as well).
    Biquad.apply(response, sampleRate, LOWEST_HZ, Math.sqrt(0.5), true);
    float direct = (float) (NEAR / distance());
    float reflected = (float) (direct * Math.pow(10, -facingDb / 20));
    for (int i = 1; i < response.length; i++) {
      response[i] *= reflected;
    }
    response[0] = direct;
    return response;
  }

  /** Reflections up to {@code length} samples after the direct sound, which is 1 and left out. */
  private float[] images(int length, int sampleRate) {
    double distance = distance();
    double reach = distance + (length - 1.0) / sampleRate * SPEED;
    double loss = decay() / reflections(); // logarithm, of amplitude and each reflection
    int most = 0;
    float[][] byOrder =
        new float[3 * (2 + (int) (reach / Math.min(size.x, Math.min(size.y, size.z))))][];
    int nx = 1 + (int) (reach / (2 * size.x));
    int ny = 1 + (int) (reach / (2 * size.y));
    int nz = 1 + (int) (reach / (2 * size.z));
    for (int x = -2 * nx; x <= 2 * nx; x++) {
      double dx = image(x, mouth.x, size.x) - microphone.x;
      for (int y = -2 * ny; y <= 2 * ny; y++) {
        double dy = image(y, mouth.y, size.y) - microphone.y;
        double dxy = dx * dx + dy * dy;
        if (dxy > reach * reach) {
          continue;
        }
        for (int z = -2 * nz; z <= 2 * nz; z++) {
          double dz = image(z, mouth.z, size.z) - microphone.z;
          double far = Math.sqrt(dxy + dz * dz);
          int at = (int) Math.round((far - distance) / SPEED * sampleRate);
          int order = Math.abs(x) + Math.abs(y) + Math.abs(z);
          if (at >= length || order == 0) {
            continue;
          }
          if (byOrder[order] == null) {
            byOrder[order] = new float[length];
            most = Math.max(most, order);
          }
          byOrder[order][at] += (float) (distance / far * Math.exp(-loss * order));
        }
      }
    }
    float[] sum = new float[length];
    for (int order = most; order > 0; order--) {
      for (int i = 0; byOrder[order] != null && i < length; i++) {
        sum[i] += byOrder[order][i];
      }
      dampen(sum, 0, 1, sampleRate); // what has hit more walls has passed more often
    }
    return sum;
  }

  /** Where the image after {@code order} reflections between two walls lies; negative: below. */
  private static double image(int order, double place, double size) {
    return order % 2 == 0 ? order * size + place : (order + 1) * size - place;
  }

  /** Adds noise with the density of the reflections from sample {@code from} on. */
  private void addTail(float[] response, int from, int sampleRate, RandomGenerator random) {
    double start = distance() / SPEED;
    double scale = Math.sqrt(density() * Math.pow(10, facingDb / 10) / sampleRate);
    double decay = decay() / sampleRate;
    double first = scale * Math.exp(-decay() * start);
    for (int i = from; i < response.length; i++) {
      response[i] = (float) (first * Math.exp(-decay * i) * random.nextGaussian());
    }
    int segment = (int) (SEGMENT_SECONDS * sampleRate);
    int last = from + Math.max(0, (response.length - from - 1) / segment) * segment;
    for (int at = last; at > from; at -= segment) {
      dampen(response, at, SEGMENT_SECONDS * reflections(), sampleRate);
    }
    dampen(response, from, (start + (double) from / sampleRate) * reflections(), sampleRate);
  }

  /** Takes the treble that a number of reflections lose from samples {@code from} to the end. */
  private void dampen(float[] samples, int from, double reflections, int sampleRate) {
    double loss = decay() / reflections() * (1 / treble - 1);
    float high = (float) Math.exp(-loss * reflections);
    float share = (float) (1 - Math.exp(-2 * Math.PI * corner / sampleRate));
    float low = 0;
    for (int i = from; i < samples.length; i++) {
      low += share * (samples[i] - low);
      samples[i] = low + high * (samples[i] - low);
    }
  }
}
