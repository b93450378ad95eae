// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data;

import io.github.rouse.audio.SpeechBounds;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.train.data.PhoneLabels.LabelledPhone;
import io.github.rouse.train.data.augment.Power;
import io.github.rouse.train.data.augment.SoundPath;
import io.github.rouse.train.data.augment.VoiceVariation;
import io.github.rouse.train.recipe.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Synthesises training clips on the fly: places words and other speech without overlap, then adds
 * reverberation, noise and level. A clip is a pure function of the seed and its number.
 */
public final class ClipSynthesizer {
  private static final double GAP_SECONDS = 0.12; // at least, between two items
  private static final double SHORTEST_SECONDS = 0.3; // of a segment of other speech: about a word
  static final double WHOLE_SECONDS = 3; // longer negatives are used in segments
  private static final double REFERENCE_POWER = 2.5e-3; // -26 dB: usual speech level

  /**
   * A word in a clip.
   *
   * @param word its index in {@link Recipe.Sources#recordings}
   * @param start first sample
   * @param end the sample after the last
   */
  public record Spoken(int word, int start, int end) {}

  /**
   * A finished clip.
   *
   * @param samples in [-1, 1], at the model's rate
   * @param spoken the words in it
   * @param phones in it, where labelled
   * @param unlabelled spans of speech without phone labels
   */
  public record Clip(
      float[] samples,
      List<Spoken> spoken,
      List<LabelledPhone> phones,
      List<SpeechBounds> unlabelled) {}

  /**
   * A word or other speech that may be placed.
   *
   * @param word -1 for other speech
   * @param start of its speech, as {@code end}
   * @param level power of its speech
   */
  private record Item(
      VoiceVariation.Variant variant,
      int word,
      int start,
      int end,
      double level,
      List<LabelledPhone> phones) {}

  private final List<List<Sound>> positives; // by word, the auxiliary ones last
  private final int words; // without the auxiliary ones
  private final List<Integer> auxiliary; // indices of those with recordings
  private final List<Sound> negatives;
  private final List<Sound> hardNegatives; // change between epochs
  private final NoiseSource noise;
  private final Recipe.Clips plan;
  private final VoiceVariation voice;
  private final SoundPath path;
  private final Recipe.Augmentation augmentation;
  private final int sampleRate;
  private final long seed;

  /**
   * Creates a synthesizer.
   *
   * @param positives by word, the auxiliary ones last
   * @param hardNegatives the list may change between clips
   * @param rooms measured impulse responses, see {@link
   *     io.github.rouse.train.data.augment.MeasuredRoom}
   */
  public ClipSynthesizer(
      Recipe recipe,
      List<List<Sound>> positives,
      List<Sound> negatives,
      List<Sound> hardNegatives,
      List<Sound> backgrounds,
      List<float[]> rooms,
      long seed) {
    this.positives = positives;
    words = recipe.words().size();
    auxiliary =
        IntStream.range(words, positives.size())
            .filter(word -> !positives.get(word).isEmpty())
            .boxed()
            .toList();
    this.negatives = negatives;
    this.hardNegatives = hardNegatives;
    noise = new NoiseSource(backgrounds, negatives, recipe.augmentation().noise().babble());
    this.plan = recipe.clips();
    this.augmentation = recipe.augmentation();
    this.sampleRate = recipe.features().sampleRate();
    voice = new VoiceVariation(augmentation.voice(), sampleRate);
    path = new SoundPath(augmentation, sampleRate, rooms);
    this.seed = seed;
  }

  /** The uses of random numbers; each has a separate stream per clip or batch. */
  public enum Purpose {
    /** The sound of a clip. */
    SOUND(0),
    /** The masking of a clip's features. */
    MASKING(0x5851f42d4c957f2dL),
    /** The noise gate of an enrolment variant. */
    GATING(0x2545f4914f6cdd1dL),
    /** Which clips of a batch keep their recurrent state. */
    STATE(0x14057b7ef767814fL);

    private final long salt;

    Purpose(long salt) {
      this.salt = salt;
    }
  }

  /** The random-number stream of a clip or batch for one purpose. */
  public RandomGenerator random(Purpose purpose, long number) {
    return new SplittableRandom(new SplittableRandom(seed ^ purpose.salt).nextLong() + number);
  }

