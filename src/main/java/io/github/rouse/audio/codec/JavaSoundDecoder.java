package io.github.rouse.audio.codec;

import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.audio.Container;
import io.github.rouse.audio.Decoder;
import io.github.rouse.audio.PcmFormat;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ServiceLoader;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioFormat.Encoding;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;
import javax.sound.sampled.spi.AudioFileReader;

/** Decodes through javax.sound's service providers: AIFF, AU, MP3 and Ogg Vorbis. */
public final class JavaSoundDecoder implements Decoder {
  // The Vorbis decoder drops what it has not yet decoded when its input ends: with up to 8 KiB of
  // packets waiting, a whole short file. So its input ends later.
  private static final byte[] PADDING = new byte[1 << 16];

  /** For {@link Decoder#installed}, which finds it by name. */
  public JavaSoundDecoder() {}

  @Override
  public SampleStream decode(Container container, InputStream in, String name) throws IOException {
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
      return new SampleStream(plain, pcm(plain.getFormat()), frames, packed != plain);
    } catch (AudioFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // decoders meet damage with whatever comes
      String why = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
      throw new AudioFormatException(name, container + " header is damaged or cut short" + why, e);
    }
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
    AudioFormat format = packed.getFormat();
    SampleStream.checked(pcm(format), name);
    int channels = format.getChannels();
    float rate = format.getSampleRate();
    if (sampleFormat(format) != null) {
      return packed;
    }
    int bits = format.getSampleSizeInBits() > 0 ? format.getSampleSizeInBits() : 16;
    int bytes = (bits + 7) / 8 * channels;
    AudioFormat plain =
        new AudioFormat(AudioFormat.Encoding.PCM_SIGNED, rate, bits, channels, bytes, rate, false);
    try {
      return AudioSystem.getAudioInputStream(plain, packed);
    } catch (IllegalArgumentException e) {
      throw new AudioFormatException(
          name,
          "codec " + format.getEncoding() + " with " + channels + " channels is not supported",
          e);
    }
  }

  private static PcmFormat pcm(AudioFormat format) {
    // A rate that is no number becomes 0.
    int rate = (int) Math.round((double) format.getSampleRate());
    return new PcmFormat(sampleFormat(format), format.isBigEndian(), rate, format.getChannels());
  }

  /** The format of javax.sound's description, or null where none of ours fits. */
  private static SampleFormat sampleFormat(AudioFormat format) {
    int bits = format.getSampleSizeInBits();
    Encoding encoding = format.getEncoding();
    if (encoding.equals(Encoding.ALAW)) {
      return SampleFormat.A_LAW;
    }
    if (encoding.equals(Encoding.ULAW)) {
      return SampleFormat.MU_LAW;
    }
    if (encoding.equals(Encoding.PCM_FLOAT)) {
      return bits == 32 ? SampleFormat.FLOAT_32 : bits == 64 ? SampleFormat.FLOAT_64 : null;
    }
    if (encoding.equals(Encoding.PCM_UNSIGNED)) {
      return bits == 8 ? SampleFormat.UNSIGNED_8 : null;
    }
    return encoding.equals(Encoding.PCM_SIGNED) ? SampleFormat.signed(bits) : null;
  }
}
