package io.github.rouse.audio;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * A sound file being read from start to end: WAV, AIFF, AU, FLAC, MP3 or Ogg Vorbis, recognised by
 * its content. Never more than a few thousand frames are in memory.
 *
 * <p>A 16-bit value v comes out as exactly {@code v / 32768f}. Float files that go beyond [-1, 1]
 * are clipped there.
 */
public final class AudioFile implements Closeable {
  private static final Set<String> EXTENSIONS =
      Set.of("wav", "aif", "aiff", "aifc", "au", "snd", "flac", "mp3", "ogg", "oga");
  private static final int BUFFER_FRAMES = 4096; // decoded at once
  private static final int PATIENCE = 1000; // reads of nothing before a decoder counts as stuck

  private final String name;
  private final InputStream source;
  private final InputStream bytes;
  private final SampleFormat format;
  private final boolean bigEndian;
  private final int sampleRate; // Hz
  private final int channels;
  private final long frames; // promised by the header, or -1
  private final boolean packed; // read through a decoder
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
   * Opens a file.
   *
   * @param path of the file; its name does not matter
   * @return the file, before its first sample
   * @throws AudioFormatException if it is no sound, or one that cannot be read
   * @throws IOException if it cannot be opened
   */
  public static AudioFile open(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new AudioFormatException(path.toString(), "does not exist");
    }
    if (Files.isDirectory(path)) {
      throw new AudioFormatException(path.toString(), "is a folder");
    }
    boolean regular = Files.isRegularFile(path);
    return opened(Files.newInputStream(path), path.toString(), regular ? Files.size(path) : -1);
  }

  /**
   * Opens a stream, such as standard input.
   *
   * @param in the bytes of a file of any kind; closed with the result
   * @param name to call it in messages
   * @return the sound, before its first sample
   * @throws AudioFormatException if it is no sound, or one that cannot be read
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
   * Reads the header, whatever the kind of file.
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
   * Whether a file is named like a sound: for scans of folders.
   *
   * @param path of the file, which is not opened
   * @return whether its extension is that of a kind of file that is read
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
   * What it is called in messages.
   *
   * @return the path, or the name it was given
   */
  public String name() {
    return name;
  }

  /**
   * The length the header promises.
   *
   * @return in frames, or -1 if it is not known before the end
   */
  public long frames() {
    return frames;
  }

  /**
   * Reads the next frames, as many as are at hand.
   *
   * @param interleaved [frames * channels], takes the samples, frame by frame
   * @param most frames to read
   * @return frames read, at least 1, or -1 at the end
   * @throws AudioFormatException if the file is cut short or damaged, or holds a sample that is no
   *     number; what came before it has been delivered
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
        throw new AudioFormatException(name, "damaged: not one sample could be decoded");
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

  /** Puts whole frames into the buffer: returns how many, 0 only at the end. */
  private int fill(int wanted) throws IOException {
    int frameBytes = channels * format.bytes;
    int idle = 0;
    while (buffered < frameBytes && idle < PATIENCE) {
      int n;
      try {
        n = bytes.read(buffer, buffered, wanted * frameBytes - buffered);
      } catch (IOException e) {
        throw damaged(e);
      } catch (RuntimeException e) { // decoders meet damage with whatever comes
        throw damaged(e);
      }
      if (n < 0) {
        break;
      }
      idle = n == 0 ? idle + 1 : 0;
      buffered += n;
    }
    return Math.min(wanted, buffered / frameBytes);
  }

  /** Clips to [-1, 1]. Frames before a sample that is no number are delivered first. */
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
        "cut short or damaged: "
            + seconds(delivered)
            + " of "
            + seconds(frames)
            + " are there"
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
