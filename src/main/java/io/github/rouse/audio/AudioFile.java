// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a sound file from start to end, recognised by its content: WAV, AIFF, AU, FLAC, MP3,
 * Vorbis, Opus, AAC, and through an installed ffmpeg most other formats. It holds at most a few
 * thousand frames in memory.
 *
 * <p>A 16-bit value v becomes exactly {@code v / 32768f}. Samples of float files are clipped to
 * [-1, 1].
 *
 * <pre>{@code
 * try (AudioFile file = AudioFile.open(path);
 *     Detector detector =
 *         new Detector(
 *             List.of(model), file.sampleRate(), Engine.NATIVE, e -> System.out.println(e))) {
 *   file.play(Channel.MIX, detector);
 *   detector.finish();
 * }
 * }</pre>
 */
public final class AudioFile implements Closeable {
  private static final Set<String> EXTENSIONS =
      Set.of(
          "wav", "aif", "aiff", "aifc", "au", "snd", "flac", "mp1", "mp2", "mp3", "ogg", "oga",
          "opus", "m4a", "aac", "wma", "amr", "caf", "wv", "w64", "spx", "webm", "mka", "3gp",
          "qta");

  /** What may hold frames of MPEG audio and AAC within. */
  private static final Pattern HOLDS_FRAMES =
      Pattern.compile("AVI|Flash|MPEG|MP3|Real|CAF|AAC|MP4");

  private static final int BUFFER_FRAMES = 4096; // decoded at once
  private static final float MOST_HIGHEST = 16; // magnitude: 24 dB above full scale
  private static final int MAX_EMPTY_READS = 1000; // empty reads before a decoder counts as stuck

  private final String name;
  private InputStream source;
  private InputStream bytes;
  private final int track; // from 1; 0 for the first of a file that should have no other
  private final int sampleRate; // Hz, of the first part
  private final int channels; // of the first part
  private final long frames; // promised by the first header, or -1
  private final int tracks;
  private SampleStream part; // the one being read
  private Conversion conversion; // of a part with another layout, else null
  private byte[] buffer;
  private int buffered; // bytes in buffer, less than a frame between reads
  private long read; // frames of the part
  private long delivered; // frames
  private long notFinite; // samples
  private long firstNotFinite; // frame
  private long lastNotFinite; // frame
  private float highest; // magnitude of the samples of a float format
  private AudioFormatException problem; // raised at the end, after all that can be heard
  private Path copy; // of bytes that need a file of their own, else null
  private boolean whole; // a decoder reads the file itself, to its end
  private boolean ended;
  private Decoder.Foreign fault; // of a container that ffmpeg reads all the same, else null

  private AudioFile(InputStream source, long length, String name, Path file, int track)
      throws IOException {
    this.source = source;
    this.name = name;
    this.track = track;
    bytes = new BufferedInputStream(source, 1 << 16);
    try {
      part = stream(length, file);
      if (track > part.tracks()) {
        part.bytes().close();
        throw new AudioFormatException(name, "has no track " + track);
      }
    } catch (IOException | RuntimeException | Error e) {
      for (Closeable open : List.<Closeable>of(bytes, source, this::deleteCopy)) {
        try {
          open.close();
        } catch (IOException f) {
          e.addSuppressed(f);
        }
      }
      throw e;
    }
    sampleRate = part.format().sampleRate();
    channels = part.format().channels();
    frames = part.frames();
    tracks = part.tracks();
    buffer = new byte[BUFFER_FRAMES * part.format().frameBytes()];
  }

  /**
   * Opens a file, a pipe or a device. If the file has several tracks, reading the first one ends
   * with an exception that names the number of the others.
   *
   * @param path of any name
   * @return the file, before its first sample
   * @throws AudioFormatException if it is not a sound file, or an unsupported one
   * @throws IOException if it cannot be opened
   */
  public static AudioFile open(Path path) throws IOException {
    return opened(path, 0);
  }

  /**
   * Opens one track of a file.
   *
   * @param path of any name
   * @param track from 1 to {@link #tracks}
   * @return the track, before its first sample
   * @throws AudioFormatException if it is not a sound file, or an unsupported one
   * @throws IOException if it cannot be opened
   */
  public static AudioFile open(Path path, int track) throws IOException {
    requireTrack(track);
    return opened(path, track);
  }

  private static void requireTrack(int track) {
    if (track < 1) {
      throw new IllegalArgumentException("track=" + track + ", expected 1 or more");
    }
  }