  /** Synthesises clip {@code number}. */
  public Clip clip(long number) {
    RandomGenerator random = random(Purpose.SOUND, number);
    float[] canvas = new float[(int) (plan.seconds() * sampleRate)];
    List<Item> items = items(random);
    Clip clip = new Clip(canvas, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    double power = place(items, clip, random);
    path.record(canvas, power, () -> noise.draw(canvas.length, random), random);
    return clip;
  }

  private List<Item> items(RandomGenerator random) {
    List<Item> items = new ArrayList<>();
    for (int i = random.nextInt(plan.positives() + 1); i > 0; i--) {
      items.add(word(random.nextInt(words), random));
    }
    for (int i = random.nextInt(plan.negatives() + 1); i > 0; i--) {
      if (random.nextDouble() < plan.auxiliary() && !auxiliary.isEmpty()) {
        items.add(word(auxiliary.get(random.nextInt(auxiliary.size())), random));
      } else if (!(negatives.isEmpty() && hardNegatives.isEmpty())) {
        double draw = random.nextDouble();
        boolean hard =
            negatives.isEmpty() || (draw < plan.hardNegatives() && !hardNegatives.isEmpty());
        items.add(item(pick(hard ? hardNegatives : negatives, random), -1, random));
      }
    }
    for (int i = items.size() - 1; i > 0; i--) {
      java.util.Collections.swap(items, i, random.nextInt(i + 1));
    }
    return items;
  }

  private Item word(int number, RandomGenerator random) {
    return item(pick(positives.get(number), random), number, random);
  }

  private static Sound pick(List<Sound> sounds, RandomGenerator random) {
    return sounds.get(random.nextInt(sounds.size()));
  }

  /** A recording trimmed to its speech, or a segment of a long one, with the speaker varied. */
  private Item item(Sound sound, int word, RandomGenerator random) {
    int from;
    int to;
    SpeechBounds bounds = sound.speech();
    if (word < 0 && sound.length() > WHOLE_SECONDS * sampleRate) {
      double most =
          Math.min(plan.seconds() - 2 * GAP_SECONDS, (double) sound.length() / sampleRate);
      double seconds = SHORTEST_SECONDS * Math.pow(most / SHORTEST_SECONDS, random.nextDouble());
      int length = Math.min(sound.length() - 1, (int) (sampleRate * seconds));
      int start = random.nextInt(sound.length() - length);
      int margin = sampleRate / 8; // less than half the shortest segment
      from = sound.quietest(start - margin, start + margin, sampleRate / 100);
      to = sound.quietest(start + length - margin, start + length + margin, sampleRate / 100);
      bounds = new SpeechBounds(from, to);
    } else {
      // Keep a random amount of silence, so that its length does not reveal the kind of recording.
      from = bounds.start() - random.nextInt(1 + Math.min(bounds.start(), sampleRate / 4));
      int after = sound.length() - bounds.end();
      to = bounds.end() + random.nextInt(1 + Math.min(after, sampleRate / 4));
    }
    VoiceVariation.Variant variant = voice.varied(sound.part(from, to), random);
    int start = variant.place(bounds.start() - from);
    int end = variant.place(bounds.end() - from);
    double level = REFERENCE_POWER * Math.pow(10, 0.4 * random.nextGaussian()); // SD 4 dB
    List<LabelledPhone> phones =
        sound.phones(from, to).stream()
            .map(
                p ->
                    new LabelledPhone(p.number(), variant.place(p.start()), variant.place(p.end())))
            .toList();
    return new Item(variant, word, start, end, level, phones);
  }

  /** The samples of an item at its level. */
  private float[] samples(Item item) {
    float[] samples = item.variant.samples();
    fade(samples);
    double power = Power.of(samples, item.start, item.end);
    float scale = (float) Math.sqrt(item.level / Math.max(1e-10, power));
    for (int i = 0; i < samples.length; i++) {
      samples[i] *= scale;
    }
    return samples;
  }

  /** Fades in and out over 5 ms, so that cuts do not click. */
  private void fade(float[] samples) {
    int length = Math.min(samples.length / 2, sampleRate / 200);
    for (int i = 0; i < length; i++) {
      samples[i] *= (float) i / length;
      samples[samples.length - 1 - i] *= (float) i / length;
    }
  }

  /**
   * Places items in order with random gaps, skipping those that do not fit: about half of the
   * sound, so that only the others' samples are computed.
   *
   * @return mean power of the speech
   */
  private double place(List<Item> items, Clip clip, RandomGenerator random) {
    int gap = (int) (GAP_SECONDS * sampleRate);
    int free = clip.samples.length;
    List<Item> fitting = new ArrayList<>();
    for (Item item : items) {
      if (item.variant.length() + gap <= free) {
        fitting.add(item);
        free -= item.variant.length() + gap;
      }
    }
    double power = 0;
    int at = 0;
    for (int i = 0; i < fitting.size(); i++) {
      Item item = fitting.get(i);
      int share = free / (fitting.size() - i); // spreads the items over the clip on average
      int pause = random.nextInt(1 + Math.min(free, 2 * share));
      free -= pause;
      at += pause;
      float[] samples = samples(item);
      for (int k = 0; k < samples.length; k++) {
        clip.samples[at + k] += samples[k];
      }
      power += Power.of(samples, item.start, item.end) / fitting.size();
      if (item.word >= 0) {
        clip.spoken.add(new Spoken(item.word, at + item.start, at + item.end));
      }
      for (LabelledPhone phone : item.phones) {
        clip.phones.add(phone.moved(-at));
      }
      if (item.phones.isEmpty()) {
        clip.unlabelled.add(new SpeechBounds(at, at + samples.length));
      }
      at += samples.length + gap;
    }
    return fitting.isEmpty() ? REFERENCE_POWER : power;
  }
}
