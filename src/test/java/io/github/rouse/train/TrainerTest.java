// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train;

import static io.github.rouse.train.recipe.Recipe.Descent.ADAM;
import static io.github.rouse.train.recipe.Recipe.Descent.SGD;
import static io.github.rouse.train.recipe.Recipe.Objective.CROSS_ENTROPY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.Rouse;
import io.github.rouse.Slow;
import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.WavWriter;
import io.github.rouse.eval.EngineComparison;
import io.github.rouse.feature.FeatureSpec;
import io.github.rouse.model.WakeModel;
import io.github.rouse.nn.Conv1d;
import io.github.rouse.train.data.AudioCache;
import io.github.rouse.train.recipe.LayerPlan;
import io.github.rouse.train.recipe.Recipe;
import io.github.rouse.train.recipe.Recipe.Optimisation.LossPlan;
import io.github.rouse.train.recipe.RecipeFile;
import io.github.rouse.trigger.TriggerEvent;
import io.github.rouse.trigger.TriggerPolicy;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The word is a rising chirp; a falling chirp is a negative. */
class TrainerTest {
  private static final int RATE = 16_000;
  private static final LossPlan PLAIN_LOSS = new LossPlan(CROSS_ENTROPY, 1, 0, 0);

  @TempDir Path folder;
  private final List<Double> losses = new ArrayList<>(); // of each batch
  private final List<Double> heldOut = new ArrayList<>(); // of each epoch
  private final List<Path> measured = new ArrayList<>();
  private boolean measuredHeldOut;
  private List<Epoch> epochs = List.of();
  private final List<String> problems = new ArrayList<>();

