// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.model.PhonemeLanguage;
import io.github.rouse.pronounce.PhonemeContext;
import io.github.rouse.pronounce.PronouncingDictionary;
import io.github.rouse.train.SilentProgress;
import io.github.rouse.train.recipe.LanguageRecipe;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageTrainerTest {
  private static final List<String> PHONEMES = PronouncingDictionary.PHONEMES;

  @TempDir Path folder;

  @BeforeEach
  void writeTexts() throws IOException {
    Files.writeString(folder.resolve("tiny.dict"), "cat K AE1 T\nsat S AE1 T\nthe DH AH0\n");
    Files.writeString(
        folder.resolve("text.txt"), "The cat sat.\nThe cat, the cat\nunheard-of\n".repeat(20));
  }

  private LanguageRecipe recipe(int epochs, double heldOut) throws IOException {
    Path file = folder.resolve("r.yaml");
    Files.writeString(
        file,
        "task: language\ndictionary: tiny.dict\ntexts: text.txt\n"
            + "network: {units: 12, dropout: 0.1}\n"
            + "schedule: {epochs: "
            + epochs
            + ", batches: 20, batchSize: 4, averaging: 0.9, heldOut: "
            + heldOut
            + "}\noptimisation: {rate: 2e-2, clipNorm: 1}\n");
    return LanguageRecipe.read(file, Assertions::fail);
  }

  @Test
  void aTinyTextIsLearntByHeart() throws IOException {
    Path out = folder.resolve("language.onnx");
    new LanguageTrainer(recipe(10, 0), out, folder, 1, new SilentProgress()).train(false);
    PhonemeLanguage model = PhonemeLanguage.read(out);
    PhonemeContext the =
        PhonemeContext.start(model)
            .then(PHONEMES.indexOf("DH"))
            .then(PHONEMES.indexOf("AH"))
            .then(model.boundary());
    assertTrue(the.logProbability(PHONEMES.indexOf("K")) > Math.log(0.8));
  }

  @Test
  void trainingIsReproducibleWhetherInterruptedOrNot() throws IOException {
    LanguageRecipe recipe = recipe(3, 0.5);
    Path whole = folder.resolve("whole.onnx");
    PhonemeLanguage model =
        new LanguageTrainer(recipe, whole, folder, 1, new SilentProgress()).train(false);
    Path again = folder.resolve("again.onnx");
    new LanguageTrainer(recipe, again, folder, 1, new SilentProgress()).train(false);
    assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(again));
    Path resumed = folder.resolve("resumed.onnx");
    SilentProgress progress = new SilentProgress();
    LanguageTrainer trainer = new LanguageTrainer(recipe, resumed, folder, 1, progress);
    progress.afterEpoch = trainer::stop;
    assertThrows(InterruptedIOException.class, () -> trainer.train(false));
    new LanguageTrainer(recipe, resumed, folder, 1, new SilentProgress()).train(true);
    assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(resumed));
    assertTrue(
        model.provenance().facts().get("held-out perplexity, text.txt").contains("of trigrams"));
  }

  @Test
  void anUnknownWordEndsALine() throws IOException {
    Path text = Files.writeString(folder.resolve("one.txt"), "the 'cat' unknown sat\n");
    PronouncingDictionary dictionary = PronouncingDictionary.read(folder.resolve("tiny.dict"));
    PhonemeText read = PhonemeText.read(text, dictionary, 0, 1);
    assertEquals(2, read.trained().size());
    int boundary = PHONEMES.size();
    assertArrayEquals(
        new int[] {PHONEMES.indexOf("S"), PHONEMES.indexOf("AE"), PHONEMES.indexOf("T"), boundary},
        read.trained().get(1));
    Files.writeString(text, "none is known\n");
    assertEquals(
        text + ": has no word of the dictionary",
        assertThrows(IOException.class, () -> PhonemeText.read(text, dictionary, 0, 1))
            .getMessage());
  }
}
