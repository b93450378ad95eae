// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

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
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Builds a detector of a new word from a few recordings. It keeps a trained model's layers up to
 * the first recurrent one and adds the mean of six small networks (heads) trained on the word.
 *
 * <p>Each pair of heads is trained without one third of the recordings and of the other speech.
 * Cross-validation tests each third on the pair that has not learnt from it. The reported
 * expectation is that of a mean of two heads; the mean of all six should be at least as good.
 */
public final class Enrolment {
  private static final double FALSE_ALARMS_PER_HOUR = 4; // on the bank, rich in lone words
  private static final double FEWEST_HOURS = 0.1; // of other speech
  private static final String SOURCE = "rouse enroll";
  private static final int PARTS = 3; // of the recordings, and of the bank
  private static final int HEADS = 2 * PARTS;
  private static final float LOWEST = 0.001f; // lowest score in the calibration

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

  /** Whether a model was enrolled; enrolling its word again makes a new version of it. */
  public static boolean isEnrolled(WakeModel model) {
    return model.provenance().facts().getOrDefault(Provenance.SOURCE, "").startsWith(SOURCE);
  }

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
   * @param recordings of the word by people, at least {@value EnrolmentRecordings#FEWEST} or none
   * @param synthetic recordings of the word; used for measuring only if there are no others
   * @param hardNegatives recordings mistaken for the word
   */
  public record EnrolmentSources(
      List<Path> recordings, List<Path> synthetic, List<Path> hardNegatives) {}

  // Embeddings: words by recording and variant; synthetic words; sounds mistaken for the word.
  private record Embedded(
      List<List<WordClip>> words, List<WordClip> synthetic, List<float[][]> hardNegatives) {}

  private final WakeModel base;
  private final EmbeddingBank bank;
  private final Encoder encoder;
  private final long seed;
  private final int threads;
  private final Consumer<IOException> problems;

  /**
   * Prepares to enrol words on the layers of a model.
   *
   * @param base model whose layers are kept, or a model enrolled on them
   * @param bank of their embeddings of other speech
   * @param threads number of threads; does not affect the result
   * @param problems receives an error for each unusable recording
   * @throws IllegalArgumentException if the bank was not made with the model's layers, or is too
   *     short
   */
  public Enrolment(
      WakeModel base, EmbeddingBank bank, long seed, int threads, Consumer<IOException> problems) {
    this.base = base;
    this.bank = bank;
    this.seed = seed;
    this.threads = threads;
    this.problems = problems;
    encoder = bank.encoderIn(base);
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
    if (recordings.size() < EnrolmentRecordings.FEWEST) {
      throw new IOException(
          recordings.size()
              + " recordings, expected at least "
              + EnrolmentRecordings.FEWEST
              + ", preferably 10");
    }
  }

  /**
   * Enrols a word.
   *
   * @param name of the new model
   * @throws IOException if a recording is unusable, or the base already detects the word better
   */
  public Enrolled enrol(String word, String name, EnrolmentSources sources) throws IOException {
    requireEnough(sources.recordings.isEmpty() ? sources.synthetic : sources.recordings);
    try (WorkerPool workers = new WorkerPool(threads)) {
      Embedded embedded = embed(sources, workers);
      Network[] heads = new Network[HEADS];
      workers.each(
          heads.length,
          (part, from, to, product) -> {
            for (int h = from; h < to; h++) {
              heads[h] = EnrolmentHead.trained(material(embedded, h), seed + h);
            }
          });
      Calibration calibration = calibration(heads);
      float threshold = threshold(calibration);
      WakeModel model =
          model(word, name, mean(heads, h -> true), sources, threshold)
              .withCalibration(calibration);
      Optional<Versions> versions =
          base.words().contains(word) ? Optional.of(versions(model, embedded)) : Optional.empty();
      List<Path> files = sources.recordings.isEmpty() ? sources.synthetic : sources.recordings;
      return new Enrolled(model, expectation(files, embedded.words, heads, threshold), versions);
    }
  }

  private Embedded embed(EnrolmentSources sources, WorkerPool workers) throws IOException {
    try (AudioCache sounds = AudioCache.temporary(base.features().sampleRate())) {
      List<Sound> recordings =
          EnrolmentRecordings.checked(sources.recordings, sounds, encoder, problems);
      EnrolmentVariants variants = new EnrolmentVariants(encoder, sounds, seed);
      List<float[][]> hardNegatives =
          decoded(sources.hardNegatives, sounds).stream()
              .map(sound -> encoder.embed(sound.part(0, sound.length())))
              .toList();
      List<List<WordClip>> words = variants.of(recordings, workers);
      List<List<WordClip>> synthetic = variants.of(decoded(sources.synthetic, sounds), workers);
      return words.isEmpty()
          ? new Embedded(synthetic, List.of(), hardNegatives)
          : new Embedded(words, synthetic.stream().flatMap(List::stream).toList(), hardNegatives);
    }
  }

  private List<Sound> decoded(List<Path> files, AudioCache sounds) throws IOException {
    List<Sound> decoded = new ArrayList<>();
    for (Path file : files) {
      decoded.add(sounds.add(file, AudioCache.decode(file, base.features().sampleRate())));
    }
    return decoded;
  }

  /** The part of the data that a head is trained without. */
  private static int leftOut(int head) {
    return head % PARTS;
  }

  private Material material(Embedded embedded, int head) {
    List<WordClip> words = new ArrayList<>(embedded.synthetic);
    for (int r = 0; r < embedded.words.size(); r++) {
      if (r % PARTS != leftOut(head)) {
        words.addAll(embedded.words.get(r));
      }
    }
    int part = leftOut(head);
    return new Material(words, bank, partStart(part), partStart(part + 1), embedded.hardNegatives);
  }

  /** The first step of a part of the bank. */
  private int partStart(int part) {
    return (int) ((long) bank.steps() * part / PARTS);
  }

  private static Network mean(Network[] heads, IntPredicate which) {
    return EnrolmentHead.mean(
        IntStream.range(0, heads.length).filter(which).mapToObj(h -> heads[h]).toList());
  }

  private Calibration calibration(Network[] heads) throws IOException {
    List<Float> scores = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      int leftOut = part;
      EnrolmentTrial trial = permissive(mean(heads, h -> leftOut(h) == leftOut));
      scores.addAll(trial.detections(bank, partStart(part), partStart(part + 1)));
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

  /** A trial that also detects at scores far below any usual threshold. */
  private EnrolmentTrial permissive(Network head) {
    return new EnrolmentTrial(encoder, head, base.policy().withThreshold(LOWEST));
  }

  private Expectation expectation(
      List<Path> files, List<List<WordClip>> words, Network[] heads, float threshold) {
    List<Path> missedFiles = new ArrayList<>();
    int varied = 0;
    int missed = 0;
    for (int r = 0; r < words.size(); r++) {
      int leftOut = r % PARTS;
      EnrolmentTrial trial = permissive(mean(heads, h -> leftOut(h) == leftOut));
      for (int v = 0; v < words.get(r).size(); v++) {
        boolean detected =
            trial.detections(words.get(r).get(v).values()).stream().anyMatch(s -> s >= threshold);
        if (v == 0 && !detected) {
          missedFiles.add(files.get(r));
        }
        varied += v > 0 ? 1 : 0;
        missed += v > 0 && !detected ? 1 : 0;
      }
    }
    return new Expectation(
        words.size(), missedFiles, (double) missed / Math.max(1, varied), bank.hours());
  }

  private WakeModel model(
      String word, String name, Network head, EnrolmentSources sources, float threshold) {
    List<Layer> layers = new ArrayList<>(encoder.network().layers());
    layers.addAll(head.layers());
    Provenance provenance =
        Provenance.of(SOURCE + ", on layers of " + base.name())
            .with("encoder", "SHA-256 " + encoder.sha256())
            .with("recordings", sources.recordings.size())
            .with("synthetic recordings", sources.synthetic.size())
            .with("hard negatives", sources.hardNegatives.size())
            .with("other speech", String.format(Locale.ROOT, "%.2f h", bank.hours()))
            .with("seed", seed);
    TriggerPolicy policy = base.policy().withThreshold(threshold);
    return new WakeModel(
        name, List.of(word), base.features(), policy, new Network(layers), provenance);
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
    EnrolmentTrial trial = new EnrolmentTrial(encoder, encoder.above(model), model.policy());
    return new Tried(
        (int) embedded.words.stream().filter(s -> detects(trial, s.get(0).values())).count(),
        (int) embedded.hardNegatives.stream().filter(sound -> detects(trial, sound)).count(),
        trial.detections(bank, 0, bank.steps()).size());
  }

  private static boolean detects(EnrolmentTrial trial, float[][] sound) {
    return !trial.detections(sound).isEmpty();
  }

  /** Compares the new version with the old one, which it must not fall behind. */
  private Versions versions(WakeModel model, Embedded embedded) throws IOException {
    Tried before = tried(base.of(model.words(), base.name()), embedded);
    Tried now = tried(model, embedded);
    if (now.worseThan(before, FALSE_ALARMS_PER_HOUR * bank.hours())) {
      throw new IOException(
          base.name() + " is better and was kept: " + before + "; new version: " + now);
    }
    return new Versions(before, now);
  }
}
