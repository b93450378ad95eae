// SPDX-License-Identifier: Apache-2.0
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.TargetDataLine;
import javax.sound.sampled.spi.MixerProvider;

/** A stereo capture device that plays samples on its second channel; the first is silent. */
public final class FileMicrophone extends MixerProvider {
  static final String NAME = "file of the consumer";
  static final int RATE = 48_000;

  static float[] samples = new float[0]; // at RATE
  static volatile boolean plugged = true;
  private static volatile int played; // samples

  private static final AudioFormat FORMAT = new AudioFormat(RATE, 16, 2, true, false);
  private static final Mixer.Info INFO = new Mixer.Info(NAME, "a test", "plays a file", "1") {};

  private final long[] since = new long[1]; // nanoTime at which the first sample was due

  @Override
  public Mixer.Info[] getMixerInfo() {
    return new Mixer.Info[] {INFO};
  }

  @Override
  public Mixer getMixer(Mixer.Info info) {
    if (!INFO.equals(info)) {
      throw new IllegalArgumentException("not this one");
    }
    return proxy(
        Mixer.class,
        (method, args) ->
            switch (method) {
              case "getMixerInfo" -> INFO;
              case "isLineSupported" -> supports((Line.Info) args[0]);
              case "getLine" -> proxy(TargetDataLine.class, this::line);
              default -> throw new UnsupportedOperationException(method);
            });
  }

  private static boolean supports(Line.Info info) {
    return info.getLineClass() == TargetDataLine.class
        && (!(info instanceof DataLine.Info data) || data.getFormats()[0].matches(FORMAT));
  }

  private Object line(String method, Object[] args) throws LineUnavailableException {
    switch (method) {
      case "open":
        if (!plugged) {
          throw new LineUnavailableException("unplugged");
        }
        since[0] = System.nanoTime() - played * 1_000_000_000L / RATE;
        return null;
      case "available":
        long due = (System.nanoTime() - since[0]) / 1000 * RATE / 1_000_000;
        return plugged ? (int) Math.min(RATE, due - played) * 4 : 0;
      case "read":
        ByteBuffer to = ByteBuffer.wrap((byte[]) args[0], (int) args[1], (int) args[2]);
        to.order(ByteOrder.LITTLE_ENDIAN);
        for (; to.hasRemaining(); played++) {
          float sample = played < samples.length ? samples[played] : 0;
          to.putShort((short) 0).putShort((short) (sample * 32768));
        }
        return args[2];
      case "getFormat":
        return FORMAT;
      case "getBufferSize":
        return RATE * 4; // a second
      default:
        return null;
    }
  }

  private interface Answer {
    Object of(String method, Object[] args) throws Exception;
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            FileMicrophone.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> answer.of(method.getName(), args)));
  }
}
