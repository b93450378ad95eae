// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.recipe;

import io.github.rouse.audio.Channel;
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
 * All settings of a training run. The same recipe, data, seed and thread count give the same model,
 * byte for byte. {@link RecipeFile} reads and writes recipes as YAML.
 *
 * @param sources the training data
 * @param features input of the network
 * @param layers from the features to the last recurrent layer; a dense layer and a sigmoid per word
 *     follow
 * @param clips composition of a training clip
 * @param augmentation of the clips
 * @param schedule length of training, batches and held-out speakers
 * @param optimisation loss and optimiser
 * @param policy trigger policy of the model
 * @param seed of all random numbers
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

  /** The seed of a recipe without one. */
  public static final long DEFAULT_SEED = 1;

  /**
   * The training data.
   *
   * @param positives recordings of each word
   * @param auxiliary recordings of other isolated words. The network learns them too, so it does
   *     not accept just any isolated word; the finished model has no outputs for them
   * @param negatives other speech: short files whole, long ones in segments
   * @param backgrounds noise, music, distant talk
   * @param rooms measured impulse responses, used besides simulated ones
   * @param phones time-aligned phone labels of some negatives, as {@code PhoneLabels} reads them;
   *     learnt and then dropped like the auxiliary words
   * @param teachers models whose mean posteriors replace the words' labels
   * @param channel of the recordings
   */
  public record Sources(
      Map<String, List<Path>> positives,
      Map<String, List<Path>> auxiliary,
      List<Path> negatives,
      List<Path> backgrounds,
      List<Path> rooms,
      List<Path> phones,
      List<Path> teachers,
      Channel channel) {
    /** Checks the words and the channel. */
    public Sources {
      checkOne(channel);
      if (positives.isEmpty()) {
        throw new IllegalArgumentException("words={}, expected at least one");
      }
      for (String word : auxiliary.keySet()) {
        if (positives.containsKey(word)) {
          throw new IllegalArgumentException(
              "auxiliary=" + word + ", which is also one of the words");
        }
      }
      for (String word : positives.keySet()) {
        if (word.isBlank() || !word.equals(word.strip())) {
          throw new IllegalArgumentException("words='" + word + "', expected a word");
        }
      }
    }

    /** Sources for a single word. */
    public Sources(
        String word, List<Path> positives, List<Path> negatives, List<Path> backgrounds) {
      this(Map.of(word, positives), Map.of(), negatives, backgrounds, List.of(), List.of());
    }

    /** Sources without measured rooms. */
    public Sources(
        Map<String, List<Path>> positives,
        Map<String, List<Path>> auxiliary,
        List<Path> negatives,
        List<Path> backgrounds,
        List<Path> phones,
        List<Path> teachers) {
      this(positives, auxiliary, negatives, backgrounds, List.of(), phones, teachers, Channel.AUTO);
    }

    /** Sources of another channel of the same recordings. */
    public Sources with(Channel other) {
      return new Sources(
          positives, auxiliary, negatives, backgrounds, rooms, phones, teachers, other);
    }

    /** Recordings by output of the network in training: the words, then the auxiliary words. */
    public List<List<Path>> recordings() {
      return Stream.concat(positives.values().stream(), auxiliary.values().stream()).toList();
    }

    private Sources withoutPaths() {
      Map<String, List<Path>> named = new LinkedHashMap<>();
      positives.keySet().forEach(word -> named.put(word, List.of()));
      Map<String, List<Path>> others = new LinkedHashMap<>();
      auxiliary.keySet().forEach(word -> others.put(word, List.of()));
      return new Sources(named, others, List.of(), List.of(), List.of(), List.of()).with(channel);
    }
  }

  /**
   * The composition of a training clip.
   *
   * @param seconds its length
   * @param positives most words in a clip; the number is uniform from 0
   * @param negatives most segments of other speech, likewise
   * @param auxiliary share of those segments that are auxiliary words
   * @param hardNegatives share of the rest that are hard negatives, mined after the first, second
   *     and third quarter of training; 0 for no mining
   * @param labelSteps steps labelled 1 after the end of each word
   * @param ignoredSeconds span before a word's end, and after its ones, excluded from the loss
   */
  public record Clips(
      double seconds,
      int positives,
      int negatives,
      double auxiliary,
      double hardNegatives,
      int labelSteps,
      double ignoredSeconds) {
    /** Short clips; two in three contain a word. */
    public static final Clips DEFAULT = new Clips(5, 2, 6, 0.2, 0.4, 16, 0.2);

    /** The textbook's clips. */
    public static final Clips CLASSIC = new Clips(10, 4, 3, 0.5, 0, 50, 0.1);

    /** Checks the values. */
    public Clips {
      Range.check("seconds", seconds, 1, 60);
      Range.check("positives", positives, 1, 20);
      Range.check("negatives", negatives, 0, 20);
      Range.check("auxiliary", auxiliary, 0, 1);
      Range.check("hardNegatives", hardNegatives, 0, 1);
      Range.check("labelSteps", labelSteps, 1, 1000);
      Range.check("ignoredSeconds", ignoredSeconds, 0, 2);
    }
  }

  /**
   * Random variation of the clips. Probabilities are per clip.
   *
   * @param gainDb largest change of the clip's level, up or down
   * @param voice other speakers
   * @param reverberation probability of a room impulse response
   * @param noise background noise
   * @param tilt probability of a spectral tilt with a high-pass filter
   * @param telephone probability of telephone bandwidth and a mu-law codec
   * @param masking probability of masked frequency bands and time spans (SpecAugment, Park et al.
   *     2019)
   * @param capture far microphones and sound without treble
   */
  public record Augmentation(
      double gainDb,
      VoicePlan voice,
      double reverberation,
      NoisePlan noise,
      double tilt,
      double telephone,
      double masking,
      Capture capture) {
    /** Augmentation for real use. */
    public static final Augmentation DEFAULT =
        new Augmentation(
            20, VoicePlan.DEFAULT, 0.4, NoisePlan.DEFAULT, 0.5, 0.1, 0.5, Capture.NEAR);

    /** Checks the values. */
    public Augmentation {
      Range.check("gainDb", gainDb, 0, 60);
      Range.check("reverberation", reverberation, 0, 1);
      Range.check("tilt", tilt, 0, 1);
      Range.check("telephone", telephone, 0, 1);
      Range.check("masking", masking, 0, 1);
    }

    /**
     * Variation of the speaker. Each value is the standard deviation of the logarithm of a factor
     * drawn per recording.
     *
     * @param speed pitch and tempo together
     * @param tempo tempo alone
     * @param rhythm local tempo, changing every eighth of a second
     * @param closures length of quiet parts such as the closures of stops
     * @param pitch pitch alone
     * @param formants vocal-tract resonances alone
     */
    public record VoicePlan(
        double speed, double tempo, double rhythm, double closures, double pitch, double formants) {
      static final VoicePlan DEFAULT = new VoicePlan(0.09, 0.15, 0.15, 0.5, 0.15, 0.1);

      /** Checks the values. */
      public VoicePlan {
        Range.check("speed", speed, 0, 0.5);
        Range.check("tempo", tempo, 0, 0.5);
        Range.check("rhythm", rhythm, 0, 0.5);
        Range.check("closures", closures, 0, 1);
        Range.check("pitch", pitch, 0, 0.5);
        Range.check("formants", formants, 0, 0.5);
      }
    }

    /**
     * Background noise.
     *
     * @param probability that a clip has any
     * @param lowestSnrDb lowest signal-to-noise ratio
     * @param highestSnrDb highest signal-to-noise ratio
     * @param babble share of the noise that is babble, several voices at once
     */
    public record NoisePlan(
        double probability, double lowestSnrDb, double highestSnrDb, double babble) {
      static final NoisePlan DEFAULT = new NoisePlan(0.8, -2, 22, 0.5);

      /** Checks the values. */
      public NoisePlan {
        Range.check("probability", probability, 0, 1);
        Range.check("highestSnrDb", highestSnrDb, -30, 100);
        Range.check("lowestSnrDb", lowestSnrDb, -30, highestSnrDb);
        Range.check("babble", babble, 0, 1);
      }
    }

    /**
     * Far microphones and sound without treble. Probabilities are per clip.
     *
     * @param farRooms probability of a microphone 1 to 5 m away, instead of {@code reverberation}
     * @param bandLimit probability of nothing above 3 to 8 kHz; half of these clips are coded
     * @param digitalSilence probability of no microphone noise
     */
    public record Capture(double farRooms, double bandLimit, double digitalSilence) {
      /** None of it. */
      public static final Capture NEAR = new Capture(0, 0, 0);

      /** Checks the values. */
      public Capture {
        Range.check("farRooms", farRooms, 0, 1);
        Range.check("bandLimit", bandLimit, 0, 1);
        Range.check("digitalSilence", digitalSilence, 0, 1);
      }
    }
  }

  /**
   * The length of training, batches and held-out speakers.
   *
   * @param epochs at most; a checkpoint follows each
   * @param batches per epoch
   * @param batchSize clips per batch
   * @param heldOut share of the speakers held out of training to choose the best epoch, rounded
   *     down; none if a word or the negatives have too few speakers
   * @param patience epochs without a lower held-out loss after which training stops; 0 for never
   * @param averaging decay per batch of the weight average
   * @param statefulClips probability that a clip starts in the recurrent state left by the previous
   *     one, which prepares the model for long streams; 0 to always start from zero
   * @param truncation steps after which back-propagation through time is cut; 0 for never
   */
  public record Schedule(
      int epochs,
      int batches,
      int batchSize,
      double heldOut,
      int patience,
      double averaging,
      double statefulClips,
      int truncation) {
    /** Almost 6,000 small batches: the number of steps matters more than the size of a batch. */
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
      Range.check("statefulClips", statefulClips, 0, 1);
      Range.check("truncation", truncation, 0, 100_000);
    }

    /** A copy with another number of epochs. */
    public Schedule withEpochs(int number) {
      return new Schedule(
          number, batches, batchSize, heldOut, patience, averaging, statefulClips, truncation);
    }
  }

  /** The loss function. */
  public enum Objective {
    /** {@link Loss.CrossEntropy}. */
    CROSS_ENTROPY,
    /** {@link Loss.Focal}. */
    FOCAL,
    /** {@link Loss.MaxPooling}. */
    MAX_POOLING
  }

  /** The optimiser. */
  public enum Descent {
    /** {@link Adam} with decoupled weight decay. */
    ADAM,
    /** {@link RmsProp}. */
    RMSPROP,
    /** {@link Sgd} with momentum. */
    SGD
  }

  /**
   * Loss and optimiser.
   *
   * @param loss what is minimised
   * @param optimiser adam, rmsprop or sgd
   * @param rate peak learning rate: linear warm-up, then cosine decay
   * @param warmUp share of training spent in warm-up
   * @param weightDecay of matrices; adam only
   * @param clipNorm limit of the global gradient norm; 0 for none
   * @param clipValue limit of each gradient; 0 for none
   */
  public record Optimisation(
      LossPlan loss,
      Descent optimiser,
      double rate,
      double warmUp,
      double weightDecay,
      double clipNorm,
      double clipValue) {
    /** AdamW. */
    public static final Optimisation DEFAULT =
        new Optimisation(LossPlan.DEFAULT, Descent.ADAM, 1.5e-3, 0.05, 0.01, 0.5, 0);

    /** Checks the values. */
    public Optimisation {
      Range.check("rate", rate, 1e-8, 10);
      Range.check("warmUp", warmUp, 0, 0.9);
      Range.check("weightDecay", weightDecay, 0, 1);
      Range.check("clipNorm", clipNorm, 0, 1e6);
      Range.check("clipValue", clipValue, 0, 1e6);
    }

    /**
     * The loss and its weights.
     *
     * @param function cross-entropy, focal or max-pooling
     * @param positiveWeight of a step labelled 1; other steps weigh 1
     * @param phoneWeight of the phone outputs at every step
     * @param smoothing of labels from 0 and 1 towards a half; cross-entropy only
     */
    public record LossPlan(
        Objective function, double positiveWeight, double phoneWeight, double smoothing) {
      static final LossPlan DEFAULT = new LossPlan(Objective.CROSS_ENTROPY, 1, 0.2, 0.02);

      /** Checks the values. */
      public LossPlan {
        Range.check("positiveWeight", positiveWeight, 0.001, 1000);
        Range.check("phoneWeight", phoneWeight, 0, 1000);
        Range.check("smoothing", smoothing, 0, 0.5);
      }
    }
  }

  /** Checks constraints that span several parts. */
  public Recipe {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("network=[], expected at least one layer");
    }
    if (!sources.teachers().isEmpty()
        && optimisation.loss().function() != Objective.CROSS_ENTROPY) {
      throw new IllegalArgumentException(
          "optimisation.loss.function: expected cross-entropy with teachers");
    }
    if (!sources.rooms().isEmpty() && augmentation.capture().farRooms() == 0) {
      throw new IllegalArgumentException(
          "rooms=" + sources.rooms() + ", which need augmentation.capture.farRooms above 0");
    }
  }

  /** Rejects the channel {@code each}: a channel of a recording may lack the word. */
  static void checkOne(Channel channel) {
    if (channel.choice() == Channel.Choice.EACH) {
      throw new IllegalArgumentException("channel=each, expected auto, N, mix or best");
    }
  }

  /** A copy with other sources. */
  public Recipe with(Sources other) {
    return new Recipe(
        other, features, layers, clips, augmentation, schedule, optimisation, policy, seed);
  }

  /** A copy with another schedule. */
  public Recipe with(Schedule other) {
    return new Recipe(
        sources, features, layers, clips, augmentation, other, optimisation, policy, seed);
  }

  /** A copy with another optimisation. */
  public Recipe with(Optimisation other) {
    return new Recipe(
        sources, features, layers, clips, augmentation, schedule, other, policy, seed);
  }

  /** A copy with other layers. */
  public Recipe withLayers(List<LayerPlan> other) {
    return new Recipe(
        sources, features, other, clips, augmentation, schedule, optimisation, policy, seed);
  }

  /** A copy with another seed. */
  public Recipe withSeed(long other) {
    return new Recipe(
        sources, features, layers, clips, augmentation, schedule, optimisation, policy, other);
  }

  /** A copy without the paths of its sources. */
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
