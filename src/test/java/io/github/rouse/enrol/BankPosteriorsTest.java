// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.TestEncoders;
import io.github.rouse.nn.Dense;
import io.github.rouse.nn.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BankPosteriorsTest {
  @Test
  void nearSilencePrecedesEachFragmentOfTheBank() throws IOException {
    EmbeddingBank bank = TestEncoders.bank(Path.of("audio-samples/story-with-words.ogg"));
    int units = bank.units();
    float[] numbered = new float[bank.steps() * units];
    for (int step = 0; step < bank.steps(); step++) {
      numbered[step * units] = 1000 + step;
    }
    float[][] first = new float[units][1];
    first[0][0] = 1;
    Network head = new Network(List.of(new Dense(first, new float[1])));
    Encoder encoder = bank.on(TestEncoders.random(1));
    BankPosteriors posteriors = new BankPosteriors(encoder, bank, numbered, 7);
    for (int part = 0; part < EmbeddingBank.PARTS; part++) {
      float[] fluent = posteriors.fluent(head, part);
      assertEquals(bank.partSteps(), fluent.length);
      assertEquals(1000 + bank.partFrom(part), fluent[0], 0);
      List<Float> spoken = new ArrayList<>();
      List<Integer> lengths = new ArrayList<>(); // of fragments
      int still = 0;
      for (float value : posteriors.fragments(head, part)) {
        if (value < 1000) {
          still++;
          continue;
        }
        if (still > 0 || lengths.isEmpty()) {
          assertEquals(EnrolmentHead.STEPS, still);
          lengths.add(0);
          still = 0;
        }
        lengths.set(lengths.size() - 1, lengths.get(lengths.size() - 1) + 1);
        spoken.add(value);
      }
      for (int length : lengths.subList(0, lengths.size() - 1)) {
        assertTrue(length >= BankPosteriors.SHORTEST_FRAGMENT, lengths.toString());
        assertTrue(length <= BankPosteriors.LONGEST_FRAGMENT, lengths.toString());
      }
      float[] all = new float[spoken.size()];
      for (int i = 0; i < all.length; i++) {
        all[i] = spoken.get(i);
      }
      assertArrayEquals(fluent, all);
    }
  }
}
