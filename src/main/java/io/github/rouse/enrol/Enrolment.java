// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import io.github.rouse.audio.Channel;
import io.github.rouse.enrol.EnrolmentHead.Material;
import io.github.rouse.enrol.EnrolmentHead.WordClip;
import io.github.rouse.model.Provenance;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Layer;
import io.github.rouse.nn.Network;
import io.github.rouse.train.backprop.WorkerPool;
import io.github.rouse.train.data.AudioCache;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.trigger.Calibration;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Builds a detector of a new word from a few recordings: a speech encoder's layers, and on top the
 * mean of a few small networks (heads) trained on the word.
 *
 * <p>Each head is trained without a quarter of the recordings, by which it is judged, and without a
 * quarter of the other speech and its voices, which gives its share of the calibration.
 */
public final class Enrolment {
  /** Fewest recordings of a word. */
  public static final int FEWEST_RECORDINGS = 3;

  private static final double FALSE_ALARMS_PER_HOUR = 0.5;

  /** Averages five steps, 0.2 s: sounds that only resemble the word rarely last that long. */
  static final TriggerPolicy POLICY = new TriggerPolicy(0.5f, 5, 1, 1f);

  private static final double FEWEST_HOURS = 0.1; // of other speech
  static final double LEAST_DETECTED = 0.8; // of the model's own recordings
  private static final int HEADS = 8;
  private static final int PARTS =
      EmbeddingBank.PARTS; // of the recordings too, one unknown to each head
  static final float LOWEST = 1e-4f; // lowest score in the calibration

  /**
   * The cross-validated performance.
   *
   * @param recordings number enrolled from
   * @param missed unmodified recordings missed at the model's threshold
   * @param variedMissRate miss rate on their variants: other tempo and pitch, rooms, noise
   * @param hours of other speech
   */
  public record Expectation(
      int recordings, List<Path> missed, double variedMissRate, double hours) {}

  /**
   * An enrolled model and its expected performance.
   *
   * @param versions old and new version compared on the same material, if there is an old one
   */
  public record Enrolled(WakeModel model, Expectation expectation, Optional<Versions> versions) {}

  /** The results of the old and the new version of a model. */
  public record Versions(Tried before, Tried now) {}

  /**
   * The material to learn from.
   *
   * @param recordings of the word by people, at least {@value #FEWEST_RECORDINGS} or none
   * @param synthetic recordings of the word, left out if they pronounce it unlike people; used for
   *     measuring only if there are no others
   * @param otherSynthetic other phrases in such voices
   * @param hardNegatives recordings mistaken for the word
   * @param channel of the recordings, not of the synthetic ones
   * @param skipsUnusable whether unusable recordings are left out, or nothing is enrolled
   */
  public record EnrolmentSources(
      List<Path> recordings,
      List<Path> synthetic,
      List<Path> otherSynthetic,
      List<Path> hardNegatives,
      Channel channel,
      boolean skipsUnusable) {}

  /**
   * Steps of the material.
   *
   * @param ofPeople whether there are recordings of people
   * @param files of the words
   * @param words by recording and variant, for measuring
   * @param learnt the same for training, partly quantised; those of people in other voices too
   * @param synthetic likewise for training, if there are recordings too
   * @param otherSynthetic other phrases in such voices
   * @param hardNegatives sounds mistaken for the word
   */
  private record Embedded(
      boolean ofPeople,
      List<Path> files,
      List<List<WordClip>> words,
      List<List<WordClip>> learnt,
      List<List<WordClip>> synthetic,
      List<float[][]> otherSynthetic,
      List<float[][]> hardNegatives) {
    boolean usesSynthetic() {
      return !ofPeople || !synthetic.isEmpty();
    }

    Embedded withoutSynthetic() {
      return new Embedded(ofPeople, files, words, learnt, List.of(), List.of(), hardNegatives);
    }
  }

  private final EnrolmentBase base;
  private final EmbeddingBank bank;
  private final float[] steps; // of the bank, [steps][units]
  private final Encoder encoder;
  private final BankPosteriors posteriors;

  /** The random seed, where nobody chooses another. */
  public static final long SEED = 1;

  private final long seed;
  private final int threads;
  private final Consumer<IOException> problems;

