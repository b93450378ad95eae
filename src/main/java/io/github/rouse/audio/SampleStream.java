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
      int frameBytes = header.format().getFrameSize();
      return new SampleStream(
          in,
          header.format(),
          header.dataBytes() < 0 ? -1 : header.dataBytes() / frameBytes,
          false);
    }
    if (container == Container.FLAC) {
      FlacStream flac = new FlacStream(in, name);
      return new SampleStream(flac, flac.format(), flac.frames(), true);
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
      throw new AudioFormatException(name, container + " header is damaged or cut short", e);
    }
  }

  private static AudioInputStream open(Container container, InputStream in, String name)
      throws IOException {
    String refusal = "no reader is installed";
    for (AudioFileReader reader : ServiceLoader.load(AudioFileReader.class)) {
      if (reader.getClass().getName().startsWith(container.readers)) {
        try {
          return reader.getAudioInputStream(in);
        } catch (UnsupportedAudioFileException e) {
          refusal = e.getMessage() == null ? "the reader gives no reason" : e.getMessage();
        }
      }
    }
    throw new AudioFormatException(name, container + " is damaged or not supported: " + refusal);
  }

  private static AudioInputStream unpacked(AudioInputStream packed, String name)
      throws AudioFormatException {
    AudioFormat format = packed.getFormat();
    int channels = format.getChannels();
    float rate = format.getSampleRate();
    if (channels < 1) {
      throw new AudioFormatException(name, "header says " + channels + " channels");
    }
    if (!(rate >= 1)) {
      throw new AudioFormatException(name, "header says a sample rate of " + rate + " Hz");
    }
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
