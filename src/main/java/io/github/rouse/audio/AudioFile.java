// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Reads a sound file from start to end: WAV, AIFF, AU, FLAC, MP3 or Ogg Vorbis, recognised by its
 * content. It holds at most a few thousand frames in memory.
 *
 * <p>A 16-bit value v becomes exactly {@code v / 32768f}. Samples of float files are clipped to
 * [-1, 1].
 */
public final class AudioFile implements Closeable {
  private static final Set<String> EXTENSIONS =
      Set.of("wav", "aif", "aiff", "aifc", "au", "snd", "flac", "mp3", "ogg", "oga");
  private static final int BUFFER_FRAMES = 4096; // decoded at once
  private static final int MAX_EMPTY_READS = 1000; // empty reads before a decoder counts as stuck

  private final String name;
  private final InputStream source;
  private final InputStream bytes;
  private final SampleFormat format;
  private final boolean bigEndian;
  private final int sampleRate; // Hz
  private final int channels;
  private final long frames; // promised by the header, or -1
  private final boolean packed; // a decoder lies between file and samples
  private final byte[] buffer;
  private int buffered; // bytes in buffer, less than a frame between reads
  private long delivered; // frames
  private boolean ended;

  private AudioFile(InputStream source, String name, long fileBytes) throws IOException {
    this.source = source;
    this.name = name;
    SampleStream stream = stream(source, name, fileBytes);
    bytes = stream.bytes();
    format = stream.format().sample();
    bigEndian = stream.format().bigEndian();
    sampleRate = stream.format().sampleRate();
    channels = stream.format().channels();
    frames = stream.frames();
    packed = stream.packed();
    buffer = new byte[BUFFER_FRAMES * channels * format.bytes];
  }

