// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.train.data.AudioCache.Sound;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpeakerSplitTest {
  @Test
  void aSpeakerOfTwoWordsStaysOnOneSide() {
    SpeakerSplit split =
        of(0.2, spoken("up", 0, 20), spoken("down", 0, 20), spoken("other", 0, 20));
    assertTrue(split.holdsOut());
    assertEquals(4, speakers(split.heldOut().positives().get(0)).size());
    for (int word = 0; word < 2; word++) {
      Set<String> out = speakers(split.heldOut().positives().get(word));
      assertEquals(out, speakers(split.heldOut().negatives()));
      assertTrue(Collections.disjoint(out, speakers(split.trained().positives().get(word))));
    }
  }

  @Test
  void aWordStaysInTrainingIfAllItsSpeakersAreHeldOut() {
    List<Sound> up = spoken("up", 0, 20);
    List<Sound> other = spoken("other", 20, 40);
    Set<String> out = speakers(of(0.1, up, up, other).heldOut().positives().get(0));
    List<Sound> down =
        spoken("down", 0, 20).stream()
            .filter(s -> speakers(List.of(s)).equals(first(out)))
            .toList();
    SpeakerSplit split = SpeakerSplit.of(List.of(up, down), 1, other, 0.1);
    assertEquals(down, split.trained().positives().get(1));
    assertTrue(split.heldOut().positives().get(1).isEmpty());
    assertTrue(split.holdsOut(), "the word itself has held-out speakers");
  }

  @Test
  void nobodyIsHeldOutIfAnyWordHasTooFewSpeakers() {
    SpeakerSplit split = of(0.1, spoken("up", 0, 20), spoken("down", 0, 9), spoken("other", 0, 20));
    assertFalse(split.holdsOut());
    assertTrue(split.heldOut().negatives().isEmpty());
    assertEquals(40, split.trained().positives().get(0).size());
  }

  @Test
  void theHeldOutSpeakersDoNotDependOnOrder() {
    List<Sound> up = spoken("up", 0, 20);
    List<Sound> turned = new ArrayList<>(up);
    Collections.reverse(turned);
    List<Sound> other = spoken("other", 0, 20);
    assertEquals(
        speakers(of(0.2, up, up, other).heldOut().negatives()),
        speakers(of(0.2, turned, turned, other).heldOut().negatives()));
  }

  @Test
  void partsIdentifyTheSpeakersOfEachSide() {
    List<Sound> up = spoken("up", 0, 20);
    List<Sound> other = spoken("other", 0, 20);
    String parts = of(0.2, up, up, other).parts();
    assertEquals(parts, of(0.2, up, up, other).parts());
    assertNotEquals(parts, of(0.1, up, up, other).parts());
    List<Sound> more =
        new ArrayList<>(up.subList(38, 40)); // the same speakers, now with the other word
    more.addAll(up);
    assertNotEquals(parts, of(0.2, up.subList(0, 38), more, other).parts());
  }

  private static SpeakerSplit of(double share, List<Sound> one, List<Sound> two, List<Sound> none) {
    return SpeakerSplit.of(List.of(one, two), 2, none, share);
  }

  private static Set<String> first(Set<String> names) {
    return Set.of(names.stream().sorted().findFirst().orElseThrow());
  }

  /** Two recordings of each speaker. */
  private static List<Sound> spoken(String word, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "s" + i)
        .flatMap(s -> Stream.of(s + "-1.wav", s + "_2.wav"))
        .map(name -> new Sound(Path.of(word, name), ShortBuffer.allocate(1), 1, null))
        .toList();
  }

  private static Set<String> speakers(List<Sound> sounds) {
    Set<String> names = new HashSet<>();
    sounds.forEach(s -> names.add(s.path().getFileName().toString().split("[-_]", 2)[0]));
    return names;
  }
}
