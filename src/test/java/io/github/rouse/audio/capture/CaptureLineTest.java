// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.rouse.audio.Channel;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.TargetDataLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureLineTest {
  private final List<Integer> reads = new ArrayList<>(); // frames

  @Test
  void aBusyDeviceIsReportedWithTheReason() {
    AudioUnavailableException unavailable =
        assertThrows(
            AudioUnavailableException.class,
            () ->
                CaptureLine.open(
                    mixer(true), Channel.FIRST, 1, 44_100, null, Microphone.Events.NONE::captured));
    assertEquals(
        "capture device desk is busy or cannot be opened: Device or resource busy",
        unavailable.getMessage());
    assertEquals(LineUnavailableException.class, unavailable.getCause().getClass());
  }

  @Test
  void aDeviceWithoutAUsableFormatIsReported() {
    AudioUnavailableException unavailable =
        assertThrows(
            AudioUnavailableException.class,
            () ->
                CaptureLine.open(
                    mixer(false), Channel.BEST, 1, 44_100, null, Microphone.Events.NONE::captured));
    assertEquals(
        "capture device desk has no 16-bit format for channel best", unavailable.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"44100, 2205", "4410, 1102", "40, 16", "-1, 2205"})
  void aBlockIsFiftyMillisecondsOrAQuarterOfTheBuffer(int bufferFrames, int blockFrames)
      throws AudioUnavailableException {
    assertEquals(blockFrames, open(bufferFrames, new int[] {0}).blockFrames());
  }

  @Test
  void aBlockIsReadWhole() throws AudioUnavailableException {
    CaptureLine line = open(44_100, new int[] {0, 882, 1764, 2646});
    assertEquals(2205, line.read(new float[2205], 2205));
    assertEquals(List.of(2205), reads);
  }

  @Test
  void aSlowBlockIsReadInParts() throws AudioUnavailableException {
    CaptureLine line = open(44_100, new int[] {100});
    assertEquals(100, line.read(new float[2205], 2205));
    assertEquals(List.of(100), reads);
  }

  /**
   * Opens a line at 44.1 kHz.
   *
   * @param available frames that it offers at each look; the last for ever
   */
  private CaptureLine open(int bufferFrames, int[] available) throws AudioUnavailableException {
    AudioFormat format = new AudioFormat(44_100, 16, 1, true, false);
    AtomicInteger looks = new AtomicInteger();
    InvocationHandler line =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "getFormat" -> format;
              case "getBufferSize" -> bufferFrames * format.getFrameSize();
              case "available" ->
                  available[Math.min(looks.getAndIncrement(), available.length - 1)]
                      * format.getFrameSize();
              case "read" -> {
                reads.add((int) arguments[2] / format.getFrameSize());
                yield arguments[2];
              }
              default -> null;
            };
    return CaptureLine.open(
        mixer(true, line), Channel.FIRST, 1, 44_100, null, Microphone.Events.NONE::captured);
  }

  /** A device whose lines another program holds. */
  private static Mixer mixer(boolean supported) {
    return mixer(
        supported,
        (proxy, method, arguments) -> {
          if (method.getName().equals("open")) {
            throw new LineUnavailableException("Device or resource busy");
          }
          return null;
        });
  }

  private static Mixer mixer(boolean supported, InvocationHandler line) {
    InvocationHandler mixer =
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "isLineSupported" -> supported;
              case "getLine" -> proxy(TargetDataLine.class, line);
              case "getMixerInfo" -> new Mixer.Info("desk", "nobody", "a test", "1") {};
              default -> throw new AssertionError(method.toString());
            };
    return proxy(Mixer.class, mixer);
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
