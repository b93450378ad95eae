// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.codec;

import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.audio.Decoder;
import io.github.rouse.audio.SampleStream;
import io.github.rouse.library.Library;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;

/** Decodes MP4, 3GP and QuickTime with AAC-LC or Opus, whole or in fragments. */
public final class Mp4Decoder implements Decoder {
  /** For {@link Decoder#installed}, which finds it by name. */
  public Mp4Decoder() {}

  @Override
  public SampleStream decode(Input input) throws IOException {
    FileChannel file = FileChannel.open(input.file());
    try {
      return decode(input, new Mp4File(file));
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static SampleStream decode(Input input, Mp4File file) throws IOException {
    List<Mp4Track> tracks = file.sounds();
    if (tracks.isEmpty()) {
      String why =
          file.hasIndex() ? "holds no sound" : "has no index: its recording was not finished";
      throw new AudioFormatException(input.name(), why);
    }
    if (input.track() > tracks.size()) {
      throw new AudioFormatException(input.name(), "has no track " + input.track());
    }
    Mp4Track track = tracks.get(input.track() - 1);
    if (track.codec().equals("Opus")) {
      Library.CONCENTUS.require();
      OpusHead head = OpusHead.ofMp4(track.setup());
      long skip = track.start(OpusHead.RATE, head.preSkip());
      Mp4Samples samples = new Mp4Samples(file, track, OpusHead.RATE, OpusHead::frames);
      return OpusSound.of(samples, head, skip, input.name(), tracks.size());
    }
    if (track.codec().equals("AAC")) {
      AacConfig config = AacConfig.parse(track.esdsConfig());
      Mp4Samples samples =
          new Mp4Samples(file, track, config.sampleRate(), packet -> config.frames());
      long skip = track.start(config.sampleRate(), 0);
      return AacSound.of(samples, config, skip, "MP4", input.name(), tracks.size());
    }
    throw new Foreign(track.codec() + " in MP4", file.fault());
  }
}
