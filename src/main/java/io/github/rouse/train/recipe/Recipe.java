package io.github.rouse.train.recipe;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.train.backprop.Loss;
import io.github.rouse.train.optim.Adam;
import io.github.rouse.train.optim.RmsProp;
import io.github.rouse.train.optim.Sgd;
import io.github.rouse.trigger.TriggerPolicy;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Everything a training depends on: with the same data, seed and thread count it gives the same
 * model byte for byte. Written as YAML by {@link RecipeFile}.
 *
 * @param sources what there is to learn from
 * @param features what the network reads
 * @param layers from the features to the last recurrent layer; a dense layer and a sigmoid per word
 *     follow
 * @param clips what a training clip is made of
 * @param augmentation how it is varied
 * @param schedule how long
 * @param optimisation what is made small, and how
 * @param policy how sure the model is to be
 * @param seed of everything random
 */
public record Recipe(
    Sources sources,
    FeatureSpec features,
    List<LayerPlan> layers,
    Clips clips,
    Augmentation augmentation,
    Schedule schedule,
    Optimisation optimisation,
    TriggerPolicy policy,
    long seed) {

  /** The seed of a training that names none. */
  public static final long DEFAULT_SEED = 1;

  /**
   * What there is to learn from.
   *
   * @param positives recordings of each word
   * @param auxiliary recordings of other words, which the network learns to tell apart beside its
   *     own and which the model then leaves out: so it cannot take any lone word for its own
   * @param negatives other speech: short files whole, long ones in stretches
   * @param backgrounds noise, music, talk far away
   * @param phones what is said when in some of the negatives, as {@code PhoneLabels} reads it:
   *     learnt too, and left out as the auxiliary words are
   * @param teachers models whose mean posteriors are learnt in place of the words' labels
   */
  public record Sources(
      Map<String, List<Path>> positives,
      Map<String, List<Path>> auxiliary,
      List<Path> negatives,
      List<Path> backgrounds,
      List<Path> phones,
      List<Path> teachers) {
    /** Checks the words. */
    public Sources {
      if (positives.isEmpty()) {
        throw new IllegalArgumentException("words={}, expected at least one");
      }
      for (String word : auxiliary.keySet()) {
        if (positives.containsKey(word)) {
          throw new IllegalArgumentException(
              "auxiliary=" + word + ", which is among the words too");
        }
      }
      for (String word : positives.keySet()) {
        if (word.isBlank() || !word.equals(word.strip())) {
          throw new IllegalArgumentException("words='" + word + "', expected a word");
        }
      }
    }

    /** The recordings of one word, and of what is not it. */
    public Sources(
        String word, List<Path> positives, List<Path> negatives, List<Path> backgrounds) {
      this(Map.of(word, positives), Map.of(), negatives, backgrounds, List.of(), List.of());
    }

    /** What the network in training tells apart: the words, then the auxiliary ones. */
    public List<List<Path>> recordings() {
      return Stream.concat(positives.values().stream(), auxiliary.values().stream()).toList();
    }

    private Sources withoutPaths() {
      Map<String, List<Path>> named = new LinkedHashMap<>();
      positives.keySet().forEach(word -> named.put(word, List.of()));
      Map<String, List<Path>> others = new LinkedHashMap<>();
      auxiliary.keySet().forEach(word -> others.put(word, List.of()));
      return new Sources(named, others, List.of(), List.of(), List.of(), List.of());
    }
  }

  /**
   * What a training clip is made of.
   *
   * @param seconds its length
   * @param positives at most this many words in a clip, evenly spread from none
   * @param negatives at most this many stretches of other speech, likewise
   * @param auxiliary share of these that are one of the auxiliary words
   * @param mistaken share of the rest that was taken for a word after the first, second and third
   *     quarter of the training; 0 for not listening to the negatives then
   * @param labelSteps steps of ones after the end of each word
   * @param ignoredSeconds before a word's end and after its ones that do not count in the loss
   */
  public record Clips(
      double seconds,
      int positives,
      int negatives,
      double auxiliary,
      double mistaken,
      int labelSteps,
      double ignoredSeconds) {
    /** Short clips with a word in two of three. */
    public static final Clips DEFAULT = new Clips(5, 2, 6, 0.2, 0.4, 16, 0.2);

    /** As the textbook's. */
    public static final Clips CLASSIC = new Clips(10, 4, 3, 0.5, 0, 50, 0.1);

    /** Checks the values. */
    public Clips {
      Range.check("seconds", seconds, 1, 60);
      Range.check("positives", positives, 1, 20);
      Range.check("negatives", negatives, 0, 20);
      Range.check("auxiliary", auxiliary, 0, 1);
      Range.check("mistaken", mistaken, 0, 1);
      Range.check("labelSteps", labelSteps, 1, 1000);
      Range.check("ignoredSeconds", ignoredSeconds, 0, 2);
    }
  }

  /**
   * How clips are varied; probabilities are shares of the clips.
   *
   * @param gainDb level of the whole clip, up or down from its own by at most this
   * @param speed standard deviation of the logarithm of the speed factor of each recording
   * @param tempo the same of tempo alone, pitch kept
   * @param rhythm the same of the tempo of its parts of an eighth of a second
   * @param closures the same of the length of what is quiet in it, such as the closures of stops
   * @param pitch the same of the pitch alone
   * @param formants the same of the resonances of the vocal tract alone, pitch and tempo kept
   * @param reverberation probability of a room's response
   * @param noise probability of background noise
   * @param lowestSnrDb worst signal-to-noise ratio
   * @param highestSnrDb best
   * @param babble share of the noise that is several voices at once
   * @param tilt probability of an equaliser's tilt and a high-pass
   * @param telephone probability of a telephone's band and its mu-law codec
   * @param masking probability of masked bands and stretches of features (SpecAugment, Park et al.
   *     2019)
   */
  public record Augmentation(
      double gainDb,
      double speed,
      double tempo,
      double rhythm,
      double closures,
      double pitch,
      double formants,
      double reverberation,
      double noise,
      double lowestSnrDb,
      double highestSnrDb,
      double babble,
      double tilt,
      double telephone,
      double masking) {
    /** For real use. */
    public static final Augmentation DEFAULT =
        new Augmentation(
            20, 0.09, 0.15, 0.15, 0.5, 0.15, 0.1, 0.4, 0.8, -2, 22, 0.5, 0.5, 0.1, 0.5);

    /** Checks the values. */
    public Augmentation {
      Range.check("gainDb", gainDb, 0, 60);
      Range.check("speed", speed, 0, 0.5);
      Range.check("tempo", tempo, 0, 0.5);
      Range.check("rhythm", rhythm, 0, 0.5);
      Range.check("closures", closures, 0, 1);
      Range.check("pitch", pitch, 0, 0.5);
      Range.check("formants", formants, 0, 0.5);
      Range.check("reverberation", reverberation, 0, 1);
      Range.check("noise", noise, 0, 1);
      Range.check("highestSnrDb", highestSnrDb, -30, 100);
      Range.check("lowestSnrDb", lowestSnrDb, -30, highestSnrDb);
      Range.check("babble", babble, 0, 1);
      Range.check("tilt", tilt, 0, 1);
      Range.check("telephone", telephone, 0, 1);
      Range.check("masking", masking, 0, 1);
    }
  }

  /**
   * How long.
   *
   * @param epochs passes; after each there is a checkpoint
   * @param batches per epoch
   * @param batchSize clips
   * @param heldOut share of the speakers, rounded down, that early stopping listens to and training
   *     does not; nobody where a word or the negatives have too few for that
   * @param patience epochs without a better held-out loss after which training ends; 0 for never
   * @param averaging decay of the average of the weights, per batch
   * @param carried probability that a clip starts in the recurrent state in which the one before it
   *     ended, so that hours of listening are like seconds; 0 for always from zero
   * @param truncation steps after which back-propagation through time is cut; 0 for never
   */
  public record Schedule(
      int epochs,
      int batches,
      int batchSize,
      double heldOut,
      int patience,
      double averaging,
      double carried,
      int truncation) {
    /** Almost six thousand small batches: so many steps matter more than the size of each. */
    public static final Schedule DEFAULT = new Schedule(24, 240, 16, 0.1, 0, 0.99875, 0.5, 0);

    /** Fewer and longer clips, for a network twice as large. */
    public static final Schedule CLASSIC = new Schedule(20, 25, 16, 0.1, 0, 0.98, 0, 0);

    /** Checks the values. */
    public Schedule {
      Range.check("epochs", epochs, 1, 10_000);
      Range.check("batches", batches, 1, 10_000);
      Range.check("batchSize", batchSize, 2, 4096);
      Range.check("heldOut", heldOut, 0, 0.5);
      Range.check("patience", patience, 0, 100_000);
      Range.check("averaging", averaging, 0, 0.99999);
      Range.check("carried", carried, 0, 1);
      Range.check("truncation", truncation, 0, 100_000);
    }

    /** The same for another number of epochs. */
    public Schedule withEpochs(int number) {
      return new Schedule(
          number, batches, batchSize, heldOut, patience, averaging, carried, truncation);
    }
  }

  /** What is made small. */
  public enum Objective {
    /** {@link Loss.CrossEntropy}. */
    CROSS_ENTROPY,
    /** {@link Loss.Focal}. */
    FOCAL,
    /** {@link Loss.MaxPooling}. */
    MAX_POOLING
  }

  /** How parameters follow their gradients. */
  public enum Descent {
    /** {@link Adam} with decoupled weight decay. */
    ADAM,
    /** {@link RmsProp}. */
    RMSPROP,
    /** {@link Sgd} with momentum. */
    SGD
  }

  /**
   * What is made small, and how.
   *
   * @param loss cross-entropy, focal or max-pooling
   * @param positiveWeight how much a step labelled with a word counts beside one that is not
   * @param phoneWeight how much each step of an output for a phone counts, said or not
   * @param smoothing of labels from 0 and 1 towards a half; cross-entropy only
   * @param optimiser adam, rmsprop or sgd
   * @param rate peak learning rate: a straight climb, then half a cosine down
   * @param warmUp share of the training that the climb takes
   * @param weightDecay of matrices; adam only
   * @param clipNorm limit of the norm of all gradients together; 0 for none
   * @param clipValue limit of each gradient; 0 for none
   */
  public record Optimisation(
      Objective loss,
      double positiveWeight,
      double phoneWeight,
      double smoothing,
      Descent optimiser,
      double rate,
      double warmUp,
      double weightDecay,
      double clipNorm,
      double clipValue) {
    /** AdamW. */
    public static final Optimisation DEFAULT =
        new Optimisation(
            Objective.CROSS_ENTROPY, 1, 0.2, 0.02, Descent.ADAM, 1.5e-3, 0.05, 0.01, 0.5, 0);

    /** Checks the values. */
    public Optimisation {
      Range.check("positiveWeight", positiveWeight, 0.001, 1000);
      Range.check("phoneWeight", phoneWeight, 0, 1000);
      Range.check("smoothing", smoothing, 0, 0.5);
      Range.check("rate", rate, 1e-8, 10);
      Range.check("warmUp", warmUp, 0, 0.9);
      Range.check("weightDecay", weightDecay, 0, 1);
      Range.check("clipNorm", clipNorm, 0, 1e6);
      Range.check("clipValue", clipValue, 0, 1e6);
    }
  }

  /** Checks what the parts cannot. */
  public Recipe {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("network=[], expected at least one layer");
    }
    if (!sources.teachers().isEmpty() && optimisation.loss() != Objective.CROSS_ENTROPY) {
      throw new IllegalArgumentException("optimisation.loss: expected cross-entropy with teachers");
    }
  }

  /** The same with another schedule. */
  public Recipe with(Schedule other) {
    return new Recipe(
        sources, features, layers, clips, augmentation, other, optimisation, policy, seed);
  }

  /** The same with another optimisation. */
  public Recipe with(Optimisation other) {
    return new Recipe(
        sources, features, layers, clips, augmentation, schedule, other, policy, seed);
  }

  /** The same with other layers. */
  public Recipe withLayers(List<LayerPlan> other) {
    return new Recipe(
        sources, features, other, clips, augmentation, schedule, optimisation, policy, seed);
  }

  /** The same with another seed. */
  public Recipe withSeed(long other) {
    return new Recipe(
        sources, features, layers, clips, augmentation, schedule, optimisation, policy, other);
  }

  /** The same without the paths of its sources. */
  public Recipe withoutPaths() {
    return new Recipe(
        sources.withoutPaths(),
        features,
        layers,
        clips,
        augmentation,
        schedule,
        optimisation,
        policy,
        seed);
  }

  /** The words, in the order of the network's outputs. */
  public List<String> words() {
    return List.copyOf(sources.positives().keySet());
  }
}
