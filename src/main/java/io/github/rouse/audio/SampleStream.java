package io.github.rouse.audio;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ServiceLoader;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import javax.sound.sampled.spi.AudioFileReader;

/**
 * The bytes of the samples of any readable file, unpacked, with what its header says of them.
 *
 * @param bytes the samples, interleaved
 * @param format how they lie in the bytes
 * @param frames the header promises, or -1 if it does not say
 * @param packed whether a decoder stands between: then no sample at all means damage
 */
record SampleStream(InputStream bytes, AudioFormat format, long frames, boolean packed) {
  // The Vorbis decoder drops what it has not yet decoded when its input ends: with up to 8 KiB of
  // packets waiting, a whole short file. So its input ends later.
  private static final byte[] PADDING = new byte[1 << 16];

  // What lies outside is a broken header, and would only size our buffers.
  private static final int LOWEST_RATE = 1000; // Hz
  private static final int HIGHEST_RATE = 768_000; // Hz
  private static final int MOST_CHANNELS = 64;

  /**
   * Reads the header, whatever the kind of file.
   *
   * @param raw the file's bytes
   * @param name of the sound, for messages
   * @param fileBytes length of the file, or -1 if unknown
   */
  static SampleStream of(InputStream raw, String name, long fileBytes) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, 1 << 16);
    Container container = Container.of(in, name);
    if (container == Container.WAV) {
      WavHeader header = WavHeader.read(in, name, fileBytes);
      AudioFormat format = checked(header.format(), name);
      long frames = header.dataBytes() < 0 ? -1 : header.dataBytes() / format.getFrameSize();
      return new SampleStream(in, format, frames, false);
    }
    if (container == Container.FLAC) {
      FlacStream flac = new FlacStream(in, name);
      return new SampleStream(flac, checked(flac.format(), name), flac.frames(), true);
    }
    InputStream whole = in;
    if (container == Container.VORBIS) {
      whole =
          new BufferedInputStream(new SequenceInputStream(in, new ByteArrayInputStream(PADDING)));
    }
    try {
      AudioInputStream packed = open(container, whole, name);
      AudioInputStream plain = unpacked(packed, name);
      boolean known = packed == plain && plain.getFrameLength() > 0;
      long frames = known ? plain.getFrameLength() : -1;
      return new SampleStream(plain, plain.getFormat(), frames, packed != plain);
    } catch (AudioFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // decoders meet damage with whatever comes
      String why = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
      throw new AudioFormatException(name, container + " header is damaged or cut short" + why, e);
    }
  }

  private static AudioFormat checked(AudioFormat format, String name) throws AudioFormatException {
    int channels = format.getChannels();
    if (channels < 1 || channels > MOST_CHANNELS) {
      throw new AudioFormatException(
          name, "header says " + channels + " channels, expected 1 to " + MOST_CHANNELS);
    }
    long rate = Math.round((double) format.getSampleRate()); // Hz, 0 for what is no number
    if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
      throw new AudioFormatException(
          name,
          "header says a sample rate of %d Hz, expected %d to %d"
              .formatted(rate, LOWEST_RATE, HIGHEST_RATE));
    }
    return format;
  }

  private static AudioInputStream open(Container container, InputStream in, String name)
      throws IOException {
    String why = "no reader is installed";
    Exception refusal = null;
    for (AudioFileReader reader : ServiceLoader.load(AudioFileReader.class)) {
      if (reader.getClass().getName().startsWith(container.readers)) {
        try {
          return reader.getAudioInputStream(in);
        } catch (UnsupportedAudioFileException e) {
          why = e.getMessage() == null ? "its header is damaged or cut short" : e.getMessage();
          refusal = e;
        }
      }
    }
    throw new AudioFormatException(
        name, container + " is damaged or not supported: " + why, refusal);
  }

  private static AudioInputStream unpacked(AudioInputStream packed, String name)
      throws AudioFormatException {
    AudioFormat format = checked(packed.getFormat(), name);
    int channels = format.getChannels();
    float rate = format.getSampleRate();
    if (SampleFormat.of(format) != null) {
      return packed;
    }
    int bits = format.getSampleSizeInBits() > 0 ? format.getSampleSizeInBits() : 16;
    int bytes = (bits + 7) / 8 * channels;
    AudioFormat pcm =
        new AudioFormat(AudioFormat.Encoding.PCM_SIGNED, rate, bits, channels, bytes, rate, false);
    try {
      return AudioSystem.getAudioInputStream(pcm, packed);
    } catch (IllegalArgumentException e) {
      throw new AudioFormatException(
          name,
          "codec " + format.getEncoding() + " with " + channels + " channels is not supported",
          e);
    }
  }
}
