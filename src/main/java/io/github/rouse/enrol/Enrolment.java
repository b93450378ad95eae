package io.github.rouse.enrol;

import io.github.rouse.enrol.EnrolmentHead.Material;
import io.github.rouse.enrol.EnrolmentHead.Said;
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
 * A detector of a new word from a few recordings: a trained model's layers up to its first
 * recurrent one, kept as they are, and above them the mean of six small networks of the word's own.
 *
 * <p>Two and two leave out the same third of the recordings and of the other speech. What to expect
 * is told by cross-validation: each third is tried on the two that have not learnt from it. So it
 * is told of means of two; the mean of all six is the better detector, if anything.
 */
public final class Enrolment {
  private static final double FALSE_ALARMS_PER_HOUR = 4; // of the bank: lone words are many there
  private static final double FEWEST_HOURS = 0.1; // of other speech
  private static final String SOURCE = "rouse enroll";
  private static final int PARTS = 3; // of the recordings, and of the bank
  private static final int HEADS = 2 * PARTS;
  private static final float LOWEST = 0.001f; // score that counts for the calibration

  /**
   * What to expect.
   *
   * @param recordings enrolled from
   * @param missed of them, as they are, at the model's threshold
   * @param variedMissRate share missed of their variants: other tempo and pitch, rooms, noise
   * @param hours of other speech
   */
  public record Expectation(
      int recordings, List<Path> missed, double variedMissRate, double hours) {}

  /** Whether a model was enrolled: another enrolment on it is a new version of it. */
  public static boolean isEnrolled(WakeModel model) {
    return model.provenance().facts().getOrDefault(Provenance.SOURCE, "").startsWith(SOURCE);
  }

  /**
   * A detector and what to expect of it.
   *
   * @param versions the old and the new one tried on the same, where it is a new version
   */
  public record Enrolled(WakeModel model, Expectation expectation, Optional<Versions> versions) {}

  /** An enrolled model and what became of it. */
  public record Versions(Tried before, Tried now) {}

  /**
   * What there is to learn from.
   *
   * @param recordings of the word by people, at least {@value EnrolmentRecordings#FEWEST} or none
   * @param synthetic ones by machines; nothing is measured on them where there are others
   * @param hardNegatives sounds that were taken for it
   */
  public record Sources(List<Path> recordings, List<Path> synthetic, List<Path> hardNegatives) {}

  // Embeddings: by recording and variant; of machines; of sounds taken for the word.
  private record Heard(
      List<List<Said>> said, List<Said> synthetic, List<float[][]> hardNegatives) {}

  private final WakeModel base;
  private final EmbeddingBank bank;
  private final Encoder encoder;
  private final long seed;
  private final int threads;
  private final Consumer<IOException> problems;

  /**
   * Enrolments on the layers of a model.
   *
   * @param base whose layers are kept, or a model that was enrolled with them
   * @param bank what they make of other speech
   * @param threads at a time; no result depends on it
   * @param problems told of each recording that cannot be used
   * @throws IllegalArgumentException if they do not fit together
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

  /** Refuses too few recordings. */
  public static void requireEnough(List<Path> recordings) throws IOException {
    if (recordings.size() < EnrolmentRecordings.FEWEST) {
      throw new IOException(
          recordings.size()
              + " recordings, expected at least "
              + EnrolmentRecordings.FEWEST
              + ", better ten");
    }
  }

  /**
   * Enrols a word.
   *
   * @param name of the model
   * @throws IOException if a recording cannot be used, or the new model does worse than a base that
   *     has the word
   */
  public Enrolled enrol(String word, String name, Sources sources) throws IOException {
    requireEnough(sources.recordings.isEmpty() ? sources.synthetic : sources.recordings);
    try (WorkerPool workers = new WorkerPool(threads)) {
      Heard heard = hear(sources, workers);
      Network[] heads = new Network[HEADS];
      workers.each(
          heads.length,
          (part, from, to, product) -> {
            for (int h = from; h < to; h++) {
              heads[h] = EnrolmentHead.trained(material(heard, h), seed + h);
            }
          });
      Calibration calibration = calibration(heads);
      float threshold = threshold(calibration);
      WakeModel model =
          model(word, name, mean(heads, h -> true), sources, threshold)
              .withCalibration(calibration);
      Optional<Versions> versions =
          base.words().contains(word) ? Optional.of(versions(model, heard)) : Optional.empty();
      List<Path> said = sources.recordings.isEmpty() ? sources.synthetic : sources.recordings;
      return new Enrolled(model, expectation(said, heard.said, heads, threshold), versions);
    }
  }

