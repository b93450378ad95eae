// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.capture;

import io.github.rouse.audio.Channel;
import io.github.rouse.audio.ChannelSelector;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleSource;
import java.util.stream.IntStream;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.DataLine;
import javax.sound.sampled.Line;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.Mixer;
import javax.sound.sampled.TargetDataLine;

/**
 * An open line of a capture device; delivers samples at the line's rate: mono, or of all channels.
 * Here 16-bit values become floats, as {@link SampleFormat} defines, and they stay floats from here
 * on.
 *
 * <p>It polls the line, and sleeps until the next block should be complete, because a blocking read
 * of a lost device returns 0 at once or never returns. A block that takes longer than twice its
 * length is read in parts. The stream ends after a second without samples, or three seconds at the
 * start.
 */
final class CaptureLine implements SampleSource {
  /** A device that delivers nothing for this time is lost. */
  static final long STALL_NANOS = 1_000_000_000L;

  /** A sound server may take this long to send the first samples of an idle device. */
  static final long START_NANOS = 3_000_000_000L;

  /** Longest block: shorter ones cost CPU time, longer ones delay detection. */
  private static final int BLOCK_MILLIS = 50;

  private static final int SHORTEST_PAUSE_MILLIS = 5; // devices deliver every 10 to 20 ms
  private static final long PARTIAL_NANOS = 2L * BLOCK_MILLIS * 1_000_000; // then in parts

  private static final int MOST_CHANNELS = 8;
  private static final int[] OTHER_RATES = {48000, 44100, 96000, 32000, 192000, 22050, 16000, 8000};

  private final TargetDataLine line;
  private final String name;
  private final SampleFormat format;
  private final int channels;
  private final ChannelSelector selector; // null to deliver all channels
  private final CaptureTap tap;
  private final int blockFrames;
  private final byte[] raw; // bytes from the line
  private final float[] samples; // the bytes as floats, interleaved
  private boolean started; // samples have arrived
  private volatile boolean closed;
  private volatile boolean over;

  private CaptureLine(TargetDataLine line, String name, Channel channel, CaptureTap tap) {
    this.line = line;
    this.name = name;
    format = SampleFormat.signed(line.getFormat().getSampleSizeInBits());
    channels = line.getFormat().getChannels();
    boolean each = channel.choice() == Channel.Choice.EACH;
    selector = each ? null : new ChannelSelector(channel, channels, sampleRate());
    this.tap = tap;
    int buffered = line.getBufferSize() / (channels * format.bytes); // frames, before it loses some
    int longest = sampleRate() * BLOCK_MILLIS / 1000;
    blockFrames = Math.max(16, buffered > 0 ? Math.min(longest, buffered / 4) : longest);
    raw = new byte[blockFrames * channels * format.bytes];
    samples = new float[blockFrames * channels];
  }

  /**
   * Opens the device in the format that needs the least conversion: at the wanted rate if possible,
   * with the channels that {@code channel} needs.
   *
   * @param each channels to open if {@code channel} is each
   * @param before the only format to try, or null for any; a lost device refuses every format, and
   *     each refusal costs milliseconds
   */
  static CaptureLine open(
      Mixer mixer, Channel channel, int each, int wantedRate, AudioFormat before, CaptureTap tap)
      throws AudioUnavailableException {
    String device = mixer.getMixerInfo().getName();
    Exception refusal = null;
    int[] rates = IntStream.concat(IntStream.of(wantedRate), IntStream.of(OTHER_RATES)).toArray();
    for (int channels : channelsFor(channel, each)) {
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
          line.open(format, rate / 2 * format.getFrameSize()); // half a second of buffer
          line.start();
          return new CaptureLine(line, device, channel, tap);
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
            "capture device " + device + " is busy or cannot be opened: " + refusal.getMessage(),
            refusal);
  }

  private static int[] channelsFor(Channel channel, int each) {
    return switch (channel.choice()) {
      case AUTO -> IntStream.rangeClosed(1, MOST_CHANNELS).toArray(); // to one, systems mix all
      case ONE ->
          IntStream.rangeClosed(channel.number(), Math.max(MOST_CHANNELS, channel.number()))
              .toArray();
      case MIX -> new int[] {2, 1, 4, 6, 8, 3, 5, 7}; // a sound server mixes down to 2 itself
      case EACH -> new int[] {each};
      case BEST -> new int[] {8, 7, 6, 5, 4, 3, 2, 1};
    };
  }

  /**
   * The channels of a device: the most it offers, but 2 of a sound server, which offers any number
   * and fills the others with copies.
   */
  static int channels(Mixer mixer) {
    int most = 1;
    for (Line.Info info : mixer.getTargetLineInfo()) {
      if (info instanceof DataLine.Info line) {
        for (AudioFormat format : line.getFormats()) {
          int channels = format.getChannels();
          most = Math.max(most, channels < 1 ? MOST_CHANNELS + 1 : channels); // any number
        }
      }
    }
    return most > MOST_CHANNELS ? 2 : most;
  }

  /** The line's rate, Hz. */
  @Override
  public int sampleRate() {
    return Math.round(line.getFormat().getSampleRate());
  }

  /** The line's actual format. */
  AudioFormat lineFormat() {
    return line.getFormat();
  }

  /** Whether the stream has ended; its thread may still hang in native code. */
  boolean isOver() {
    return over;
  }

  /** Device and actual format, for display. */
  String describe() {
    return name // String.format would load all locale data
        + (" at "
            + sampleRate()
            + " Hz, "
            + channels
            + (channels == 1 ? " channel, " : " channels, "))
        + (line.getFormat().getSampleSizeInBits() + " bit");
  }

  /** Frames of a full block; fewer where the line's buffer is small. */
  int blockFrames() {
    return blockFrames;
  }

  @Override
  public int read(float[] to, int most) {
    int frameBytes = channels * format.bytes;
    int perFrame = selector == null ? channels : 1; // values delivered
    int wanted = Math.min(most / perFrame, blockFrames);
    long since = System.nanoTime();
    long patience = started ? STALL_NANOS : START_NANOS;
    long waited = 0;
    while (!closed && !over) {
      int available = Math.min(line.available() / frameBytes, wanted);
      if (available == wanted || waited >= PARTIAL_NANOS) {
        int got = available > 0 ? line.read(raw, 0, available * frameBytes) / frameBytes : 0;
        if (got > 0) {
          started = true;
          convert(got, to);
          return got * perFrame;
        }
      }
      if (waited >= patience) {
        break;
      }
      int pause = (int) ((wanted - available) * 1000L / sampleRate());
      try {
        Thread.sleep(Math.max(SHORTEST_PAUSE_MILLIS, pause));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      waited = System.nanoTime() - since;
    }
    over = true;
    return -1;
  }

  /** Converts what was read, and shows it to the tap. */
  private void convert(int frames, float[] to) {
    format.decode(raw, /* bigEndian= */ false, samples, frames * channels);
    if (selector == null) {
      System.arraycopy(samples, 0, to, 0, frames * channels);
    } else {
      selector.reduce(samples, frames, to);
    }
    tap.captured(samples, to, frames, channels, sampleRate());
  }

  void close() {
    closed = true;
    line.close();
  }

  /** Ends the stream soon, without touching the line, which could hang. */
  void stop() {
    closed = true;
  }
}
