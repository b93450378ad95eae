package io.github.rouse.audio.capture;

import io.github.rouse.audio.Channel;
import io.github.rouse.audio.ChannelSelector;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleSource;
import java.util.stream.IntStream;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.TargetDataLine;

/**
 * An open line of a capture device, as mono samples at its own rate.
 *
 * <p>It asks the line how much there is and sleeps while there is nothing, for a read of a line
 * whose device has gone returns 0 at once or never returns. After a second of nothing, or three at
 * the start, the stream is at its end.
 */
final class CaptureLine implements SampleSource {
  /** A device that delivers nothing for so long is gone. */
  static final long STALL_NANOS = 1_000_000_000L;

  /** A sound server may take so long to send the first samples of an idle device. */
  static final long START_NANOS = 3_000_000_000L;

  private static final int NAP_MILLIS = 10;
  private static final int MOST_FRAMES = 4096; // taken from the line at once
  private static final int[] OTHER_RATES = {48000, 44100, 96000, 32000, 192000, 22050, 16000, 8000};

  private final TargetDataLine line;
  private final String name;
  private final SampleFormat format;
  private final int channels;
  private final ChannelSelector mono;
  private final byte[] raw; // what the line gave
  private final float[] samples; // the same as floats
  private boolean heard; // anything so far
  private volatile boolean closed;
  private volatile boolean over;

  private CaptureLine(TargetDataLine line, String name, Channel channel) {
    this.line = line;
    this.name = name;
    format = SampleFormat.signed(line.getFormat().getSampleSizeInBits());
    channels = line.getFormat().getChannels();
    mono = new ChannelSelector(channel, channels, sampleRate());
    raw = new byte[MOST_FRAMES * channels * format.bytes];
    samples = new float[MOST_FRAMES * channels];
  }

  /**
   * Opens the device in the format that needs the least conversion: the wanted rate if it has it,
   * and as many channels as the choice of channel needs.
   *
   * @param before the only format to try, or null: a device that has gone refuses all of them, and
   *     each refusal costs milliseconds
   */
  static CaptureLine open(Mixer mixer, Channel channel, int wantedRate, AudioFormat before)
      throws AudioUnavailableException {
    String device = mixer.getMixerInfo().getName();
    Exception refusal = null;
    int[] rates = IntStream.concat(IntStream.of(wantedRate), IntStream.of(OTHER_RATES)).toArray();
    for (int channels : channelsFor(channel)) {
      for (int rate : rates) {
        AudioFormat format = new AudioFormat(rate, 16, channels, /* signed= */ true, false);
        if (before != null && !before.matches(format)) {
          continue;
        }
        DataLine.Info info = new DataLine.Info(TargetDataLine.class, format);
        if (!mixer.isLineSupported(info)) {
          continue;
        }
        TargetDataLine line = null;
        try {
          line = (TargetDataLine) mixer.getLine(info);
          line.open(format, rate / 2 * format.getFrameSize()); // half a second of patience
          line.start();
          return new CaptureLine(line, device, channel);
        } catch (LineUnavailableException | RuntimeException e) {
          refusal = e;
          if (line != null) {
            line.close();
          }
        }
      }
    }
    throw refusal == null
        ? new AudioUnavailableException(
            "capture device " + device + " has no 16-bit format for channel " + channel)
        : new AudioUnavailableException(
            "capture device " + device + " is busy or does not open: " + refusal.getMessage(),
            refusal);
  }

  private static int[] channelsFor(Channel channel) {
    return switch (channel.choice()) {
      case ONE -> IntStream.rangeClosed(channel.number(), Math.max(8, channel.number())).toArray();
      case MIX -> new int[] {2, 1, 4, 6, 8, 3, 5, 7}; // a sound server mixes more than 2 itself
      case BEST -> new int[] {8, 7, 6, 5, 4, 3, 2, 1};
    };
  }

  /** The line's own rate, Hz. */
  @Override
  public int sampleRate() {
    return Math.round(line.getFormat().getSampleRate());
  }

  /** The line's real format. */
  AudioFormat lineFormat() {
    return line.getFormat();
  }

  /** Whether the stream has come to its end, although its thread may hang in native code. */
  boolean isOver() {
    return over;
  }

  /** Device and real format, for people. */
  String describe() {
    return name // without String.format, whose numbers bring all that Java knows of locales
        + (" at "
            + sampleRate()
            + " Hz, "
            + channels
            + (channels == 1 ? " channel, " : " channels, "))
        + (line.getFormat().getSampleSizeInBits() + " bit");
  }

  @Override
  public int read(float[] to, int most) {
    int frameBytes = channels * format.bytes;
    int wanted = Math.min(most, MOST_FRAMES) * frameBytes;
    long since = System.nanoTime();
    long patience = heard ? STALL_NANOS : START_NANOS;
    while (!closed && System.nanoTime() - since < patience) {
      int there = Math.min(line.available() / frameBytes * frameBytes, wanted);
      int got = there > 0 ? line.read(raw, 0, there) / frameBytes : 0;
      if (got > 0) {
        heard = true;
        format.decode(raw, /* bigEndian= */ false, samples, got * channels);
        mono.reduce(samples, got, to);
        return got;
      }
      try {
        Thread.sleep(NAP_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    over = true;
    return -1;
  }

  void close() {
    closed = true;
    line.close();
  }

  /** Ends the stream at the next opportunity, without touching the line: that could hang. */
  void stop() {
    closed = true;
  }
}
