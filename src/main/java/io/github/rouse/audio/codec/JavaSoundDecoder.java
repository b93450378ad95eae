// SPDX-License-Identifier: Apache-2.0
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
  // When its input ends, the Vorbis decoder drops undecoded packets: up to 8 KiB, which can be a
  // whole short file. Padding makes the input end later.
  private static final byte[] PADDING = new byte[1 << 16];

  /** For {@link Decoder#installed}, which finds it by name. */
  public JavaSoundDecoder() {}

  @Override
  public SampleStream decode(Container container, InputStream in, String name) throws IOException {
    InputStream padded = in;
    if (container == Container.VORBIS) {
      padded =
          new BufferedInputStream(new SequenceInputStream(in, new ByteArrayInputStream(PADDING)));
    }
    try {
      AudioInputStream encoded = open(container, padded, name);
      AudioInputStream decoded = toPcm(encoded, name);
      boolean known = encoded == decoded && decoded.getFrameLength() > 0;
      long frames = known ? decoded.getFrameLength() : -1;
      return new SampleStream(decoded, pcm(decoded.getFormat()), frames, encoded != decoded);
    } catch (AudioFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // decoders throw anything on damaged data
      String why = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
      throw new AudioFormatException(name, container + " header is damaged or truncated" + why, e);
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
          why = e.getMessage() == null ? "its header is damaged or truncated" : e.getMessage();
          refusal = e;
        }
      }
    }
    throw new AudioFormatException(
        name, container + " is damaged or not supported: " + why, refusal);
  }

  private static AudioInputStream toPcm(AudioInputStream encoded, String name)
      throws AudioFormatException {
    AudioFormat format = encoded.getFormat();
    SampleStream.checked(pcm(format), name);
    int channels = format.getChannels();
    float rate = format.getSampleRate();
    if (sampleFormat(format) != null) {
      return encoded;
    }
    int bits = format.getSampleSizeInBits() > 0 ? format.getSampleSizeInBits() : 16;
    int bytes = (bits + 7) / 8 * channels;
    AudioFormat target =
        new AudioFormat(AudioFormat.Encoding.PCM_SIGNED, rate, bits, channels, bytes, rate, false);
    try {
      return AudioSystem.getAudioInputStream(target, encoded);
    } catch (IllegalArgumentException e) {
      throw new AudioFormatException(
          name,
          "codec " + format.getEncoding() + " with " + channels + " channels is not supported",
          e);
    }
  }

  private static PcmFormat pcm(AudioFormat format) {
    // A rate of NaN becomes 0.
    int rate = (int) Math.round((double) format.getSampleRate());
    return new PcmFormat(sampleFormat(format), format.isBigEndian(), rate, format.getChannels());
  }

  /** The sample format of a javax.sound format, or null if there is none. */
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
