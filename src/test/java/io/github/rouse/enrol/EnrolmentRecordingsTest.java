// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.enrol;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.train.data.AudioCache;
import io.github.rouse.train.data.AudioCache.Sound;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnrolmentRecordingsTest {
  private static final int RATE = 16_000;
  private static final Path JARVIS = Path.of("audio-samples/jarvis-quiet.flac");
  private static final Path COMPUTER = Path.of("audio-samples/computer-kitchen.ogg");

  /** A word cut from a longer sound. */
  private static Sound cut(AudioCache sounds, Path file, double start, double end)
      throws IOException {
    Sound all = sounds.add(file, AudioCache.decode(file, Channel.AUTO, RATE));
    float[] word = all.part((int) ((start - 0.3) * RATE), (int) ((end + 0.3) * RATE));
    short[] samples = new short[word.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = SampleFormat.toSixteenBits(word[i]);
    }
    return sounds.add(file, List.of(samples));
  }

  @Test
  void detectsSyntheticVoicesThatSayAnotherWord() throws IOException {
    EmbeddingBank bank = EmbeddingBank.read(Path.of("models/multi/words.bank"));
    Encoder encoder =
        bank.on(EnrolmentBase.read(Path.of("models/multi/words.onnx"), bank).encoder());
    try (AudioCache sounds = AudioCache.temporary(RATE)) {
      List<Sound> jarvis =
          List.of(
              cut(sounds, JARVIS, 0.60, 1.13),
              cut(sounds, JARVIS, 7.91, 8.40),
              cut(sounds, JARVIS, 10.95, 11.51));
      List<Sound> computer =
          List.of(
              cut(sounds, COMPUTER, 0.65, 1.15),
              cut(sounds, COMPUTER, 7.97, 8.45),
              cut(sounds, COMPUTER, 11.3, 11.8));
      for (Sound voice : jarvis) {
        assertTrue(EnrolmentRecordings.disagree(List.of(voice), computer, encoder));
      }
      for (Sound voice : computer) {
        assertTrue(EnrolmentRecordings.disagree(List.of(voice), jarvis, encoder));
      }
      assertFalse(
          EnrolmentRecordings.disagree(jarvis.subList(0, 2), jarvis.subList(2, 3), encoder));
    }
  }
}