  /**
   * Prepares to enrol words.
   *
   * @param bank what the base's encoder makes of other speech
   * @param threads number of threads; does not affect the result
   * @param problems receives an error for each unusable recording, and one if synthetic voices are
   *     left out
   * @throws IllegalArgumentException if another encoder made the bank, or it is too short
   */
  public Enrolment(
      EnrolmentBase base,
      EmbeddingBank bank,
      long seed,
      int threads,
      Consumer<IOException> problems) {
    this.base = base;
    this.bank = bank;
    this.seed = seed;
    this.threads = threads;
    this.problems = problems;
    encoder = bank.on(base.encoder());
    base.enrolled().ifPresent(encoder::above); // rejects a model of another bank
    steps = bank.decoded();
    posteriors = new BankPosteriors(encoder, bank, steps, seed);
    if (bank.hours() < FEWEST_HOURS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%.3f h of other speech, expected at least %s",
              bank.hours(),
              FEWEST_HOURS));
    }
  }

  /** Checks that there are enough recordings. */
  public static void requireEnough(List<Path> recordings) throws IOException {
    if (recordings.size() < FEWEST_RECORDINGS) {
      throw new IOException(
          recordings.size()
              + " recordings, expected at least "
              + FEWEST_RECORDINGS
              + ", preferably 10");
    }
  }

  /** Finds recordings that {@link #enrol} refuses because they resemble no other one. */
  public static List<Path> outliers(List<Path> recordings, EnrolmentBase base, EmbeddingBank bank)
      throws IOException {
    Encoder encoder = bank.on(base.encoder());
    try (AudioCache sounds = AudioCache.temporary(encoder.features().sampleRate())) {
      List<Sound> decoded = new ArrayList<>();
      for (Path path : recordings) {
        int rate = encoder.features().sampleRate();
        decoded.add(sounds.add(path, AudioCache.decode(path, Channel.AUTO, rate)));
      }
      return EnrolmentRecordings.outliers(decoded, encoder).stream().map(Sound::path).toList();
    }
  }

  /**
   * Enrols a word.
   *
   * @param name of the new model
   * @throws IOException if a recording is unusable, if the model does not detect what it learnt
   *     from, or if the base already detects the word better
   */
  public Enrolled enrol(String word, String name, EnrolmentSources sources) throws IOException {
    requireEnough(sources.recordings.isEmpty() ? sources.synthetic : sources.recordings);
    try (WorkerPool workers = new WorkerPool(threads)) {
      Embedded embedded = embed(word, sources, workers);
      Trained trained;
      try {
        trained = trained(embedded, workers);
      } catch (IOException e) {
        if (!embedded.ofPeople || !embedded.usesSynthetic()) {
          throw e;
        }
        problems.accept(
            new IOException(
                word
                    + ": with synthetic voices, the model would miss too many of its own recordings;"
                    + " they are left out",
                e));
        embedded = embedded.withoutSynthetic();
        trained = trained(embedded, workers);
      }
      float threshold = trained.threshold;
      WakeModel model =
          model(word, name, trained.head, embedded, threshold).withCalibration(trained.calibration);
      Optional<WakeModel> old = base.enrolled().filter(m -> m.words().contains(word));
      Optional<Versions> versions =
          old.isPresent() ? Optional.of(versions(old.get(), model, embedded)) : Optional.empty();
      return new Enrolled(model, expectation(embedded, trained.heads, threshold), versions);
    }
  }

  /** Heads, and their mean with its calibration and threshold. */
  private record Trained(
      EnrolmentHead[] heads, Network head, Calibration calibration, float threshold) {}

  private Trained trained(Embedded embedded, WorkerPool workers) throws IOException {
    EnrolmentHead[] heads = new EnrolmentHead[HEADS];
    workers.each(
        HEADS,
        (part, from, to, product) -> {
          for (int h = from; h < to; h++) {
            heads[h] = EnrolmentHead.trained(material(embedded, h), seed + h);
          }
        });
    Network head = EnrolmentHead.mean(List.of(heads));
    Calibration calibration = calibration(heads, embedded.usesSynthetic());
    float threshold = threshold(calibration);
    requireDetected(embedded, head, threshold);
    return new Trained(heads, head, calibration, threshold);
  }

  private Embedded embed(String word, EnrolmentSources sources, WorkerPool workers)
      throws IOException {
    try (AudioCache sounds = AudioCache.temporary(encoder.features().sampleRate())) {
      List<Sound> recordings =
          EnrolmentRecordings.checked(
              sources.recordings,
              sources.channel,
              sounds,
              encoder,
              sources.skipsUnusable,
              problems);
      EnrolmentVariants variants = new EnrolmentVariants(encoder, sounds, seed);
      List<float[][]> hardNegatives =
          decoded(sources.hardNegatives, sources.channel, sounds).stream()
              .map(sound -> encoder.embed(sound.part(0, sound.length())))
              .filter(sound -> sound.length > 0)
              .toList();
      List<Sound> synthetic = decoded(sources.synthetic, Channel.AUTO, sounds);
      List<Sound> otherSynthetic = decoded(sources.otherSynthetic, Channel.AUTO, sounds);
      if (!synthetic.isEmpty()
          && !recordings.isEmpty()
          && EnrolmentRecordings.disagree(synthetic, recordings, encoder)) {
        problems.accept(
            new IOException(
                word
                    + ": synthetic voices pronounce it unlike the recordings and are left out; respell"
                    + " the word as it sounds, or check the recordings"));
        synthetic = List.of();
        otherSynthetic = List.of();
      }
      WordVoices voices = new WordVoices(bank, steps, seed);
      List<float[][]> otherSteps =
          voices.quantised(variants.of(otherSynthetic, workers), workers).stream()
              .flatMap(List::stream)
              .map(WordClip::steps)
              .toList();
      if (recordings.isEmpty()) {
        List<List<WordClip>> words = variants.of(synthetic, workers);
        List<List<WordClip>> learnt = voices.quantised(words, workers);
        return new Embedded(
            false, paths(synthetic), words, learnt, List.of(), otherSteps, hardNegatives);
      }
      List<List<WordClip>> words = variants.of(recordings, workers);
      return new Embedded(
          true,
          paths(recordings),
          words,
          voices.varied(words, workers),
          voices.quantised(variants.of(synthetic, workers), workers),
          otherSteps,
          hardNegatives);
    }
  }

  private static List<Path> paths(List<Sound> sounds) {
    return sounds.stream().map(Sound::path).toList();
  }

  private List<Sound> decoded(List<Path> files, Channel channel, AudioCache sounds)
      throws IOException {
    List<Sound> decoded = new ArrayList<>();
    for (Path file : files) {
      decoded.add(
          sounds.add(file, AudioCache.decode(file, channel, encoder.features().sampleRate())));
    }
    return decoded;
  }

  private Material material(Embedded embedded, int head) {
    return new Material(
        known(withoutPart(embedded.learnt, head), head),
        embedded.synthetic,
        steps,
        encoder.units(),
        bank.partFrom(head % PARTS),
        bank.partFrom(head % PARTS) + bank.partSteps(),
        embedded.otherSynthetic,
        embedded.hardNegatives);
  }

  /** The recordings that a head learns: without its quarter of them. */
  private static List<List<WordClip>> withoutPart(List<List<WordClip>> words, int head) {
    return IntStream.range(0, words.size())
        .filter(r -> r % PARTS != head % PARTS)
        .mapToObj(words::get)
        .toList();
  }

  /** The clips that a head learns: without voices of its quarter of the bank. */
  static List<List<WordClip>> known(List<List<WordClip>> words, int head) {
    return words.stream()
        .map(clips -> clips.stream().filter(clip -> clip.part() != head % PARTS).toList())
        .toList();
  }

  /** The heads that a part of the recordings and of the bank is unknown to, as one network. */
  private static Network without(EnrolmentHead[] heads, int part) {
    return EnrolmentHead.mean(
        IntStream.range(0, HEADS).filter(h -> h % PARTS == part).mapToObj(h -> heads[h]).toList());
  }

  /**
   * Each part of the bank is scored by the heads that did not learn from it. Heads that learnt from
   * synthetic voices are scored on fragments, because isolated words cause them more false alarms
   * than fluent speech.
   */
  private Calibration calibration(EnrolmentHead[] heads, boolean usesSynthetic) throws IOException {
    List<Float> scores = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      Network head = without(heads, part);
      scores.addAll(
          permissive()
              .detections(
                  usesSynthetic
                      ? posteriors.fragments(head, part)
                      : posteriors.fluent(head, part)));
    }
    if (scores.size() < Calibration.FEWEST) {
      throw new IOException("the embedding bank is too short to estimate a false-alarm rate");
    }
    return new Calibration(bank.hours(), 1, scores);
  }

  private static float threshold(Calibration calibration) throws IOException {
    try {
      return calibration.threshold(FALSE_ALARMS_PER_HOUR);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "the recordings do not separate the word from other speech: " + e.getMessage(), e);
    }
  }

  private TriggerPolicy policy() {
    return base.enrolled().map(WakeModel::policy).orElse(POLICY);
  }

  /** A trial that also detects at scores far below any usual threshold. */
  private EnrolmentTrial permissive() {
    return new EnrolmentTrial(encoder, policy().withThreshold(LOWEST));
  }

  private boolean detects(Network head, float[][] sound, float threshold) {
    return permissive().detections(posteriors(head, sound)).stream().anyMatch(s -> s >= threshold);
  }

  static float[] posteriors(Network head, float[][] sound) {
    float[][] values = head.forward(sound);
    float[] posteriors = new float[values.length];
    for (int t = 0; t < values.length; t++) {
      posteriors[t] = values[t][0];
    }
    return posteriors;
  }

  /** Rejects a model that would be deaf. */
  private void requireDetected(Embedded embedded, Network head, float threshold)
      throws IOException {
    int all = embedded.words.size();
    long detected =
        embedded.words.stream().filter(w -> detects(head, w.get(0).steps(), threshold)).count();
    if (detected < LEAST_DETECTED * all) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "with %s false alarms per hour the model would detect only %d of its own %d"
                  + " recordings; nothing was written: record the word more consistently, or choose"
                  + " a longer one",
              FALSE_ALARMS_PER_HOUR,
              detected,
              all));
    }
  }

  private Expectation expectation(Embedded embedded, EnrolmentHead[] heads, float threshold) {
    List<Path> missedFiles = new ArrayList<>();
    int varied = 0;
    int missed = 0;
    for (int r = 0; r < embedded.words.size(); r++) {
      Network head = without(heads, r % PARTS);
      List<WordClip> variants = embedded.words.get(r);
      for (int v = 0; v < variants.size(); v++) {
        boolean detected = detects(head, variants.get(v).steps(), threshold);
        if (v == 0 && !detected) {
          missedFiles.add(embedded.files.get(r));
        }
        varied += v > 0 ? 1 : 0;
        missed += v > 0 && !detected ? 1 : 0;
      }
    }
    return new Expectation(
        embedded.words.size(), missedFiles, (double) missed / Math.max(1, varied), bank.hours());
  }

  private WakeModel model(
      String word, String name, Network head, Embedded embedded, float threshold) {
    List<Layer> layers = new ArrayList<>(encoder.network().layers());
    layers.addAll(head.layers());
    int own = embedded.words.size();
    Provenance provenance =
        Provenance.of(EnrolmentBase.SOURCE + ", on a speech encoder")
            .with("encoder", "SHA-256 " + base.encoder().sha256())
            .with("recordings", embedded.ofPeople ? own : 0)
            .with("synthetic recordings", embedded.ofPeople ? embedded.synthetic.size() : own)
            .with("hard negatives", embedded.hardNegatives.size())
            .with("other speech", String.format(Locale.ROOT, "%.2f h", bank.hours()))
            .with("seed", seed);
    return new WakeModel(
        name,
        List.of(word),
        encoder.features(),
        policy().withThreshold(threshold),
        new Network(layers),
        provenance);
  }

  /**
   * The results of a detector on the given material, which it may have been trained on.
   *
   * @param found detected recordings
   * @param mistaken hard negatives detected as the word
   * @param alarms false alarms on the bank
   */
  public record Tried(int found, int mistaken, int alarms) {
    /** Whether any result is worse than an older version's, up to a number of false alarms. */
    boolean worseThan(Tried old, double allowed) {
      return found < old.found || mistaken > old.mistaken || alarms > Math.max(old.alarms, allowed);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d recordings detected, %d hard negatives detected as the word, %d false alarms",
          found,
          mistaken,
          alarms);
    }
  }

  private Tried tried(WakeModel model, Embedded embedded) {
    Network head = encoder.above(model);
    float threshold = model.policy().threshold();
    EnrolmentTrial trial = new EnrolmentTrial(encoder, model.policy());
    return new Tried(
        (int)
            embedded.words.stream().filter(w -> detects(head, w.get(0).steps(), threshold)).count(),
        (int) embedded.hardNegatives.stream().filter(s -> detects(head, s, threshold)).count(),
        IntStream.range(0, PARTS)
            .map(part -> trial.detections(posteriors.fluent(head, part)).size())
            .sum());
  }

  /** Compares the new version with the old one, which it must not fall behind. */
  private Versions versions(WakeModel old, WakeModel model, Embedded embedded) throws IOException {
    Tried before = tried(old.of(model.words(), old.name()), embedded);
    Tried now = tried(model, embedded);
    if (now.worseThan(before, FALSE_ALARMS_PER_HOUR * bank.hours())) {
      throw new IOException(
          old.name() + " is better and was kept: " + before + "; new version: " + now);
    }
    return new Versions(before, now);
  }
}
