// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.pronounce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.model.PronunciationModel;
import io.github.rouse.pronounce.BeamSearch;
import io.github.rouse.pronounce.PronouncingDictionary;
import io.github.rouse.pronounce.TinyPronunciations;
import io.github.rouse.train.SilentProgress;
import io.github.rouse.train.recipe.PronunciationRecipe;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PronunciationTrainerTest {
  private static final String WORDS =
      """
      ban B AE1 N
      bat B AE1 T
      bit B IH1 T
      cat K AE1 T
      chat CH AE1 T
      chin CH IH1 N
      fin F IH1 N
      kit K IH1 T
      nit N IH1 T
      tan T AE1 N
      that DH AE1 T
      thin TH IH1 N
      this DH IH1 S
      tin T IH1 N
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeDictionary() throws IOException {
    Files.writeString(folder.resolve("tiny.dict"), WORDS);
  }

  private PronunciationRecipe recipe(int epochs, double heldOut) throws IOException {
    Path file = folder.resolve("r.yaml");
    Files.writeString(
        file,
        "task: pronunciation\ndictionary: tiny.dict\n"
            + "network: {encoder: 12, decoder: 16, attention: 8, dropout: 0.1}\n"
            + "schedule: {epochs: "
            + epochs
            + ", batches: 20, batchSize: 4, averaging: 0.9, heldOut: "
            + heldOut
            + "}\noptimisation: {rate: 2e-2, clipNorm: 1}\n");
    return PronunciationRecipe.read(file, Assertions::fail);
  }

  private byte[] files(Path out) throws IOException {
    byte[] encoder = Files.readAllBytes(out.resolve(PronunciationModel.ENCODER));
    byte[] decoder = Files.readAllBytes(out.resolve(PronunciationModel.DECODER));
    byte[] both = Arrays.copyOf(encoder, encoder.length + decoder.length);
    System.arraycopy(decoder, 0, both, encoder.length, decoder.length);
    return both;
  }

  @Test
  void aTinyDictionaryIsLearntByHeart() throws IOException {
    Path out = folder.resolve("model");
    new PronunciationTrainer(recipe(20, 0), out, folder, 1, new SilentProgress()).train(false);
    BeamSearch search = new BeamSearch(PronunciationModel.read(out));
    PronouncingDictionary dictionary = PronouncingDictionary.read(folder.resolve("tiny.dict"));
    for (String word : dictionary.words().keySet()) {
      assertEquals(dictionary.of(word).get(0), search.search(word, 1).get(0).phonemes(), word);
    }
  }

  @Test
  void trainingIsReproducibleWhetherInterruptedOrNot() throws IOException {
    PronunciationRecipe recipe = recipe(3, 0.3);
    Path whole = folder.resolve("whole");
    PronunciationModel model =
        new PronunciationTrainer(recipe, whole, folder, 1, new SilentProgress()).train(false);
    assertTrue(model.provenance().facts().containsKey("held-out phoneme errors"));
    Path again = folder.resolve("again");
    new PronunciationTrainer(recipe, again, folder, 1, new SilentProgress()).train(false);
    assertArrayEquals(files(whole), files(again));
    Path resumed = folder.resolve("resumed");
    SilentProgress progress = new SilentProgress();
    PronunciationTrainer trainer = new PronunciationTrainer(recipe, resumed, folder, 1, progress);
    progress.afterEpoch = trainer::stop;
    assertThrows(InterruptedIOException.class, () -> trainer.train(false));
    new PronunciationTrainer(recipe, resumed, folder, 1, new SilentProgress()).train(true);
    assertArrayEquals(files(whole), files(resumed));
  }

  @Test
  void theWordsHeldOutDependOnTheSeedAndNotOnTheFile() {
    List<List<String>> none = List.of();
    int both = 0;
    int one = 0;
    for (int i = 0; i < 10_000; i++) {
      Spelling word = new Spelling("w" + (char) ('a' + i % 26) + "x".repeat(i / 26 % 7) + i, none);
      boolean first = word.isHeldOut(0.05, 1);
      both += first && word.isHeldOut(0.05, 2) ? 1 : 0;
      one += first ? 1 : 0;
    }
    assertEquals(500, one, 70);
    assertTrue(both < 60, both + " held out by both seeds");
  }

  @Test
  void theNearestOfSeveralPronunciationsCounts() {
    PronunciationModel model = TinyPronunciations.english();
    List<String> given = new BeamSearch(model).search("nova", 1).get(0).phonemes();
    List<String> far = new ArrayList<>(given);
    far.addAll(List.of("ZH", "ZH", "ZH"));
    PronunciationErrors right =
        PronunciationErrors.of(model, List.of(new Spelling("nova", List.of(far, given))));
    assertEquals(0, right.wordRate());
    assertEquals(given.size(), right.phonemes());
    PronunciationErrors wrong =
        PronunciationErrors.of(model, List.of(new Spelling("nova", List.of(far))));
    assertEquals(3, wrong.edits());
    assertEquals(1, wrong.wordRate());
  }

  @Test
  void distanceCountsEdits() {
    assertEquals(0, PronunciationErrors.distance(List.of("K", "AE"), List.of("K", "AE")));
    assertEquals(1, PronunciationErrors.distance(List.of("K", "AE"), List.of("K")));
    assertEquals(2, PronunciationErrors.distance(List.of("K", "AE"), List.of("AE", "K")));
    assertEquals(3, PronunciationErrors.distance(List.of(), List.of("K", "AE", "T")));
  }
}
