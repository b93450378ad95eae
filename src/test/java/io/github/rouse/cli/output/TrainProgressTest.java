// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.train.Epoch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainProgressTest {
  private static final Epoch FIRST = new Epoch(0.5, 0.4, 1e-3);
  private static final Epoch BETTER = new Epoch(0.25, 0.3, 1e-3);
  private static final Epoch WORSE = new Epoch(0.25, 0.35, 1e-3);

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private TrainProgress progress(boolean quiet) {
    return progress(quiet, false);
  }

  private TrainProgress progress(boolean quiet, boolean terminal) {
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    Console console =
        new Console(new ByteArrayInputStream(new byte[0]), stream, stream, false, terminal);
    return new TrainProgress(console, quiet, 2, null);
  }

  private List<String> messages() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void bestEpochIsMarkedIfSpeakersAreHeldOut() {
    TrainProgress progress = progress(false);
    progress.measured(Map.of(), List.of(), true);
    progress.batch(0, 30, 0.6);
    progress.epochs(List.of(FIRST), 3);
    progress.epochs(List.of(FIRST, BETTER), 3);
    progress.epochs(List.of(FIRST, BETTER, WORSE), 3);
    assertEquals(
        List.of(
            "rouse: epoch 1 of 3: loss 0.5000, held out 0.4000, the best so far",
            "rouse: epoch 2 of 3: loss 0.2500, held out 0.3000, the best so far",
            "rouse: epoch 3 of 3: loss 0.2500, held out 0.3500"),
        messages());
  }

  @Test
  void resumedTrainingIsReportedAndNoEpochIsBestWithoutHeldOutSpeakers() {
    TrainProgress progress = progress(false);
    progress.measured(Map.of(), List.of(), false);
    progress.epochs(List.of(FIRST), 3);
    progress.batch(10, 30, 0.6);
    progress.epochs(List.of(FIRST, BETTER), 3);
    assertEquals(
        List.of(
            "rouse: resuming after epoch 1 of 3: loss 0.5000, on other clips 0.4000",
            "rouse: epoch 2 of 3: loss 0.2500, on other clips 0.3000"),
        messages());
  }

  @Test
  void timeHasTheUnitThatPeopleUse() {
    assertEquals("7 s", TrainProgress.time(7.4));
    assertEquals("119 s", TrainProgress.time(119));
    assertEquals("2 min", TrainProgress.time(120));
    assertEquals("7.1 h", TrainProgress.time(25_457));
  }

  @Test
  void theFirstBatchGivesAnEstimate() throws InterruptedException {
    TrainProgress progress = progress(false, true);
    progress.data(3, 0.1, 1000);
    Thread.sleep(20); // a batch
    progress.batch(501, 1501, 0.6); // resumed
    String line = messages().get(messages().size() - 1);
    assertTrue(line.matches(".*batch 501 of 1501, loss 0.6000, \\d{2,} s left"), line);
  }

  @Test
  void quietPrintsOnlyProblems() {
    TrainProgress progress = progress(true);
    progress.data(3, 0.1, 1000);
    progress.batch(0, 30, 0.6);
    progress.epochs(List.of(FIRST), 3);
    progress.problem("a.wav: holds no sound");
    assertEquals(List.of("rouse: a.wav: holds no sound"), messages());
  }
}