  private static AudioFile opened(Path path, int track) throws IOException {
    if (!Files.exists(path)) {
      throw new AudioFormatException(path.toString(), "does not exist");
    }
    if (Files.isDirectory(path)) {
      throw new AudioFormatException(path.toString(), "is a folder");
    }
    String name = path.toString();
    if (!Files.isRegularFile(path)) {
      return new AudioFile(new FileInputStream(path.toFile()), -1, name, null, track);
    }
    long length = Files.size(path);
    return new AudioFile(Files.newInputStream(path), length, name, path, track);
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
    return new AudioFile(in, -1, name, null, 0);
  }

  /**
   * Opens one track of a file that is not in the file system, such as one in an object store. Some
   * formats, such as MP4, are first copied to a temporary file.
   *
   * @param in the bytes of a file in any supported format; closed with the result
   * @param length of the file in bytes
   * @param name for messages
   * @param track from 1 to {@link #tracks}
   * @return the track, before its first sample
   * @throws AudioFormatException if it is not a sound file, or an unsupported one
   * @throws IOException if reading fails
   */
  public static AudioFile open(InputStream in, long length, String name, int track)
      throws IOException {
    requireTrack(track);
    return new AudioFile(in, length, name, null, track);
  }

  /**
   * Reads the header of a sound in any supported format.
   *
   * @param left bytes from here to the end, or -1 if unknown
   * @param alone the file of this sound, or null
   */
  private SampleStream stream(long left, Path alone) throws IOException {
    Container container = Container.of(bytes, name);
    whole = false;
    try {
      String codec = Unsupported.name(Container.head(bytes)); // only of foreign ones
      if (container == Container.FOREIGN) {
        Path file = fileOf(alone, codec);
        return stream(container, bytes, left, file, codec);
      }
      Path here = container.seeks() ? fileOf(alone, container.name()) : alone;
      Replay replay = here == null ? new Replay(bytes) : null;
      try {
        SampleStream sound = stream(container, replay == null ? bytes : replay, left, here, "");
        if (replay != null) {
          replay.forget();
        }
        return sound;
      } catch (Decoder.Foreign e) {
        if (!e.fault().isEmpty()) {
          fault = e;
        }
        if (replay != null) {
          bytes = replay.again();
          if (bytes == null) {
            String where = "; ffmpeg needs it in a file of its own";
            throw new AudioFormatException(name, e.getMessage() + where, e);
          }
        }
        Path file = container.seeks() ? here : fileOf(alone, e.getMessage());
        return stream(Container.FOREIGN, bytes, left, file, e.getMessage());
      }
    } catch (AudioFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // decoders throw anything on damaged data
      throw new AudioFormatException(
          name, container + " header is damaged or truncated (" + reason(e) + ")", e);
    } catch (NoClassDefFoundError e) {
      throw new AudioFormatException(
          name, container + " needs a library that the class path lacks", e);
    }
  }

