// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.audio.Decoder;
import io.github.rouse.audio.SampleStream;
import io.github.rouse.library.Library;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Decodes WebM and Matroska with Opus or AAC-LC. */
public final class MatroskaDecoder implements Decoder {
  private static final long TRACK_ENTRY = 0xAE;
  private static final long AUDIO_TYPE = 2;

  /** For {@link Decoder#installed}, which finds it by name. */
  public MatroskaDecoder() {}

  /** What a file says of one of its tracks. */
  private static final class Entry {
    private long number;
    private long type;
    private String codec = "";
    private byte[] setup = {};
    private long delay = -1; // ns
    private boolean encoded; // compressed or encrypted once more

    Entry(ByteBuffer content) throws IOException {
      for (Ebml field; (field = Ebml.next(content)) != null; ) {
        switch ((int) field.id()) {
          case 0xD7 -> number = field.unsigned();
          case 0x83 -> type = field.unsigned();
          case 0x86 -> codec = field.text();
          case 0x63A2 -> setup = field.bytes();
          case 0x56AA -> delay = field.unsigned();
          case 0x6D80 -> encoded = true;
          default -> {}
        }
      }
    }

    /** Frames to leave out at the start. */
    long skip(int rate) {
      return Math.round(Math.max(0, Math.min(delay, 1_000_000_000L)) * 1e-9 * rate);
    }
  }

  @Override
  public SampleStream decode(Input input) throws IOException {
    Blocks blocks = new Blocks(input.in());
    ByteBuffer tracks = blocks.readTracks();
    if (tracks == null) {
      throw new AudioFormatException(input.name(), "holds no sound");
    }
    List<Entry> sounds = new ArrayList<>();
    for (Ebml element; (element = Ebml.next(tracks)) != null; ) {
      Entry entry = element.id() == TRACK_ENTRY ? new Entry(element.content()) : null;
      if (entry != null && entry.type == AUDIO_TYPE) {
        sounds.add(entry);
      }
    }
    if (sounds.isEmpty()) {
      throw new AudioFormatException(input.name(), "holds no sound");
    }
    if (input.track() > sounds.size()) {
      throw new AudioFormatException(input.name(), "has no track " + input.track());
    }
    Entry entry = sounds.get(input.track() - 1);
    if (!entry.encoded && entry.codec.equals("A_AAC")) {
      AacConfig config = AacConfig.parse(entry.setup);
      blocks.select(entry.number, config.sampleRate(), packet -> config.frames());
      long skip = entry.skip(config.sampleRate());
      return AacSound.of(blocks, config, skip, "Matroska", input.name(), sounds.size());
    }
    if (entry.encoded || !entry.codec.equals("A_OPUS")) {
      throw new Foreign(named(entry) + " in Matroska");
    }
    Library.CONCENTUS.require();
    OpusHead head = OpusHead.parse(entry.setup);
    long skip = entry.delay < 0 ? head.preSkip() : entry.skip(OpusHead.RATE);
    blocks.select(entry.number, OpusHead.RATE, OpusHead::frames);
    return OpusSound.of(blocks, head, skip, input.name(), sounds.size());
  }

  /** A codec's name as people know it. */
  private static String named(Entry entry) {
    String codec = entry.codec.startsWith("A_") ? entry.codec.substring(2) : entry.codec;
    String first = codec.split("/", -1)[0];
    return switch (first) {
          case "OPUS" -> "Opus";
          case "VORBIS" -> "Vorbis";
          case "AC3" -> "AC-3";
          default -> first.isEmpty() ? "sound without a codec" : first;
        }
        + (entry.encoded ? ", compressed once more," : "");
  }
}
