// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import io.github.rouse.audio.Decoder;
import io.github.rouse.audio.SampleStream;
import io.github.rouse.library.Library;
import java.io.IOException;

/** Decodes Ogg with Vorbis or Opus. */
public final class OggDecoder implements Decoder {
  /** For {@link Decoder#installed}, which finds it by name. */
  public OggDecoder() {}

  @Override
  public SampleStream decode(Input input) throws IOException {
    OggTrack track = new OggTrack(input.in(), input.track(), input.name());
    return switch (track.codec()) {
      case "Vorbis" -> VorbisSound.of(track, input.name());
      case "Opus" -> {
        Library.CONCENTUS.require();
        OpusPages packets = new OpusPages(track);
        int skip = packets.head().preSkip();
        yield OpusSound.of(packets, packets.head(), skip, input.name(), track.tracks());
      }
      default -> throw new Foreign(track.codec() + " in Ogg");
    };
  }
}