  /**
   * A file for decoders that do not read from start to end: the sound's own, or a copy of what a
   * pipe has left, or of the first of several files in one.
   */
  private Path fileOf(Path alone, String codec) throws IOException {
    boolean frames = !HOLDS_FRAMES.matcher(codec).find();
    if (alone != null) {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(alone), 1 << 16)) {
        if (!Seam.copy(in, frames, OutputStream.nullOutputStream())) {
          whole = true;
          return alone;
        }
      }
      source.close();
      source = Files.newInputStream(alone);
      bytes = new BufferedInputStream(source, 1 << 16);
    }
    copy = Files.createTempFile("rouse", null);
    copy.toFile().deleteOnExit(); // Ctrl-C leaves nothing
    try (OutputStream out = Files.newOutputStream(copy)) {
      Seam.copy(bytes, frames, out);
    }
    return copy;
  }

  private void deleteCopy() throws IOException {
    if (copy != null) {
      Files.deleteIfExists(copy);
      copy = null;
    }
  }

  private SampleStream stream(
      Container container, InputStream in, long left, Path file, String codec) throws IOException {
    return Decoder.installed(container, name)
        .decode(new Decoder.Input(in, name, left, file, Math.max(1, track), codec));
  }

  /**
   * Whether a file is sound, for scans of folders: by its first bytes, or by an extension that
   * promises sound. Sound in a format that {@link #open} rejects is sound too.
   *
   * @param path of a file; a pipe or a device is judged by its extension
   * @return whether {@link #open} would read it, or explain why it cannot
   * @throws IOException if it cannot be read
   */
  public static boolean isSound(Path path) throws IOException {
    if (hasAudioName(path) || !Files.isRegularFile(path)) {
      return hasAudioName(path);
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 14)) {
      return Container.isSound(Container.head(in));
    }
  }

  private static boolean hasAudioName(Path path) {
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
   * The tracks of the file, such as languages. Each one is opened by itself.
   *
   * @return number of tracks with sound
   */
  public int tracks() {
    return tracks;
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
   * @throws AudioFormatException at the end, if the file is truncated or damaged, or holds samples
   *     that are not finite, which were delivered as zeros
   * @throws IOException if reading fails
   */
  public int read(float[] interleaved, int most) throws IOException {
    if (most < 1 || most > interleaved.length / channels) {
      throw new IllegalArgumentException(
          "most=" + most + ", expected 1 to " + interleaved.length / channels);
    }
    int got = 0;
    while (got == 0 && (conversion != null || !ended)) {
      if (conversion != null) {
        got = conversion.take(interleaved, most);
        if (got == 0) {
          convert();
        }
      } else {
        got = readPart(interleaved, most);
        if (got == 0 && !ended) {
          nextPart();
        }
      }
    }
    delivered += got;
    if (got > 0) {
      return got;
    }
    keepSampleProblems();
    if (problem != null) {
      throw problem;
    }
    if (delivered == 0) {
      throw new AudioFormatException(
          name, part.packed() ? "damaged: no sample could be decoded" : "holds no sound");
    }
    return -1;
  }

  /**
   * Reads the rest of the file as mono samples at its own rate. If the file is damaged, the sink
   * has received everything before the damage.
   *
   * @param channel to deliver
   * @param sink receives the samples
   * @throws IOException as {@link #read}, or if there is no such channel
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
   * @throws IOException as {@link #read}, or if there is no such channel
   */
  public void play(Channel channel, SampleSink tap, SampleSink sink) throws IOException {
    ChannelSelector selector = selector(channel);
    float[] interleaved = new float[BUFFER_FRAMES * channels];
    float[] mono = new float[BUFFER_FRAMES];
    for (int got; (got = read(interleaved, BUFFER_FRAMES)) >= 0; ) {
      tap.accept(interleaved, 0, got * channels);
      selector.reduce(interleaved, got, mono);
      sink.accept(mono, 0, got);
    }
  }

  private ChannelSelector selector(Channel channel) throws AudioFormatException {
    if (channel.number() > channels) {
      String has = channels == 1 ? " has 1 channel" : " has " + channels + " channels";
      throw new AudioFormatException(name, "channel=" + channel + ", but the sound" + has);
    }
    return new ChannelSelector(channel, channels, sampleRate);
  }

  /** Reads frames of the current part; 0 at its end. */
  private int readPart(float[] interleaved, int most) throws AudioFormatException {
    PcmFormat format = part.format();
    int got = fill(Math.min(most, BUFFER_FRAMES));
    format.sample().decode(buffer, format.bigEndian(), interleaved, got * format.channels());
    if (format.sample().isFloat()) {
      bound(interleaved, got);
    }
    int used = got * format.frameBytes();
    buffered -= used;
    System.arraycopy(buffer, used, buffer, 0, buffered);
    read += got;
    return got;
  }

  /** Hands a block of the current part to the conversion, or ends both. */
  private void convert() throws IOException {
    float[] block = new float[BUFFER_FRAMES * part.format().channels()];
    int got = ended ? 0 : readPart(block, BUFFER_FRAMES);
    if (got > 0) {
      conversion.accept(block, got);
    } else if (!conversion.finish()) {
      conversion = null;
      if (!ended) {
        nextPart();
      }
    }
  }

  /** Opens what follows the current part, or ends the sound. */
  private void nextPart() {
    if (read < part.frames()) {
      keep(cutShort(null));
    }
    SampleStream next = null;
    try {
      next = part.next().open();
    } catch (IOException | RuntimeException e) { // decoders throw anything on damaged data
      keep(unheard(e));
    }
    if (fault != null) {
      keep(unheard(new IOException(fault.fault(), fault)));
      fault = null;
    }
    try {
      next = next == null ? following() : next;
    } catch (IOException | RuntimeException e) {
      keep(unheard(e));
    }
    if (next == null) {
      ended = true;
      if (track == 0 && part.tracks() > 1) {
        String others = part.tracks() == 2 ? "track 2" : "tracks 2 to " + part.tracks();
        keep(unheard(new IOException("not " + others)));
      }
      return;
    }
    PcmFormat format = next.format();
    part = next;
    read = 0;
    buffered = 0;
    buffer = new byte[BUFFER_FRAMES * format.frameBytes()];
    if (format.channels() != channels || format.sampleRate() != sampleRate) {
      conversion = new Conversion(format, channels, sampleRate);
    }
  }

  /** Another sound after the end of the last one, as when files were joined; null at the end. */
  private SampleStream following() throws IOException {
    if (copy != null) {
      part.bytes().close();
      deleteCopy();
    }
    byte[] head = whole ? new byte[0] : Container.afterTags(bytes);
    if (head.length == 0) {
      return null;
    }
    if (Container.follows(head) || Unsupported.name(head) != null) {
      try {
        return stream(-1, null);
      } catch (AudioFormatException e) {
        String what = e.getMessage().replace(name + ": ", "");
        throw new AudioFormatException(name, "what follows " + what, e);
      }
    }
    long unknown = 0;
    for (long n; (n = bytes.skip(1 << 16)) > 0 || bytes.read() >= 0; ) {
      unknown += Math.max(1, n);
    }
    throw new AudioFormatException(
        name, unknown + " bytes follow the sound and are of no known format");
  }

  /** Fills the buffer; returns the number of whole frames, 0 only at the end. */
  private int fill(int wanted) throws AudioFormatException {
    int frameBytes = part.format().frameBytes();
    int emptyReads = 0;
    while (buffered < frameBytes && emptyReads < MAX_EMPTY_READS) {
      int n;
      try {
        n = part.bytes().read(buffer, buffered, wanted * frameBytes - buffered);
      } catch (IOException | RuntimeException e) { // decoders throw anything on damaged data
        keep(damaged(e));
        break;
      }
      if (n < 0) {
        break;
      }
      emptyReads = n == 0 ? emptyReads + 1 : 0;
      buffered += n;
    }
    return Math.min(wanted, buffered / frameBytes);
  }

  /** Clips to [-1, 1]; samples that are not finite become zero, and a problem at the end. */
  private void bound(float[] interleaved, int got) {
    int count = part.format().channels();
    for (int i = 0; i < got * count; i++) {
      float value = interleaved[i];
      if (!Float.isFinite(value)) {
        lastNotFinite = heard() + i / count;
        firstNotFinite = notFinite++ == 0 ? lastNotFinite : firstNotFinite;
        value = 0;
      }
      highest = Math.max(highest, Math.abs(value));
      interleaved[i] = Math.max(-1, Math.min(1, value));
    }
  }

  /** What is wrong with samples that are heard all the same. */
  private void keepSampleProblems() {
    if (notFinite > 0) {
      String what =
          notFinite == 1 ? " sample is not a finite number" : " samples are not finite numbers";
      keep(
          new AudioFormatException(
              name,
              String.format(
                  Locale.ROOT,
                  "%d%s, from %.3f s to %.3f s; read as zeros",
                  notFinite,
                  what,
                  firstNotFinite / (double) sampleRate,
                  (lastNotFinite + 1) / (double) sampleRate)));
    } else if (highest > MOST_HIGHEST) {
      keep(
          new AudioFormatException(
              name,
              String.format(
                  Locale.ROOT,
                  "samples reach %.0f, where full scale is 1, and were clipped: scale them first,"
                      + " as `sox IN OUT norm` does",
                  highest)));
    }
  }

  /** Keeps the first problem for the end. */
  private void keep(AudioFormatException found) {
    problem = problem == null ? found : problem;
  }

  private AudioFormatException unheard(Exception e) {
    String what = reason(e).replace(name + ": ", "");
    return new AudioFormatException(name, "heard " + seconds(heard()) + ", but " + what, e);
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private AudioFormatException damaged(Exception e) {
    ended = true;
    String why = reason(e);
    return part.frames() > read
        ? cutShort(e)
        : new AudioFormatException(name, "damaged after " + seconds(heard()) + ": " + why, e);
  }

  private AudioFormatException cutShort(Exception cause) {
    int rate = part.format().sampleRate();
    long before = heard() - read * sampleRate / rate;
    return new AudioFormatException(
        name,
        "truncated or damaged: only "
            + seconds(heard())
            + " of "
            + seconds(before + part.frames() * sampleRate / rate)
            + (cause == null ? "" : " (" + cause.getMessage() + ")"),
        cause);
  }

  /** Frames delivered so far, and those that wait for their conversion. */
  private long heard() {
    return delivered + (conversion == null ? 0 : conversion.waiting());
  }

  private String seconds(long count) {
    return String.format(Locale.ROOT, "%.2f s", count / (double) sampleRate);
  }

  @Override
  public void close() throws IOException {
    try {
      part.bytes().close();
      bytes.close();
    } finally {
      source.close();
      deleteCopy();
    }
  }
}
