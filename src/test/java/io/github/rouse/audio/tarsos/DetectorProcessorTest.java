// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.tarsos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import be.tarsos.dsp.AudioDispatcher;
import be.tarsos.dsp.io.jvm.AudioDispatcherFactory;
import java.util.Arrays;
import javax.sound.sampled.UnsupportedAudioFileException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DetectorProcessorTest {
  @ParameterizedTest
  @CsvSource({"100,0,false", "100,50,false", "100,90,false", "100,50,true", "64,1,false"})
  void overlappingEventsPassEachSampleOnOnce(int size, int overlap, boolean padFirst)
      throws UnsupportedAudioFileException {
    float[] sound = new float[1003];
    for (int i = 0; i < sound.length; i++) {
      sound[i] = (i + 1.5f) / 32767; // TarsosDSP's 16-bit conversion truncates the half
    }
    AudioDispatcher dispatcher = AudioDispatcherFactory.fromFloatArray(sound, 16000, size, overlap);
    dispatcher.setZeroPadFirstBuffer(padFirst);
    dispatcher.setZeroPadLastBuffer(false);
    float[] got = new float[3000];
    int[] length = {0};
    dispatcher.addAudioProcessor(
        new DetectorProcessor(
            (samples, from, n) -> {
              System.arraycopy(samples, from, got, length[0], n);
              length[0] += n;
            }));
    dispatcher.run();
    float[] expected = new float[sound.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (i + 1) / 32767f;
    }
    assertArrayEquals(expected, Arrays.copyOf(got, length[0]), 0.01f / 32767);
  }
}
