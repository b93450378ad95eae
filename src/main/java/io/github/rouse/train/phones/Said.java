// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.phones;

import io.github.rouse.phones.Utterance;
import io.github.rouse.train.data.AudioCache.Sound;
import io.github.rouse.train.data.Recordings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * An utterance's sound.
 *
 * @param from first sample
 * @param to the sample after the last
 * @param phones indices in {@link #phones(List)}
 */
record Said(Sound sound, int from, int to, int[] phones) {
  /** The phones of lists, sorted. */
  static List<String> phones(List<List<Utterance>> lists) {
    TreeSet<String> phones = new TreeSet<>();
    lists.forEach(list -> list.forEach(utterance -> phones.addAll(utterance.phones())));
    return List.copyOf(phones);
  }

  /** Decodes the recordings of lists; leaves out what cannot be read. */
  static List<List<Said>> decode(List<List<Utterance>> lists, Recordings recordings, int sampleRate)
      throws IOException {
    List<String> phones = phones(lists);
    Map<Path, Sound> sounds = new LinkedHashMap<>();
    lists.forEach(list -> list.forEach(utterance -> sounds.put(utterance.file(), null)));
    for (Sound sound : recordings.decode(List.copyOf(sounds.keySet()))) {
      sounds.put(sound.path(), sound);
    }
    List<List<Said>> said = new ArrayList<>();
    for (List<Utterance> list : lists) {
      List<Said> heard = new ArrayList<>();
      for (Utterance utterance : list) {
        Sound sound = sounds.get(utterance.file());
        if (sound != null) {
          heard.add(
              new Said(
                  sound,
                  utterance.from(sound.length(), sampleRate),
                  utterance.to(sound.length(), sampleRate),
                  utterance.phones().stream().mapToInt(phones::indexOf).toArray()));
        }
      }
      said.add(heard);
    }
    return said;
  }
}
