// SPDX-License-Identifier: Apache-2.0
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
 * Distils several trained models into one network (Hinton, Vinyals and Dean 2015): their mean
 * posteriors replace the labels. Immutable.
 */
public final class Teachers {
  private final List<WakeModel> models;
  private final List<String> words;

  public Teachers(List<WakeModel> models, List<String> words) {
    this.models = models;
    this.words = words;
  }

  /**
   * Reads a recipe's teachers, if any.
   *
   * @param timing of the student network
   * @param out the model to write; must not be a teacher
   * @throws IOException if a teacher cannot be read or streamed, or its features, steps or words do
   *     not match the recipe
   */
  static Teachers read(Recipe recipe, NetworkBuilder timing, Path out) throws IOException {
    List<WakeModel> models = new ArrayList<>();
    int first = timing.lastFrame(0) + 1;
    int stride = timing.lastFrame(1) - timing.lastFrame(0);
    for (Path path : recipe.sources().teachers()) {
      WakeModel model = WakeModel.read(path);
      Network network = model.network();
      if (Files.exists(out) && Files.isSameFile(out, path)) {
        throw new IOException(path + ": is both a teacher and the output file");
      } else if (!model.features().equals(recipe.features())) {
        throw new IOException(
            path + ": teacher reads " + model.features() + ", expected " + recipe.features());
      }
      try {
        model.start(Engine.NATIVE, 1);
      } catch (IllegalArgumentException e) {
        throw new IOException(path + ": cannot teach: " + e.getMessage(), e);
      }
      if (network.stride() != stride || network.firstStepFrames() != first) {
        throw new IOException(
            String.format(
                "%s: teacher's first step ends at frame %d with stride %d, expected frame %d and"
                    + " stride %d",
                path, network.firstStepFrames(), network.stride(), first, stride));
      } else if (!model.words().containsAll(recipe.words())) {
        throw new IOException(
            path
                + ": teacher's words are "
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

  /** SHA-256 of each teacher's weights. */
  List<String> hashes() {
    return models.stream().map(WakeModel::weightsSha256).toList();
  }

  /** Starts streams for one thread. */
  Lesson start() {
    return new Lesson();
  }

  /** Computes the teachers' posteriors clip by clip. */
  final class Lesson {
    private final List<PosteriorStreams> streams =
        models.stream().map(model -> model.start(Engine.NATIVE, 1)).toList();

    /**
     * The mean posteriors of a clip, starting from the initial state.
     *
     * @param frames [frames][bins]
     * @return [steps][words], in the recipe's word order
     */
    float[][] posteriors(float[][] frames) {
      float[][] means = new float[0][];
      for (int m = 0; m < models.size(); m++) {
        streams.get(m).reset(0);
        StepBatch steps = streams.get(m).run(StepBatch.of(frames));
        means = m == 0 ? new float[steps.count()][words.size()] : means;
        for (int word = 0; word < words.size(); word++) {
          int output = models.get(m).words().indexOf(words.get(word));
          for (int step = 0; step < means.length; step++) {
            means[step][word] += steps.values(step)[output] / models.size();
          }
        }
      }
      return means;
    }
  }
}
