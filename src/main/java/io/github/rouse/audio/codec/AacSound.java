// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import io.github.rouse.audio.Decoder;
import io.github.rouse.audio.PcmFormat;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleStream;
import io.github.rouse.library.Library;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.sourceforge.jaad.aac.Receiver;

/** Decodes AAC-LC by JAAD. */
final class AacSound extends PacketSound {
  // Kept, or what they are set to would be lost.
  private static final Logger JAAD = Logger.getLogger("jaad");
  private static final Logger JAAD_DECODER = Logger.getLogger("jaad.aac.Decoder");

  static {
    JAAD.setLevel(Level.OFF); // it would print each stream's format
    JAAD_DECODER.setFilter(message -> false); // it sets its own level when it is loaded
  }

  private static final float SCALE = 32768; // of JAAD's samples

  /**
   * State of the random numbers that fill bands of noise. All of JAAD's decoders share it, so the
   * same file would sound different each time.
   */
  private static final VarHandle NOISE = noise();

  private final AacConfig config;
  private int noise; // state of the random numbers of this sound
  private net.sourceforge.jaad.aac.Decoder decoder;

  private AacSound(Packets packets, AacConfig config, PcmFormat format, long skip)
      throws IOException {
    super(packets, format, skip);
    this.config = config;
    start();
  }

  /**
   * The sound of a track.
   *
   * @param skip frames to leave out at the start
   * @param container for messages
   * @param name of the sound, for messages
   * @param tracks of the file
   */
  static SampleStream of(
      Packets packets, AacConfig config, long skip, String container, String name, int tracks)
      throws IOException {
    if (!config.isPlain()) {
      throw new Decoder.Foreign(config.profile() + " in " + container);
    }
    Library.JAAD.require();
    PcmFormat format =
        SampleStream.checked(
            new PcmFormat(
                SampleFormat.FLOAT_32,
                /* bigEndian= */ false,
                config.sampleRate(),
                config.channels()),
            name);
    Packets.Packet first = packets.next();
    AacSound sound = new AacSound(new Pushed(first, packets), config, format, skip);
    if (first != null && sound.isExtended(first.bytes())) {
      throw new Decoder.Foreign("HE-AAC in " + container);
    }
    sound.start();
    return sound.sound(tracks);
  }

  /** Whether a packet has spectral band replication, which the configuration need not mention. */
  private boolean isExtended(byte[] packet) {
    int[] length = {0};
    try {
      decode(packet, (channels, frames, rate) -> length[0] = frames);
    } catch (IOException | RuntimeException e) { // damaged, as decode() will find
      return false;
    }
    return length[0] > config.frames();
  }

  /** Packets of which the first was taken. */
  private static final class Pushed implements Packets {
    private final Packets rest;
    private Packet first;

    Pushed(Packet first, Packets rest) {
      this.first = first;
      this.rest = rest;
    }

    @Override
    public Packet next() throws IOException {
      Packet next = first == null ? rest.next() : first;
      first = null;
      return next;
    }

    @Override
    public void checkEnd() throws IOException {
      rest.checkEnd();
    }

    @Override
    public void close() throws IOException {
      rest.close();
    }
  }

  private static VarHandle noise() {
    Class<?> owner = net.sourceforge.jaad.aac.syntax.ICStream.class;
    try {
      return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
          .findStaticVarHandle(owner, "randomState", int.class);
    } catch (ReflectiveOperationException e) {
      return null; // another version of the library: noise differs from run to run
    }
  }

  private void decode(byte[] packet, Receiver receiver) throws IOException {
    if (NOISE == null) {
      decoder.decodeFrame(packet, receiver);
      return;
    }
    synchronized (NOISE) { // one frame at a time in the whole process
      NOISE.set(noise);
      try {
        decoder.decodeFrame(packet, receiver);
      } finally {
        noise = (int) NOISE.get();
      }
    }
  }

  private void start() throws IOException {
    noise = 1;
    try {
      decoder = net.sourceforge.jaad.aac.Decoder.create(config.bytes());
    } catch (RuntimeException | IOException e) {
      throw new IOException("its AAC configuration is damaged", e);
    }
  }

  @Override
  protected int decode(byte[] packet) throws IOException {
    int[] frames = {0};
    try {
      decode(packet, (channels, length, rate) -> frames[0] = put(channels));
    } catch (RuntimeException e) { // whatever damaged data leads to
      start();
      throw new IOException(e);
    }
    if (frames[0] == 0) {
      throw new IOException("a packet is cut short");
    }
    return frames[0];
  }

  private int put(List<float[]> decoded) {
    int channels = config.channels();
    if (decoded.size() < channels || decoded.get(0).length != config.frames()) {
      return 0;
    }
    FloatBuffer out = room(config.frames()).asFloatBuffer();
    for (int i = 0; i < config.frames(); i++) {
      for (int c = 0; c < channels; c++) {
        out.put(decoded.get(c)[i] / SCALE);
      }
    }
    return config.frames();
  }

  @Override
  protected int silent(byte[] packet) {
    return config.frames();
  }
}
