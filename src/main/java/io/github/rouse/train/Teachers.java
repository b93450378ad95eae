package io.github.rouse.train;

import io.github.rouse.model.Engine;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Network;
import io.github.rouse.nn.PosteriorStreams;
import io.github.rouse.nn.StepBatch;
import io.github.rouse.train.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Trained models whose mean posteriors a network learns in place of labels: distillation of several
 * into one (Hinton, Vinyals and Dean 2015). Immutable.
 */
public final class Teachers {
  private final List<WakeModel> models;
  private final List<String> words;

  public Teachers(List<WakeModel> models, List<String> words) {
    this.models = models;
    this.words = words;
  }

  /**
   * The teachers of a recipe, or none.
   *
   * @param timing of the network that learns
   * @param out the model to be written, which no teacher may be
   * @throws IOException if one cannot be read or streamed, or its features, steps or words are not
   *     the recipe's
   */
  static Teachers read(Recipe recipe, NetworkBuilder timing, Path out) throws IOException {
    List<WakeModel> models = new ArrayList<>();
    int first = timing.lastFrame(0) + 1;
    int stride = timing.lastFrame(1) - timing.lastFrame(0);
    for (Path path : recipe.sources().teachers()) {
      WakeModel model = WakeModel.read(path);
      Network network = model.network();
      if (Files.exists(out) && Files.isSameFile(out, path)) {
        throw new IOException(path + ": a teacher, and what is to be written");
      } else if (!model.features().equals(recipe.features())) {
        throw new IOException(
            path + ": a teacher that reads " + model.features() + ", not " + recipe.features());
      }
      try {
        model.start(Engine.NATIVE, 1);
      } catch (IllegalArgumentException e) {
        throw new IOException(path + ": cannot teach: " + e.getMessage(), e);
      }
      if (network.stride() != stride || network.firstStepFrames() != first) {
        throw new IOException(
            String.format(
                "%s: a teacher whose first step ends with frame %d, each other %d later, not %d and"
                    + " %d",
                path, network.firstStepFrames(), network.stride(), first, stride));
      } else if (!model.words().containsAll(recipe.words())) {
        throw new IOException(
            path
                + ": a teacher that knows "
                + model.words()
                + ", expected all of "
                + recipe.words());
      }
      models.add(model);
    }
    return new Teachers(models, recipe.words());
  }

  boolean isEmpty() {
    return models.isEmpty();
  }

  /** SHA-256 of the weights of each. */
  List<String> hashes() {
    return models.stream().map(WakeModel::weightsSha256).toList();
  }

  /** Their streams, for one thread. */
  Lesson start() {
    return new Lesson();
  }

  /** What they say of one clip after another. */
  final class Lesson {
    private final List<PosteriorStreams> streams =
        models.stream().map(model -> model.start(Engine.NATIVE, 1)).toList();

    /**
     * The mean posteriors of a clip that begins in silence.
     *
     * @param frames [frames][bins]
     * @return [steps][words], of the recipe's words in their order
     */
    float[][] posteriors(float[][] frames) {
      float[][] means = new float[0][];
      for (int m = 0; m < models.size(); m++) {
        streams.get(m).reset(0);
        StepBatch said = streams.get(m).run(StepBatch.of(frames));
        means = m == 0 ? new float[said.count()][words.size()] : means;
        for (int word = 0; word < words.size(); word++) {
          int output = models.get(m).words().indexOf(words.get(word));
          for (int step = 0; step < means.length; step++) {
            means[step][word] += said.values(step)[output] / models.size();
          }
        }
      }
      return means;
    }
  }
}
