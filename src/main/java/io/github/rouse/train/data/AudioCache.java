// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.train.data;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleSink;
import io.github.rouse.audio.SpeechBounds;
import io.github.rouse.train.data.PhoneLabels.LabelledPhone;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Decoded recordings at the model's rate, in one memory-mapped file that is deleted on close:
 * training uses more audio than fits on the heap.
 */
public final class AudioCache implements Closeable {
  private static final long SEGMENT = 64 << 20; // bytes of one mapping, unless a file needs more
  private static final long LONGEST = 1L << 29; // bytes of one file
  static final int ONE_WORD_SECONDS = 30; // longer recordings count as speech throughout

  /**
   * One recording.
   *
   * @param path of the file
   * @param samples of 16 bits
   * @param length in samples
   * @param speech from the start to the end of its speech
   * @param phones in it; empty if unknown
   */
  public record Sound(
      Path path, ShortBuffer samples, int length, SpeechBounds speech, List<LabelledPhone> phones) {
    private static final int BLOCK = 4096; // samples copied at a time

    public Sound(Path path, ShortBuffer samples, int length, SpeechBounds speech) {
      this(path, samples, length, speech, List.of());
    }

    /** A copy with phones. */
    Sound with(List<LabelledPhone> known) {
      return new Sound(path, samples, length, speech, known);
    }

    /** Copies samples, scaled to [-1, 1]. */
    public void copy(int from, float[] to, int at, int count) {
      short[] block = new short[Math.min(count, BLOCK)]; // bounds are checked once a block
      for (int done = 0; done < count; done += block.length) {
        int n = Math.min(block.length, count - done);
        samples.get(from + done, block, 0, n);
        for (int i = 0; i < n; i++) {
          to[at + done + i] = block[i] / 32768f;
        }
      }
    }

    /** Whether no sample exceeds -60 dB. */
    boolean isSilent() {
      for (int i = 0; i < length; i++) {
        if (Math.abs(samples.get(i)) > 32) {
          return false;
        }
      }
      return true;
    }

    /**
     * The quietest place in a range, such as a gap between words: the middle of the cell with the
     * least power.
     *
     * @param from first sample; clamped to the recording, as is {@code to}
     * @param cell in samples
     */
    public int quietest(int from, int to, int cell) {
      int first = Math.max(0, from);
      int best = first;
      long least = Long.MAX_VALUE;
      for (int at = first; at + cell <= Math.min(length, to); at += cell) {
        long sum = 0;
        for (int i = at; i < at + cell; i++) {
          sum += samples.get(i) * samples.get(i);
        }
        if (sum < least) {
          least = sum;
          best = at + cell / 2;
        }
      }
      return best;
    }

    /** A part of it as a separate recording, all speech. */
    public Sound stretch(int from, int to) {
      SpeechBounds all = new SpeechBounds(0, to - from);
      return new Sound(path, samples.slice(from, to - from), to - from, all, phones(from, to));
    }

    /** The phones of a part of it, relative to {@code from}. */
    List<LabelledPhone> phones(int from, int to) {
      return phones.stream()
          .filter(phone -> phone.end() > from && phone.start() < to)
          .map(p -> new LabelledPhone(p.number(), Math.max(from, p.start()), Math.min(to, p.end())))
          .map(phone -> phone.moved(from))
          .toList();
    }

    /** Samples {@code from} (inclusive) to {@code to} (exclusive), in [-1, 1]. */
    public float[] part(int from, int to) {
      float[] copy = new float[to - from];
      copy(from, copy, 0, copy.length);
      return copy;
    }
  }

  private final int sampleRate;
  private final Path file;
  private final FileChannel channel;
  private ByteBuffer segment = ByteBuffer.allocate(0);
  private long end; // bytes used

  public AudioCache(int sampleRate, Path folder) throws IOException {
    this.sampleRate = sampleRate;
    file = Files.createTempFile(folder, ".rouse-sounds-", ".pcm");
    channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      Files.delete(file); // where the system allows it, a crash leaves no file
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }

  /** A cache in the system's temporary folder. */
  public static AudioCache temporary(int sampleRate) throws IOException {
    return new AudioCache(sampleRate, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * Decodes and resamples a file; thread-safe.
   *
   * @param channel of the file
   * @param sampleRate of the result, Hz
   * @return 16-bit samples, at least one, in pieces
   * @throws IOException if the file is not audio, is empty or is too long
   */
  public static List<short[]> decode(Path path, Channel channel, int sampleRate)
      throws IOException {
    List<short[]> pieces = new ArrayList<>();
    long[] length = {0};
    SampleSink sink =
        (samples, from, n) -> {
          short[] piece = new short[n];
          for (int i = 0; i < n; i++) {
            piece[i] = SampleFormat.toSixteenBits(samples[from + i]);
          }
          pieces.add(piece);
          length[0] += n;
          if (2 * length[0] > LONGEST) {
            String most = LONGEST / 2 / sampleRate + " s";
            throw new UncheckedIOException(new IOException(path + ": is longer than " + most));
          }
        };
    try (AudioFile audio = AudioFile.open(path)) {
      Resampler resampler = new Resampler(audio.sampleRate(), sampleRate);
      audio.play(channel, (samples, from, n) -> resampler.accept(samples, from, n, sink));
      resampler.finish(sink);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (length[0] == 0) {
      throw new IOException(path + ": contains no audio");
    }
    return pieces;
  }

  /** Stores the result of {@link #decode}. */
  public Sound add(Path path, List<short[]> decoded) throws IOException {
    int length = decoded.stream().mapToInt(piece -> piece.length).sum();
    if (segment.remaining() < 2 * length) {
      long size = Math.max(SEGMENT, 2L * length);
      reserve(size);
      segment = channel.map(FileChannel.MapMode.READ_WRITE, end, size);
      segment.order(ByteOrder.nativeOrder());
      end += segment.capacity();
    }
    ShortBuffer samples = segment.slice().order(ByteOrder.nativeOrder()).asShortBuffer();
    for (short[] piece : decoded) {
      samples.put(piece);
    }
    samples.flip();
    segment.position(segment.position() + 2 * length);
    Sound whole = new Sound(path, samples, length, new SpeechBounds(0, length));
    if (length > ONE_WORD_SECONDS * sampleRate) {
      return whole;
    }
    return new Sound(path, samples, length, SpeechBounds.of(whole.part(0, length), sampleRate));
  }

  /** Reserves disk space: writing to a mapping on a full disk would crash the JVM. */
  private void reserve(long bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(1 << 20);
    try {
      for (long at = end; at < end + bytes; at += zeros.capacity()) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), end + bytes - at));
        channel.write(zeros, at);
      }
    } catch (IOException e) {
      throw new IOException(file.getParent() + ": no space for audio: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }
}