  private Heard hear(Sources sources, WorkerPool workers) throws IOException {
    try (AudioCache sounds = AudioCache.temporary(base.features().sampleRate())) {
      List<Sound> recordings =
          EnrolmentRecordings.checked(sources.recordings, sounds, encoder, problems);
      EnrolmentVariants variants = new EnrolmentVariants(encoder, sounds, seed);
      List<float[][]> hardNegatives =
          decoded(sources.hardNegatives, sounds).stream()
              .map(sound -> encoder.embed(sound.part(0, sound.length())))
              .toList();
      List<List<Said>> said = variants.of(recordings, workers);
      List<List<Said>> spoken = variants.of(decoded(sources.synthetic, sounds), workers);
      return said.isEmpty()
          ? new Heard(spoken, List.of(), hardNegatives)
          : new Heard(said, spoken.stream().flatMap(List::stream).toList(), hardNegatives);
    }
  }

  private List<Sound> decoded(List<Path> files, AudioCache sounds) throws IOException {
    List<Sound> decoded = new ArrayList<>();
    for (Path file : files) {
      decoded.add(sounds.add(file, AudioCache.decode(file, base.features().sampleRate())));
    }
    return decoded;
  }

  /** What a head has not learnt from. */
  private static int leftOut(int head) {
    return head % PARTS;
  }

  private Material material(Heard heard, int head) {
    List<Said> words = new ArrayList<>(heard.synthetic);
    for (int r = 0; r < heard.said.size(); r++) {
      if (r % PARTS != leftOut(head)) {
        words.addAll(heard.said.get(r));
      }
    }
    int part = leftOut(head);
    return new Material(words, bank, partStart(part), partStart(part + 1), heard.hardNegatives);
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
      int unheard = part;
      EnrolmentTrial trial = eager(mean(heads, h -> leftOut(h) == unheard));
      scores.addAll(trial.raised(bank, partStart(part), partStart(part + 1)));
    }
    if (scores.size() < Calibration.FEWEST) {
      throw new IOException("the bank of embeddings is too short to tell a rate of false alarms");
    }
    return new Calibration(bank.hours(), 1, scores);
  }

  private static float threshold(Calibration calibration) throws IOException {
    try {
      return calibration.threshold(FALSE_ALARMS_PER_HOUR);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "the recordings do not tell the word from other speech: " + e.getMessage(), e);
    }
  }

  /** Raises at scores far below any threshold, too. */
  private EnrolmentTrial eager(Network head) {
    return new EnrolmentTrial(encoder, head, base.policy().withThreshold(LOWEST));
  }

  private Expectation expectation(
      List<Path> files, List<List<Said>> said, Network[] heads, float threshold) {
    List<Path> unfound = new ArrayList<>();
    int varied = 0;
    int missed = 0;
    for (int r = 0; r < said.size(); r++) {
      int unheard = r % PARTS;
      EnrolmentTrial trial = eager(mean(heads, h -> leftOut(h) == unheard));
      for (int v = 0; v < said.get(r).size(); v++) {
        boolean heard =
            trial.raised(said.get(r).get(v).values()).stream().anyMatch(s -> s >= threshold);
        if (v == 0 && !heard) {
          unfound.add(files.get(r));
        }
        varied += v > 0 ? 1 : 0;
        missed += v > 0 && !heard ? 1 : 0;
      }
    }
    return new Expectation(
        said.size(), unfound, (double) missed / Math.max(1, varied), bank.hours());
  }

  private WakeModel model(
      String word, String name, Network head, Sources sources, float threshold) {
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
   * How a detector does on what there is, its own material or not.
   *
   * @param found recordings
   * @param mistaken hard negatives taken for the word
   * @param alarms in the bank
   */
  public record Tried(int found, int mistaken, int alarms) {
    /** Whether it has lost something that an older one could, some false alarms allowed. */
    boolean worseThan(Tried old, double allowed) {
      return found < old.found || mistaken > old.mistaken || alarms > Math.max(old.alarms, allowed);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d of the recordings found, %d hard negatives taken for the word, %d false alarms",
          found,
          mistaken,
          alarms);
    }
  }

  private Tried tried(WakeModel model, Heard heard) {
    EnrolmentTrial trial = new EnrolmentTrial(encoder, encoder.above(model), model.policy());
    return new Tried(
        (int) heard.said.stream().filter(s -> raises(trial, s.get(0).values())).count(),
        (int) heard.hardNegatives.stream().filter(sound -> raises(trial, sound)).count(),
        trial.raised(bank, 0, bank.steps()).size());
  }

  private static boolean raises(EnrolmentTrial trial, float[][] sound) {
    return !trial.raised(sound).isEmpty();
  }

  /** A new version of a model must not lose what the old one could. */
  private Versions versions(WakeModel model, Heard heard) throws IOException {
    Tried before = tried(base.of(model.words(), base.name()), heard);
    Tried now = tried(model, heard);
    if (now.worseThan(before, FALSE_ALARMS_PER_HOUR * bank.hours())) {
      throw new IOException(
          base.name() + " is better and was kept: " + before + "; the new one: " + now);
    }
    return new Versions(before, now);
  }
}
