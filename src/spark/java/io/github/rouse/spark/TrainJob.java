// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.spark;

import io.github.rouse.file.Problem;
import io.github.rouse.train.Epoch;
import io.github.rouse.train.Trainer;
import io.github.rouse.train.TrainingProgress;
import io.github.rouse.train.recipe.Recipe;
import io.github.rouse.train.recipe.RecipeFile;
import io.github.rouse.train.recipe.RecipeTask;
import java.io.IOException;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains many words, each recipe a task; for {@code spark-submit}. */
@Command(
    name = "TrainJob",
    mixinStandardHelpOptions = true,
    description =
        "Trains each recipe's model, unless it is there. Recipes, recordings and models are on a path"
            + " that all machines have; what was interrupted continues from its checkpoint.")
public final class TrainJob implements Callable<Integer> {
  private static final int THREADS = 1; // Spark counts a core per task

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where NAME.onnx of NAME.yaml goes, and its checkpoint.")
  Path out;

  @Parameters(arity = "1..*", paramLabel = "RECIPE.yaml", description = "Recipes of words.")
  List<Path> recipes;

  private TrainJob() {}

  /** Runs the job; exits with 1 if a model could not be trained. */
  public static void main(String[] args) {
    System.exit(Jobs.run(new TrainJob(), args));
  }

  /** What became of a recipe. */
  private record Trained(String recipe, String problem, double seconds, int epochs)
      implements Serializable {
    @Serial private static final long serialVersionUID = 1;
  }

  @Override
  public Integer call() throws IOException {
    List<String> all = new ArrayList<>();
    for (Path recipe : recipes) {
      if (RecipeTask.of(recipe) != RecipeTask.WORDS) {
        throw new IllegalArgumentException(recipe + ": is not a recipe for words");
      }
      all.add(recipe.toAbsolutePath().toString());
    }
    Files.createDirectories(out);
    String folder = out.toAbsolutePath().toString();
    SparkSession spark = SparkSession.builder().appName("rouse train").getOrCreate();
    List<Trained> trained =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(all, all.size())
            .map(recipe -> train(recipe, Path.of(folder)))
            .collect();
    for (Trained one : trained) {
      Jobs.say(
          one.recipe
              + (one.problem == null
                  ? ": " + one.epochs + " epochs, " + Math.round(one.seconds) + " s"
                  : ": " + one.problem));
    }
    return trained.stream().allMatch(one -> one.problem == null) ? 0 : 1;
  }

  /** An exception that a retry may cure fails the task; a wrong recipe is reported. */
  private static Trained train(String file, Path folder) {
    long begun = System.nanoTime();
    String name = Path.of(file).getFileName().toString().replaceFirst("\\.ya?ml$", "");
    Path model = folder.resolve(name + ".onnx");
    Counted progress = new Counted();
    if (!Files.exists(model)) {
      try {
        Recipe recipe = RecipeFile.read(Path.of(file), Jobs::say);
        new Trainer(recipe, model, THREADS, progress).train(true);
      } catch (IOException | IllegalArgumentException e) {
        if (!Jobs.isLastTry() && e instanceof IOException) {
          throw new IllegalStateException(file + ": trying again: " + e.getMessage(), e);
        }
        return new Trained(file, Problem.describe(e), 0, progress.epochs);
      }
    }
    return new Trained(file, null, (System.nanoTime() - begun) / 1e9, progress.epochs);
  }

  /** Counts the epochs of this attempt. */
  private static final class Counted implements TrainingProgress {
    private int epochs;

    @Override
    public void problem(String message) {
      Jobs.say(message);
    }

    @Override
    public void data(int files, double hours, long parameters) {}

    @Override
    public void batch(int done, int all, double loss) {}

    @Override
    public void epochs(List<Epoch> done, int all) {
      epochs = done.size();
    }
  }
}
