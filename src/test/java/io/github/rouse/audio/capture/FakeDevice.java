// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.TargetDataLine;
import javax.sound.sampled.spi.MixerProvider;

/** A 16 kHz capture device for tests; javax.sound finds it only while it is plugged in. */
public final class FakeDevice extends MixerProvider {
  /** How the device responds to opening and reading. */
  enum Mood {
    GIVES,
    REFUSES,
    HANGS
  }

  public static final String NAME = "fake of Rouse's tests";

  /** Set to true, this system property plugs it in from the start of another Java. */
  public static final String PLUGGED = "rouse.test.plugged";

  static final int STEP = 4099; // of the sawtooth, in 16-bit units; odd, so all values occur

  private static final AudioFormat FORMAT = new AudioFormat(16000, 16, 1, true, false);
  private static final Mixer.Info INFO = new Mixer.Info(NAME, "Rouse", "fake", "1") {};

  static final AtomicInteger openings = new AtomicInteger(); // since it was plugged in
  static volatile Mood mood = Mood.GIVES;
  private static volatile CountDownLatch hanging = new CountDownLatch(1);
  private static volatile boolean plugged = Boolean.getBoolean(PLUGGED);

  static void plugIn() {
    openings.set(0);
    mood = Mood.GIVES;
    hanging = new CountDownLatch(1);
    plugged = true;
  }

  /** Unplugs the device and releases hanging threads. */
  static void unplug() {
    plugged = false;
    mood = Mood.REFUSES;
    hanging.countDown();
  }

  @Override
  public Mixer.Info[] getMixerInfo() {
    return plugged ? new Mixer.Info[] {INFO} : new Mixer.Info[0];
  }

  @Override
  public Mixer getMixer(Mixer.Info info) {
    if (!INFO.equals(info)) {
      throw new IllegalArgumentException("not this one");
    }
    return (Mixer)
        Proxy.newProxyInstance(
            FakeDevice.class.getClassLoader(),
            new Class<?>[] {Mixer.class},
            (self, method, args) ->
                switch (method.getName()) {
                  case "getMixerInfo" -> INFO;
                  case "isLineSupported" -> supports((Line.Info) args[0]);
                  case "getTargetLineInfo" ->
                      new Line.Info[] {new DataLine.Info(TargetDataLine.class, FORMAT)};
                  case "getLine" -> new FakeLine().line();
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static boolean supports(Line.Info info) {
    return info.getLineClass() == TargetDataLine.class
        && (!(info instanceof DataLine.Info data)
            || Arrays.stream(data.getFormats()).anyMatch(FORMAT::matches));
  }

  /** Delivers a sawtooth in real time: each sample is {@link #STEP} above the one before. */
  private static final class FakeLine {
    private final long since = System.nanoTime();
    private long taken; // bytes
    private short next; // sample

    TargetDataLine line() {
      return (TargetDataLine)
          Proxy.newProxyInstance(
              FakeDevice.class.getClassLoader(),
              new Class<?>[] {TargetDataLine.class},
              (self, method, args) -> answer(method.getName(), args));
    }

    private Object answer(String method, Object[] args)
        throws LineUnavailableException, InterruptedException {
      return switch (method) {
        case "open" -> {
          openings.incrementAndGet();
          if (mood == Mood.HANGS) {
            hanging.await();
          }
          if (mood == Mood.REFUSES) {
            throw new LineUnavailableException("the fake refuses");
          }
          yield null;
        }
        case "available" -> {
          long due = (System.nanoTime() - since) * 32 / 1_000_000; // bytes, 32 a millisecond
          yield mood == Mood.GIVES ? (int) (due - taken) / 2 * 2 : 0;
        }
        case "read" -> {
          taken += (int) args[2];
          ByteBuffer to = ByteBuffer.wrap((byte[]) args[0], (int) args[1], (int) args[2]);
          to.order(ByteOrder.LITTLE_ENDIAN);
          while (to.hasRemaining()) {
            to.putShort(next);
            next = (short) (next + STEP);
          }
          yield args[2];
        }
        case "getFormat" -> FORMAT;
        case "getBufferSize" -> 16_000; // half a second
        case "start", "close" -> null;
        default -> throw new UnsupportedOperationException(method);
      };
    }
  }
}
