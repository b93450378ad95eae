package io.github.rouse.train;

import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.trigger.TriggerPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything a training depends on: with the same data, seed and thread count it gives the same
 * model byte for byte. Written as YAML by {@link RecipeFile}.
 *
 * @param positives recordings of each word
 * @param negatives other speech: short files whole, long ones in stretches
 * @param backgrounds noise, music, talk far away
 * @param features what the network reads
 * @param layers from the features to the last recurrent layer; a dense layer and a sigmoid per word
 *     follow
 * @param clips what a training clip is made of
 * @param augmentation how it is varied
 * @param schedule how long and how fast
 * @param policy how sure the model is to be
 * @param seed of everything random
 */
public record Recipe(
    Map<String, List<Path>> positives,
    List<Path> negatives,
    List<Path> backgrounds,
    FeatureSpec features,
    List<LayerPlan> layers,
    Clips clips,
    Augmentation augmentation,
    Schedule schedule,
    TriggerPolicy policy,
    long seed) {

  /** One layer to train. */
  public sealed interface LayerPlan {
    /** Causal convolution over time, kernel and stride in frames. */
    record Conv(int filters, int kernel, int stride) implements LayerPlan {}

    /** Batch normalisation. */
    record Norm() implements LayerPlan {}

    /** Rectifier. */
    record Relu() implements LayerPlan {}

    /** Dropout while training. */
    record Dropout(float rate) implements LayerPlan {}

    /**
     * A recurrent layer.
     *
     * @param kind rnn, gru, gru-before, gru-simple, lstm or lstm-peephole
     */
    record Recurrent(String kind, int units) implements LayerPlan {}
  }

  /**
   * What a training clip is made of.
   *
   * @param seconds its length
   * @param positives at most this many words in a clip, evenly spread from none
   * @param negatives at most this many stretches of other speech, likewise
   * @param labelSteps steps of ones after the end of each word
   * @param ignoredSeconds before a word's end and after its ones that do not count in the loss
   */
  public record Clips(
      double seconds, int positives, int negatives, int labelSteps, double ignoredSeconds) {
    /** Short clips with a word in two of three. */
    public static final Clips DEFAULT = new Clips(5, 2, 2, 16, 0.2);

    /** Checks the values. */
    public Clips {
      check("seconds", seconds, 1, 60);
      check("positives", positives, 1, 20);
      check("negatives", negatives, 0, 20);
      check("labelSteps", labelSteps, 1, 1000);
      check("ignoredSeconds", ignoredSeconds, 0, 2);
    }
  }

  /**
   * How clips are varied; probabilities are shares of the clips.
   *
   * @param gainDb level of the whole clip, up or down from its own by at most this
   * @param speed standard deviation of the logarithm of the speed factor of each recording
   * @param tempo the same of tempo alone, pitch kept
   * @param reverberation probability of a room's response
   * @param noise probability of background noise
   * @param lowestSnrDb worst signal-to-noise ratio
   * @param highestSnrDb best
   * @param babble share of the noise that is several voices at once
   * @param tilt probability of an equaliser's tilt and band limits
   * @param masking probability of masked bands and stretches of features (SpecAugment, Park et al.
   *     2019)
   */
  public record Augmentation(
      double gainDb,
      double speed,
      double tempo,
      double reverberation,
      double noise,
      double lowestSnrDb,
      double highestSnrDb,
      double babble,
      double tilt,
      double masking) {
    /** For real use. */
    public static final Augmentation DEFAULT =
        new Augmentation(20, 0.09, 0.06, 0.4, 0.75, -2, 30, 0.25, 0.5, 0.5);

    /** Checks the values. */
    public Augmentation {
      check("gainDb", gainDb, 0, 60);
      check("speed", speed, 0, 0.5);
      check("tempo", tempo, 0, 0.5);
      check("reverberation", reverberation, 0, 1);
      check("noise", noise, 0, 1);
      check("highestSnrDb", highestSnrDb, -30, 100);
      check("lowestSnrDb", lowestSnrDb, -30, highestSnrDb);
      check("babble", babble, 0, 1);
      check("tilt", tilt, 0, 1);
      check("masking", masking, 0, 1);
    }
  }

  /**
   * How long and how fast.
   *
   * @param epochs passes; after each there is a checkpoint
   * @param batches per epoch
   * @param batchSize clips
   * @param rate peak learning rate of AdamW
   * @param weightDecay of matrices
   * @param clipNorm limit of the gradient's norm
   * @param averaging decay of the average of the weights, per batch
   * @param heldOut share of the speakers that early stopping listens to and training does not
   */
  public record Schedule(
      int epochs,
      int batches,
      int batchSize,
      double rate,
      double weightDecay,
      double clipNorm,
      double averaging,
      double heldOut) {
    /** About a thousand batches. */
    public static final Schedule DEFAULT = new Schedule(20, 50, 64, 2e-3, 0.01, 0.5, 0.995, 0.1);

    /** Checks the values. */
    public Schedule {
      check("epochs", epochs, 1, 100_000);
      check("batches", batches, 1, 100_000);
      check("batchSize", batchSize, 2, 4096);
      check("rate", rate, 1e-8, 10);
      check("weightDecay", weightDecay, 0, 1);
      check("clipNorm", clipNorm, 1e-6, 1e6);
      check("averaging", averaging, 0, 0.99999);
      check("heldOut", heldOut, 0, 0.5);
    }
  }

  /** The compact network: for real use, about 63 thousand parameters. */
  public static final List<LayerPlan> COMPACT =
      List.of(
          new LayerPlan.Conv(64, 5, 3),
          new LayerPlan.Norm(),
          new LayerPlan.Relu(),
          new LayerPlan.Dropout(0.1f),
          new LayerPlan.Recurrent("gru", 64),
          new LayerPlan.Dropout(0.1f),
          new LayerPlan.Recurrent("gru", 64));

  /** The textbook's network, about 520 thousand parameters. */
  public static final List<LayerPlan> CLASSIC =
      List.of(
          new LayerPlan.Conv(196, 15, 4),
          new LayerPlan.Norm(),
          new LayerPlan.Relu(),
          new LayerPlan.Dropout(0.2f),
          new LayerPlan.Recurrent("gru", 128),
          new LayerPlan.Dropout(0.2f),
          new LayerPlan.Norm(),
          new LayerPlan.Recurrent("gru", 128),
          new LayerPlan.Dropout(0.2f),
          new LayerPlan.Norm());

  /** Checks what the parts cannot. */
  public Recipe {
    if (positives.isEmpty()) {
      throw new IllegalArgumentException("positives={}, expected at least one word");
    }
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("layers=[], expected at least one");
    }
  }

  /** The words, in the order of the network's outputs. */
  public List<String> words() {
    return List.copyOf(positives.keySet());
  }

  static void check(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          name + "=" + value + ", expected " + least + " to " + most);
    }
  }
}
