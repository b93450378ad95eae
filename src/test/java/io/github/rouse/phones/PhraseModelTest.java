// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.Detector;
import io.github.rouse.TestPhones;
import io.github.rouse.model.PhoneModel;
import io.github.rouse.model.WakeModel;
import io.github.rouse.trigger.TriggerEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PhraseModelTest {
  private static final PhoneModel RECOGNISER = TestPhones.recogniser();
  private static final List<Phrase> PHRASES =
      List.of(phrase("nova", "N OW V AH", "N AA V AH"), phrase("hey", "HH EY"));

  private static Phrase phrase(String text, String... pronunciations) {
    return new Phrase(
        text, Arrays.stream(pronunciations).map(one -> List.of(one.split(" "))).toList(), null);
  }

  private static List<TriggerEvent> events(WakeModel model, float[] samples, int chunk) {
    List<TriggerEvent> events = new ArrayList<>();
    try (Detector detector = new Detector(model, events::add)) {
      for (int at = 0; at < samples.length; at += chunk) {
        detector.accept(samples, at, Math.min(chunk, samples.length - at));
      }
      detector.finish();
    }
    return events;
  }

  private static List<String> words(List<TriggerEvent> events) {
    return events.stream().map(TriggerEvent::word).toList();
  }

  @Test
  void phrasesAreFoundInOrderAndOthersAreNot() {
    float[] samples = TestPhones.say("HH EY", "N AA V AH", "V AH", "N OW", "L AY T", "N OW V AH");
    List<TriggerEvent> events = events(PhraseModel.of(RECOGNISER, PHRASES, null), samples, 1000);
    assertEquals(List.of("hey", "nova", "nova"), words(events));
    assertEquals("phones", events.get(0).model());
  }

  @Test
  void startAndEndAreThoseOfThePhones() {
    float[] samples = TestPhones.say("N OW V AH HH EY");
    List<TriggerEvent> events = events(PhraseModel.of(RECOGNISER, PHRASES, null), samples, 1000);
    assertEquals(List.of("nova", "hey"), words(events));
    assertEquals(0.5, events.get(0).startSeconds(), 0.08);
    assertEquals(0.82, events.get(0).endSeconds(), 0.08);
    assertEquals(0.82, events.get(1).startSeconds(), 0.08);
    assertEquals(0.98, events.get(1).endSeconds(), 0.08);
  }

  @Test
  void eventsDoNotDependOnChunking() {
    WakeModel model = PhraseModel.of(RECOGNISER, PHRASES, null).withThreshold(0.01f);
    float[] samples = TestPhones.say("HH EY N OW V AH", "V AH N AY", "EY HH", "N OW V AH");
    Random random = new Random(1);
    for (int i = 0; i < samples.length; i++) {
      samples[i] += (float) (0.02 * random.nextGaussian());
    }
    List<TriggerEvent> whole = events(model, samples, samples.length);
    assertTrue(whole.size() >= 3, whole.toString());
    for (int chunk : new int[] {1, 159, 640, 16_000}) {
      assertEquals(whole, events(model, samples, chunk));
    }
  }

  @Test
  void aPhraseDoesNotDependOnTheOthers() {
    float[] samples = TestPhones.say("HH EY N OW V AH", "N OW V AH");
    WakeModel all = PhraseModel.of(RECOGNISER, PHRASES, null);
    for (Phrase phrase : PHRASES) {
      List<TriggerEvent> alone =
          events(PhraseModel.of(RECOGNISER, List.of(phrase), null), samples, 1000);
      List<TriggerEvent> among =
          events(all, samples, 1000).stream().filter(e -> e.word().equals(phrase.text())).toList();
      assertEquals(alone, among);
    }
  }

  @Test
  void anUnknownPhoneIsNamed() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> PhraseModel.of(RECOGNISER, List.of(phrase("x", "X")), null));
    assertTrue(e.getMessage().startsWith("X: unknown phone, expected some of [AA, "));
  }
}