  @BeforeEach
  void record() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 8; i++) {
      chirp("up/s" + i + "-a.wav", 400 + random.nextInt(200), 1500 + random.nextInt(500), 0.5);
      chirp("down/s" + i + "-a.wav", 1500 + random.nextInt(500), 400 + random.nextInt(200), 0.5);
    }
  }

  private Path chirp(String name, double from, double to, double seconds) throws IOException {
    float[] samples = new float[(int) (RATE * (seconds + 0.6))];
    Random random = new Random(name.hashCode());
    double phase = 0;
    for (int i = 0; i < samples.length; i++) {
      double t = (double) i / RATE - 0.3;
      boolean on = t > 0 && t < seconds;
      phase += 2 * Math.PI * (from + (to - from) * Math.max(0, t) / seconds) / RATE;
      samples[i] = (float) ((on ? 0.3 * Math.sin(phase) : 0) + 1e-4 * random.nextGaussian());
    }
    return write(name, samples);
  }

  private Path write(String name, float[] samples) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (WavWriter wav = new WavWriter(file, RATE, 1)) {
      wav.write(samples, 0, samples.length);
      wav.commit();
    }
    return file;
  }

  private Recipe recipe(int epochs) {
    return new Recipe(
        new Recipe.Sources(
            "up", List.of(folder.resolve("up")), List.of(folder.resolve("down")), List.of()),
        FeatureSpec.PCEN,
        List.of(
            new LayerPlan.Conv(16, 5, 3),
            new LayerPlan.Norm(),
            new LayerPlan.Relu(),
            new LayerPlan.Dropout(0.1f),
            new LayerPlan.Recurrent("gru", 16)),
        new Recipe.Clips(3, 1, 1, 0.5, 0.3, 8, 0.1),
        new Recipe.Augmentation(
            6,
            new Recipe.Augmentation.VoicePlan(0.03, 0.03, 0.05, 0.1, 0.03, 0.03),
            0.2,
            new Recipe.Augmentation.NoisePlan(0.3, 10, 30, 0),
            0.2,
            0.1,
            0.2,
            Recipe.Augmentation.Capture.NEAR),
        new Recipe.Schedule(epochs, 12, 16, 0.2, 0, 0.9, 0.3, 40),
        new Recipe.Optimisation(PLAIN_LOSS, ADAM, 1e-2, 0.05, 0, 1, 0),
        TriggerPolicy.DEFAULT,
        7);
  }

  private static Recipe with(Recipe r, Recipe.Clips clips) {
    return new Recipe(
        r.sources(),
        r.features(),
        r.layers(),
        clips,
        r.augmentation(),
        r.schedule(),
        r.optimisation(),
        r.policy(),
        r.seed());
  }

  private WakeModel train(Recipe recipe, Path out, boolean resume, int stopAfter)
      throws IOException {
    return new Trainer(recipe, out, 2, progress(stopAfter)).train(resume);
  }

  private TrainingProgress progress(int stopAfter) {
    return new TrainingProgress() {
      @Override
      public void problem(String message) {
        problems.add(message);
      }

      @Override
      public void data(int files, double hours, long parameters) {}

      @Override
      public void batch(int done, int all, double loss) {
        losses.add(loss);
        if (done == stopAfter) {
          throw new IllegalStateException("killed");
        }
      }

      @Override
      public void measured(
          Map<String, List<Path>> words, List<Path> negatives, boolean areHeldOut) {
        measured.clear();
        measured.addAll(words.get("up"));
        measured.addAll(negatives);
        measuredHeldOut = areHeldOut;
      }

      @Override
      public void epochs(List<Epoch> done, int all) {
        epochs = List.copyOf(done);
        Path checkpoint = Checkpoint.unfinished(folder.resolve("kept.onnx"));
        if (Files.exists(checkpoint)) {
          try {
            Files.copy(checkpoint, folder.resolve("kept"), StandardCopyOption.REPLACE_EXISTING);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
        heldOut.clear();
        done.forEach(e -> heldOut.add(e.heldOutLoss()));
      }
    };
  }

  @Test
  void continuingStartsFromTheLastWeightsNotTheBest() throws IOException {
    train(recipe(2), folder.resolve("kept.onnx"), false, 0);
    byte[] last = bytes("kept");
    byte[] ended = bytes("kept.onnx.trained");
    int numbers = Math.min(last.length, ended.length) - 300; // skips the recipe and epochs
    int sum = Long.BYTES;
    assertArrayEquals(
        Arrays.copyOfRange(last, last.length - sum - numbers, last.length - sum),
        Arrays.copyOfRange(ended, ended.length - sum - numbers, ended.length - sum));
  }

  @Test
  void theModelDetectsItsWordButNotTheReverse() throws IOException {
    assertDetectsOnlyUp(train(recipe(8), folder.resolve("up.onnx"), false, 0));
  }

  private void assertDetectsOnlyUp(WakeModel model) throws IOException {
    float[] stream = new float[RATE * 12];
    Path up = chirp("test/up.wav", 480, 1800, 0.5);
    Path down = chirp("test/down.wav", 1800, 480, 0.5);
    mix(up, stream, 2);
    mix(down, stream, 5);
    mix(up, stream, 8);
    List<TriggerEvent> events = Rouse.scan(model, write("test/stream.wav", stream));
    assertEquals(2, events.size(), events.toString());
    assertEquals(2.8, events.get(0).endSeconds(), 0.2);
    assertEquals(8.8, events.get(1).endSeconds(), 0.2);
  }

  @Slow
  @Test
  void hardNegativesAreUnlearnt() throws IOException {
    Path out = folder.resolve("up.onnx");
    Path alike = chirp("mistakes/alike.wav", 480, 1150, 0.45);
    Recipe recipe = with(recipe(8), new Recipe.Clips(3, 1, 1, 0.5, 0.9, 8, 0.1));
    WakeModel before = train(recipe, out, false, 0);
    Trainer trainer = new Trainer(recipe, out, 2, progress(0));
    WakeModel once = trainer.goOn(List.of(alike.getParent()));
    assertEquals(10, epochs.size());
    assertTrue(once.provenance().facts().get("hard negatives").startsWith("1 files"));
    Trainer killed = new Trainer(recipe, out, 2, progress(11 * 12 + 3));
    assertThrows(IllegalStateException.class, () -> killed.goOn(List.of(alike.getParent())));
    IOException e = assertThrows(IOException.class, () -> train(recipe, out, true, 0));
    assertTrue(e.getMessage().contains("hard negatives, teachers"), e.getMessage());
    WakeModel after = trainer.goOn(List.of(alike.getParent()));
    assertEquals(12, epochs.size());
    double left = score(after, alike);
    assertTrue(left < score(before, alike) / 2, left + " of " + score(before, alike));
    assertDetectsOnlyUp(after);
  }

  @Test
  void phonesAreLearntAndDropped() throws IOException {
    Path labels = folder.resolve("phones.ctm");
    Files.writeString(labels, "s1-a 1 0.3 0.2 A\ns1-a 1 0.5 0.2 B\n");
    Recipe r = recipe(2);
    Recipe.Sources s = r.sources();
    Recipe labelled =
        with(
            r,
            new Recipe.Sources(
                s.positives(), Map.of(), s.negatives(), List.of(), List.of(labels), List.of()));
    WakeModel model = train(labelled, folder.resolve("a/m.onnx"), false, 0);
    assertEquals(1, model.network().outputs());
    Path out = folder.resolve("b/m.onnx");
    assertThrows(IllegalStateException.class, () -> train(labelled, out, false, 15));
    train(labelled, out, true, 0);
    assertArrayEquals(bytes("a/m.onnx"), bytes("b/m.onnx"));
    Files.writeString(labels, "x 1 0.3 0.2 A\n");
    IOException e = assertThrows(IOException.class, () -> train(labelled, out, false, 0));
    assertTrue(e.getMessage().contains("matches none of the negatives"), e.getMessage());
  }

  private static Recipe with(Recipe r, Recipe.Sources sources) {
    return with(r, sources, r.features());
  }

  private static Recipe with(Recipe r, Recipe.Sources sources, FeatureSpec features) {
    return new Recipe(
        sources,
        features,
        r.layers(),
        r.clips(),
        r.augmentation(),
        r.schedule(),
        r.optimisation(),
        r.policy(),
        r.seed());
  }

  @Test
  void continuingNeedsAFinishedTrainingRun() {
    Trainer trainer = new Trainer(recipe(8), folder.resolve("up.onnx"), 2, progress(0));
    IOException e =
        assertThrows(IOException.class, () -> trainer.goOn(List.of(folder.resolve("down"))));
    assertTrue(e.getMessage().contains("up.onnx.trained: not found"), e.getMessage());
  }

  private static double score(WakeModel model, Path file) throws IOException {
    WakeModel eager = model.withPolicy(model.policy().withThreshold(0.02f));
    return Rouse.scan(eager, file).stream().mapToDouble(TriggerEvent::score).max().orElse(0);
  }

  private void mix(Path file, float[] stream, int second) throws IOException {
    try (AudioCache bank = new AudioCache(RATE, folder)) {
      AudioCache.Sound sound = bank.add(file, AudioCache.decode(file, Channel.AUTO, RATE));
      sound.copy(0, stream, second * RATE, sound.length());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rnn", "gru", "gru-before", "gru-simple", "lstm", "lstm-peephole"})
  void trainedWeightsGiveOnnxRuntimeTheSamePosteriors(String kind) throws IOException {
    Recipe r = recipe(1);
    List<LayerPlan> layers =
        List.of(
            new LayerPlan.Conv(16, 5, 3),
            new LayerPlan.Norm(),
            new LayerPlan.Relu(),
            new LayerPlan.Recurrent(kind, 12),
            new LayerPlan.Norm(),
            new LayerPlan.Recurrent(kind, 10));
    Recipe other = r.withLayers(layers);
    Path file = folder.resolve("m.onnx");
    train(other, file, false, 0);
    try (AudioFile audio = AudioFile.open(chirp("test/up.wav", 480, 1800, 3))) {
      double difference =
          EngineComparison.largestDifference(WakeModel.read(file), audio, Channel.FIRST);
      assertTrue(difference < 1e-4, kind + ": " + difference);
    }
  }

  @Slow
  @Test
  void anAuxiliaryWordIsLearntAndDropped() throws IOException {
    Recipe r = recipe(8);
    Recipe two =
        with(
            r,
            new Recipe.Sources(
                r.sources().positives(),
                Map.of("down", List.of(folder.resolve("down/s*.wav"))),
                List.of(),
                List.of(),
                List.of(),
                List.of()));
    WakeModel model = train(two, folder.resolve("up.onnx"), false, 0);
    assertEquals(List.of("up"), model.words());
    assertEquals(1, model.network().outputs());
    assertDetectsOnlyUp(model);
  }

  @Slow
  @Test
  void aStudentLearnsFromTeachers() throws IOException {
    Path first = folder.resolve("first.onnx");
    Path second = folder.resolve("second.onnx");
    train(recipe(8), first, false, 0);
    train(recipe(8).withSeed(8), second, false, 0);
    Recipe taught = taughtBy(recipe(8), first, second);
    WakeModel model = train(taught, folder.resolve("a/m.onnx"), false, 0);
    assertDetectsOnlyUp(model);
    assertTrue(model.provenance().facts().get("teachers").contains(sha(second)));
    Path out = folder.resolve("b/m.onnx");
    assertThrows(IllegalStateException.class, () -> train(taught, out, false, 15));
    byte[] kept = Files.readAllBytes(second);
    Files.copy(first, second, StandardCopyOption.REPLACE_EXISTING);
    String other = assertThrows(IOException.class, () -> train(taught, out, true, 0)).getMessage();
    assertTrue(other.contains("checkpoint"), other);
    Files.write(second, kept);
    train(taught, out, true, 0);
    assertArrayEquals(bytes("a/m.onnx"), bytes("b/m.onnx"));
  }

  private static String sha(Path model) throws IOException {
    return WakeModel.read(model).weightsSha256();
  }

  private static Recipe taughtBy(Recipe r, Path... teachers) {
    Recipe.Sources s = r.sources();
    return with(
        r,
        new Recipe.Sources(
            s.positives(),
            s.auxiliary(),
            s.negatives(),
            s.backgrounds(),
            s.phones(),
            List.of(teachers)));
  }

  @Test
  void anIncompatibleTeacherIsRejected() throws IOException {
    Path up = folder.resolve("up.onnx");
    train(recipe(1), up, false, 0);
    Recipe r = recipe(1);
    List<LayerPlan> slower = new ArrayList<>(r.layers());
    slower.set(0, new LayerPlan.Conv(16, 5, 4));
    List<LayerPlan> longer = new ArrayList<>(r.layers());
    longer.set(0, new LayerPlan.Conv(16, 6, 3));
    Map<String, List<Path>> both = new LinkedHashMap<>(r.sources().positives());
    both.put("down", List.of(folder.resolve("down")));
    Recipe.Sources other =
        new Recipe.Sources(both, Map.of(), List.of(), List.of(), List.of(), List.of(up));
    Map<String, Recipe> refused =
        Map.of(
            "with stride 3, expected frame 5 and stride 4", taughtBy(r.withLayers(slower), up),
            "with stride 3, expected frame 6 and stride 3", taughtBy(r.withLayers(longer), up),
            "words are [up], expected all of [up, down]", with(r, other),
            "teacher reads", taughtBy(with(r, r.sources(), FeatureSpec.MFCC), up),
            "no-such.onnx", taughtBy(r, folder.resolve("no-such.onnx")));
    for (Map.Entry<String, Recipe> entry : refused.entrySet()) {
      String message =
          assertThrows(
                  IOException.class,
                  () -> train(entry.getValue(), folder.resolve("m.onnx"), false, 0))
              .getMessage();
      assertTrue(message.contains(entry.getKey()), message);
    }
    assertFalse(Files.exists(folder.resolve("m.onnx")));
    byte[] kept = Files.readAllBytes(up);
    String itself =
        assertThrows(IOException.class, () -> train(taughtBy(r, up), up, false, 0)).getMessage();
    assertTrue(itself.contains("up.onnx: is both a teacher and the output file"), itself);
    assertArrayEquals(kept, Files.readAllBytes(up));
    assertTrue(Files.exists(Checkpoint.finished(up)));
  }

  @Test
  void aFolderWithoutAudioIsRejectedAndALinkIsFollowed() throws IOException {
    Path nothing = Files.createDirectory(folder.resolve("nothing"));
    String message =
        assertThrows(
                IOException.class,
                () -> train(with(up(), List.of(nothing)), folder.resolve("m.onnx"), false, 0))
            .getMessage();
    assertTrue(message.contains("contains no audio files"), message);
    Path linked = Files.createSymbolicLink(folder.resolve("linked"), folder.resolve("down"));
    train(with(up(), List.of(linked)), folder.resolve("m.onnx"), false, 0);
    assertTrue(measured.stream().anyMatch(f -> f.startsWith(linked)), measured.toString());
  }

  @Test
  void aWordThatIsAlsoABackgroundIsRejected() {
    Recipe r = with(up(), List.of(folder.resolve("down")));
    Recipe both = with(r, new Recipe.Sources("up", up(), r.sources().negatives(), up()));
    String message =
        assertThrows(IOException.class, () -> train(both, folder.resolve("m.onnx"), false, 0))
            .getMessage();
    assertTrue(message.contains(", but is a background"), message);
  }

  @Test
  void longAndSilentRecordingsAreSkipped() throws IOException {
    write("up/silent-a.wav", new float[RATE]);
    float[] hour = new float[31 * RATE];
    Arrays.fill(hour, 0.1f);
    write("up/long-a.wav", hour);
    train(with(up(), List.of(folder.resolve("down"))), folder.resolve("m.onnx"), false, 0);
    assertEquals(2, problems.size(), problems.toString());
    assertTrue(problems.get(0).contains("long-a.wav: is 31 s long"), problems.toString());
    assertTrue(
        problems.get(1).contains("silent-a.wav: contains only silence"), problems.toString());
  }

  private List<Path> up() {
    return List.of(folder.resolve("up"));
  }

  @Test
  void aPatternWithoutMatchesIsRejected() {
    Recipe none = with(List.of(folder.resolve("up/x*.wav")), List.of());
    String message =
        assertThrows(IOException.class, () -> train(none, folder.resolve("m.onnx"), false, 0))
            .getMessage();
    assertTrue(message.contains("x*.wav"), message);
  }

  @Slow
  @ParameterizedTest
  @CsvSource({"FOCAL,RMSPROP,0.003", "MAX_POOLING,SGD,0.1", "CROSS_ENTROPY,SGD,0.1"})
  void otherLossesAndOptimisersLearnToo(
      Recipe.Objective loss, Recipe.Descent optimiser, double rate) throws IOException {
    Recipe.Optimisation optimisation =
        new Recipe.Optimisation(new LossPlan(loss, 2, 0, 0), optimiser, rate, 0.1, 0, 1, 0.5);
    train(recipe(3).with(optimisation), folder.resolve("m.onnx"), false, 0);
    double first = losses.subList(0, 6).stream().mapToDouble(l -> l).sum();
    double last = losses.subList(30, 36).stream().mapToDouble(l -> l).sum();
    assertTrue(last < 0.6 * first, first + " to " + last);
  }

  @Test
  void trainingStopsWithoutImprovement() throws IOException {
    Recipe r = recipe(9);
    Recipe.Schedule s = new Recipe.Schedule(9, 2, 4, 0.2, 2, 0, 0, 0);
    Recipe.Optimisation hopeless = new Recipe.Optimisation(PLAIN_LOSS, SGD, 10, 0, 0, 0, 0);
    train(r.with(s).with(hopeless), folder.resolve("m.onnx"), false, 0);
    int best = heldOut.indexOf(heldOut.stream().min(Double::compare).orElseThrow());
    assertTrue(heldOut.size() < 9, heldOut.toString());
    assertEquals(best + 3, heldOut.size(), heldOut.toString());
    Recipe.Schedule nobody = new Recipe.Schedule(9, 2, 4, 0, 2, 0, 0, 0);
    train(r.with(nobody).with(hopeless), folder.resolve("n.onnx"), false, 0);
    assertEquals(9, heldOut.size(), "without held-out speakers, no epoch is known to be better");
  }

  @Test
  void theBestEpochIsKeptOnlyWhereSpeakersAreHeldOut() throws IOException {
    Recipe.Optimisation erratic = new Recipe.Optimisation(PLAIN_LOSS, ADAM, 0.5, 0, 0, 0, 0);
    for (double share : new double[] {0.2, 0}) {
      Recipe.Schedule s = new Recipe.Schedule(5, 2, 4, share, 0, 0, 0, 0);
      WakeModel kept = train(recipe(5).with(s).with(erratic), folder.resolve("m.onnx"), false, 0);
      double best = heldOut.stream().min(Double::compare).orElseThrow();
      double last = heldOut.get(4);
      assertTrue(last > best, heldOut.toString());
      boolean some = share > 0;
      String said = some ? "held-out loss" : "loss on other clips of speakers trained on";
      double told = Double.parseDouble(kept.provenance().facts().get(said));
      assertEquals(some ? best : last, told, 1e-5);
      float first = ((Conv1d) kept.network().layers().get(0)).weights()[0][0];
      assertEquals(!some, first == lastFirstWeight(folder.resolve("m.onnx.trained")));
    }
  }

  /** Of the last epoch: the first number in the file. */
  private static float lastFirstWeight(Path trained) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(trained))) {
      in.readLong();
      in.readUTF();
      in.skipNBytes(3L * Double.BYTES * in.readInt());
      in.readInt();
      return in.readFloat();
    }
  }

  @Test
  void repeatedTrainingGivesTheSameBytes() throws IOException {
    train(recipe(2), folder.resolve("a/m.onnx"), false, 0);
    train(recipe(2), folder.resolve("b/m.onnx"), false, 0);
    assertArrayEquals(bytes("a/m.onnx"), bytes("b/m.onnx"));
  }

  @Test
  void theRecipeIsInTheModel() throws IOException {
    WakeModel model = train(recipe(2), folder.resolve("a/m.onnx"), false, 0);
    Path found = folder.resolve("a/found.yaml");
    Files.writeString(found, model.provenance().facts().get("recipe"));
    assertEquals(recipe(2), RecipeFile.read(found, Assertions::fail));
  }

  @Test
  void aKilledTrainingResumedGivesTheSameBytes() throws IOException {
    train(recipe(3), folder.resolve("a/m.onnx"), false, 0);
    Path out = folder.resolve("b/m.onnx");
    assertThrows(IllegalStateException.class, () -> train(recipe(3), out, false, 20));
    assertFalse(Files.exists(out));
    assertTrue(Files.exists(Checkpoint.unfinished(out)));
    train(recipe(3), out, true, 0);
    assertArrayEquals(bytes("a/m.onnx"), bytes("b/m.onnx"));
    assertFalse(Files.exists(Checkpoint.unfinished(out)));
  }

  @Test
  void lossesSurviveAKill() throws IOException {
    train(recipe(3), folder.resolve("a/m.onnx"), false, 0);
    List<Epoch> whole = epochs;
    assertEquals(3, whole.size());
    double mean = losses.subList(12, 24).stream().mapToDouble(l -> l).average().orElseThrow();
    assertEquals(mean, whole.get(1).loss(), 1e-9);
    assertEquals(heldOut, whole.stream().map(Epoch::heldOutLoss).toList());
    assertTrue(whole.get(2).rate() < whole.get(1).rate(), whole.toString());
    Path out = folder.resolve("b/m.onnx");
    assertThrows(IllegalStateException.class, () -> train(recipe(3), out, false, 30));
    assertEquals(whole.subList(0, 2), epochs);
    epochs = List.of();
    assertThrows(IllegalStateException.class, () -> train(recipe(3), out, true, 30));
    assertEquals(whole.subList(0, 2), epochs, "reported on resuming");
    train(recipe(3), out, true, 0);
    assertEquals(whole, epochs);
  }

  @Test
  void measuredRecordingsAreReportedAndHeldOut() throws IOException {
    train(recipe(1), folder.resolve("m.onnx"), false, 0);
    assertTrue(measuredHeldOut);
    assertTrue(measured.size() >= 2 && measured.size() < 16, measured.toString());
    List<String> speakers =
        measured.stream()
            .map(f -> f.getFileName().toString().replaceAll("-.*", ""))
            .distinct()
            .toList();
    assertEquals(measured.size(), 2 * speakers.size(), "up and down of each: " + measured);
  }

  /**
   * A tenth of eight speakers is nobody; so is any share of the negatives if they have one speaker.
   */
  @ParameterizedTest
  @CsvSource({"0.1,down,16", "0.2,down/s0-a.wav,9"})
  void tooFewSpeakersAreAllTrainedOn(double share, String negatives, int files) throws IOException {
    Recipe r =
        with(
            recipe(1).with(new Recipe.Schedule(1, 2, 4, share, 0, 0, 0, 0)),
            new Recipe.Sources(
                "up",
                List.of(folder.resolve("up")),
                List.of(folder.resolve(negatives)),
                List.of()));
    train(r, folder.resolve("m.onnx"), false, 0);
    assertFalse(measuredHeldOut);
    assertEquals(files, measured.size(), measured.toString());
  }

  @Test
  void aCheckpointOfAnotherRecipeIsRejected() throws IOException {
    Path out = folder.resolve("m.onnx");
    assertThrows(IllegalStateException.class, () -> train(recipe(3), out, false, 20));
    String message =
        assertThrows(IOException.class, () -> train(recipe(4), out, true, 0)).getMessage();
    assertTrue(message.contains("belongs to a different recipe"), message);
  }

  @Test
  void aCheckpointOfTheSameAudioInOtherPartsIsRejected() throws IOException {
    Recipe r = recipe(2);
    List<Path> others =
        IntStream.range(0, 8).mapToObj(i -> folder.resolve("down/s" + i + "-a.wav")).toList();
    List<Path> up = List.of(folder.resolve("up"));
    Recipe all = with(r, new Recipe.Sources("up", up, others, List.of()));
    List<Path> last = others.subList(7, 8);
    Recipe moved = with(r, new Recipe.Sources("up", up, others.subList(0, 7), last));
    Path out = folder.resolve("m.onnx");
    assertThrows(IllegalStateException.class, () -> train(all, out, false, 20));
    assertThrows(IOException.class, () -> train(moved, out, true, 0));
  }

  @Test
  void corruptFilesAreSkippedAndReported() throws IOException {
    Files.writeString(folder.resolve("up/broken.wav"), "no sound at all, this");
    write("down/empty.wav", new float[0]);
    train(recipe(1), folder.resolve("m.onnx"), false, 0);
    assertEquals(2, problems.size(), problems.toString());
    assertTrue(problems.get(0).contains("broken.wav"), problems.toString());
    assertTrue(problems.get(1).contains("empty.wav"), problems.toString());
  }

  @Test
  void unusableDataIsRejected() throws IOException {
    Path lonely = chirp("one/s1.wav", 400, 1500, 0.5).getParent();
    for (List<Path> positives : List.of(List.of(lonely), List.of(folder.resolve("nowhere")))) {
      Recipe recipe = with(positives, List.of(folder.resolve("down")));
      String message =
          assertThrows(IOException.class, () -> train(recipe, folder.resolve("m.onnx"), false, 0))
              .getMessage();
      assertTrue(message.contains(positives.get(0).toString()), message);
    }
    Recipe same = with(List.of(folder.resolve("up")), List.of(folder.resolve("up")));
    String message =
        assertThrows(IOException.class, () -> train(same, folder.resolve("m.onnx"), false, 0))
            .getMessage();
    assertTrue(message.contains("the same audio as"), message);
    assertFalse(Files.exists(folder.resolve("m.onnx")));
  }

  private Recipe with(List<Path> positives, List<Path> negatives) {
    return with(recipe(1), new Recipe.Sources("up", positives, negatives, List.of()));
  }

  private byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(folder.resolve(name));
  }
}