  /**
   * Opens a file, a pipe or a device.
   *
   * @param path of any name
   * @return the file, before its first sample
   * @throws AudioFormatException if it is not a sound file, or an unsupported one
   * @throws IOException if it cannot be opened
   */
  public static AudioFile open(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new AudioFormatException(path.toString(), "does not exist");
    }
    if (Files.isDirectory(path)) {
      throw new AudioFormatException(path.toString(), "is a folder");
    }
    return Files.isRegularFile(path)
        ? opened(Files.newInputStream(path), path.toString(), Files.size(path))
        : opened(new FileInputStream(path.toFile()), path.toString(), -1); // a pipe cannot seek
  }

  /**
   * Opens a stream, such as standard input.
   *
   * @param in the bytes of a file in any supported format; closed with the result
   * @param name for messages
   * @return the sound, before its first sample
   * @throws AudioFormatException if it is not a sound file, or an unsupported one
   * @throws IOException if reading fails
   */
  public static AudioFile open(InputStream in, String name) throws IOException {
    return opened(in, name, -1);
  }

  private static AudioFile opened(InputStream in, String name, long bytes) throws IOException {
    try {
      return new AudioFile(in, name, bytes);
    } catch (IOException | RuntimeException | Error e) {
      try {
        in.close();
      } catch (IOException f) {
        e.addSuppressed(f);
      }
      throw e;
    }
  }

  /**
   * Reads the header of a file in any supported format.
   *
   * @param raw the file's bytes
   * @param name of the sound, for messages
   * @param fileBytes length of the file, or -1 if unknown
   */
  private static SampleStream stream(InputStream raw, String name, long fileBytes)
      throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, 1 << 16);
    Container container = Container.of(in, name);
    if (container == Container.WAV) {
      WavHeader header = WavHeader.read(in, name, fileBytes);
      PcmFormat format = SampleStream.checked(header.format(), name);
      long frames = header.dataBytes() < 0 ? -1 : header.dataBytes() / format.frameBytes();
      return new SampleStream(in, format, frames, false);
    }
    if (container == Container.FLAC) {
      FlacStream flac = new FlacStream(in, name);
      return new SampleStream(flac, SampleStream.checked(flac.format(), name), flac.frames(), true);
    }
    return Decoder.installed(container, name).decode(container, in, name);
  }

  /**
   * Whether a file name has a sound file's extension, for scans of folders.
   *
   * @param path of the file, which is not opened
   * @return whether the extension belongs to a supported format
   */
  public static boolean hasAudioName(Path path) {
    Path last = path.getFileName();
    String file = last == null ? "" : last.toString();
    int dot = file.lastIndexOf('.');
    return dot > 0 && EXTENSIONS.contains(file.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  /**
   * The rate.
   *
   * @return frames per second
   */
  public int sampleRate() {
    return sampleRate;
  }

  /**
   * The channels.
   *
   * @return samples per frame
   */
  public int channels() {
    return channels;
  }

  /**
   * The name used in messages.
   *
   * @return the path, or the name passed to {@link #open}
   */
  public String name() {
    return name;
  }

  /**
   * The length the header promises.
   *
   * @return frames, or -1 if the header does not say
   */
  public long frames() {
    return frames;
  }

  /**
   * Reads the frames available, up to a limit.
   *
   * @param interleaved [frames * channels], receives the samples
   * @param most frames to read
   * @return frames read, at least 1, or -1 at the end
   * @throws AudioFormatException if the file is truncated or damaged, or holds a sample that is not
   *     finite; all samples before it have been delivered
   * @throws IOException if reading fails
   */
  public int read(float[] interleaved, int most) throws IOException {
    if (most < 1 || most > interleaved.length / channels) {
      throw new IllegalArgumentException(
          "most=" + most + ", expected 1 to " + interleaved.length / channels);
    }
    int wanted = Math.min(most, BUFFER_FRAMES);
    if (frames >= 0) {
      wanted = (int) Math.min(wanted, frames - delivered);
    }
    int got = ended || wanted == 0 ? 0 : fill(wanted);
    if (got == 0) {
      ended = true;
      if (delivered < frames) {
        throw cutShort(null);
      }
      if (packed && delivered == 0) {
        throw new AudioFormatException(name, "damaged: no sample could be decoded");
      }
      return -1;
    }
    format.decode(buffer, bigEndian, interleaved, got * channels);
    if (format.isFloat()) {
      got = checked(interleaved, got);
    }
    int used = got * channels * format.bytes;
    buffered -= used;
    System.arraycopy(buffer, used, buffer, 0, buffered);
    delivered += got;
    return got;
  }

  /**
   * Reads the rest of the file as mono samples at its own rate. If the file is damaged, the sink
   * has received everything before the damage.
   *
   * @param channel to deliver
   * @param sink receives the samples
   * @throws IOException as {@link #read}
   */
  public void play(Channel channel, SampleSink sink) throws IOException {
    play(channel, (interleaved, from, length) -> {}, sink);
  }

  /**
   * The same, and hands each block's samples of all channels, interleaved, to a tap first.
   *
   * @param channel to deliver
   * @param tap receives the samples of all channels
   * @param sink receives the samples of the channel
   * @throws IOException as {@link #read}
   */
  public void play(Channel channel, SampleSink tap, SampleSink sink) throws IOException {
    ChannelSelector selector = new ChannelSelector(channel, channels, sampleRate);
    float[] interleaved = new float[BUFFER_FRAMES * channels];
    float[] mono = new float[BUFFER_FRAMES];
    for (int got; (got = read(interleaved, BUFFER_FRAMES)) >= 0; ) {
      tap.accept(interleaved, 0, got * channels);
      selector.reduce(interleaved, got, mono);
      sink.accept(mono, 0, got);
    }
  }

  /** Fills the buffer; returns the number of whole frames, 0 only at the end. */
  private int fill(int wanted) throws IOException {
    int frameBytes = channels * format.bytes;
    int emptyReads = 0;
    while (buffered < frameBytes && emptyReads < MAX_EMPTY_READS) {
      int n;
      try {
        n = bytes.read(buffer, buffered, wanted * frameBytes - buffered);
      } catch (IOException e) {
        throw damaged(e);
      } catch (RuntimeException e) { // decoders throw anything on damaged data
        throw damaged(e);
      }
      if (n < 0) {
        break;
      }
      emptyReads = n == 0 ? emptyReads + 1 : 0;
      buffered += n;
    }
    return Math.min(wanted, buffered / frameBytes);
  }

  /** Clips to [-1, 1]. Frames before a non-finite sample are delivered first. */
  private int checked(float[] interleaved, int got) throws AudioFormatException {
    for (int i = 0; i < got * channels; i++) {
      float value = interleaved[i];
      if (!Float.isFinite(value)) {
        if (i >= channels) {
          return i / channels;
        }
        throw new AudioFormatException(
            name,
            String.format(
                Locale.ROOT,
                "sample %d (%.3f s), channel %d is %s",
                delivered + i / channels,
                (delivered + i / channels) / (double) sampleRate,
                i % channels + 1,
                Float.isNaN(value) ? "not a number" : "infinite"));
      }
      interleaved[i] = Math.max(-1, Math.min(1, value));
    }
    return got;
  }

  private AudioFormatException damaged(Exception e) {
    ended = true;
    String why = e.getMessage() == null ? e.toString() : e.getMessage();
    return frames > delivered
        ? cutShort(e)
        : new AudioFormatException(name, "damaged after " + seconds(delivered) + ": " + why, e);
  }

  private AudioFormatException cutShort(Exception cause) {
    return new AudioFormatException(
        name,
        "truncated or damaged: only "
            + seconds(delivered)
            + " of "
            + seconds(frames)
            + (cause == null ? "" : " (" + cause.getMessage() + ")"),
        cause);
  }

  private String seconds(long count) {
    return String.format(Locale.ROOT, "%.2f s", count / (double) sampleRate);
  }

  @Override
  public void close() throws IOException {
    try (source) {
      bytes.close();
    }
  }
}
