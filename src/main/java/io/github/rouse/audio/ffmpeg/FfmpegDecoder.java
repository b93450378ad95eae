// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio.ffmpeg;

import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.audio.Decoder;
import io.github.rouse.audio.PcmFormat;
import io.github.rouse.audio.SampleFormat;
import io.github.rouse.audio.SampleStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Decodes a file by an installed ffmpeg. It exits with 0 where a file is damaged, so any message of
 * its own, and a sound shorter than its file says, count as damage.
 */
public final class FfmpegDecoder implements Decoder {
  private static final double MOST_LACKING = 0.05; // seconds
  private static final int MOST_FACTS = 1 << 20; // bytes

  /** For {@link Decoder#installed}, which finds it by name. */
  public FfmpegDecoder() {}

  /** What ffprobe says of a file, by its key. */
  private record Facts(Map<String, String> values, int tracks) {
    double number(String key) {
      return decimal(values.getOrDefault(key, ""));
    }

    private static double decimal(String value) {
      return value.matches("[0-9]{1,9}(\\.[0-9]+)?") ? Double.parseDouble(value) : 0;
    }

    /** Seconds of a track that the file promises, or 0. */
    double seconds(String stream) {
      double whole = number("format.duration");
      double track = number(stream + "duration");
      String[] tag = values.getOrDefault(stream + "tags.DURATION", "").split(":", -1);
      if (track == 0 && tag.length == 3) { // Matroska
        track = 3600 * decimal(tag[0]) + 60 * decimal(tag[1]) + decimal(tag[2]);
      }
      double late = Math.max(0, number(stream + "start_time") - number("format.start_time"));
      return track == 0 ? Math.max(0, whole - late) : Math.min(track, whole - late);
    }
  }

  @Override
  public SampleStream decode(Input input) throws IOException {
    Facts facts = facts(input);
    if (facts.tracks() == 0) {
      throw new AudioFormatException(input.name(), "holds no sound");
    }
    if (input.track() > facts.tracks()) {
      throw new AudioFormatException(input.name(), "has no track " + input.track());
    }
    String stream = "streams.stream." + (input.track() - 1) + ".";
    PcmFormat format =
        SampleStream.checked(
            new PcmFormat(
                SampleFormat.FLOAT_32,
                /* bigEndian= */ false,
                (int) facts.number(stream + "sample_rate"),
                (int) facts.number(stream + "channels")),
            input.name());
    FfmpegSound sound = new FfmpegSound(input, facts.seconds(stream), format);
    return new SampleStream(sound, format, -1, true, sound::checkedEnd, facts.tracks());
  }

  private static Facts facts(Input input) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try (Program probe =
        Program.start(
            "ffprobe",
            input,
            List.of(
                "-select_streams",
                "a",
                "-show_entries",
                "format=duration,start_time:stream=sample_rate,channels,duration,start_time:stream_tags=DURATION",
                "-of",
                "flat"))) {
      byte[] some = new byte[8192];
      for (int n; (n = probe.read(some, 0, some.length)) >= 0 && text.size() < MOST_FACTS; ) {
        text.write(some, 0, n);
      }
      if (text.size() == 0) {
        probe.checkEnd();
      }
    } catch (IOException e) {
      throw e instanceof AudioFormatException
          ? e
          : new AudioFormatException(input.name(), input.codec() + ": " + e.getMessage(), e);
    }
    Map<String, String> values = new HashMap<>();
    for (String line : text.toString(StandardCharsets.UTF_8).lines().toList()) {
      String[] sides = line.split("=", 2);
      if (sides.length == 2) {
        values.put(sides[0], sides[1].replaceAll("^\"|\"$", ""));
      }
    }
    int tracks = 0;
    while (values.containsKey("streams.stream." + tracks + ".channels")) {
      tracks++;
    }
    return new Facts(values, tracks);
  }

  /** The samples that ffmpeg writes. */
  private static final class FfmpegSound extends SampleStream.BulkBytes {
    private final Program program;
    private final double seconds; // promised, or 0
    private final PcmFormat format;
    private long delivered; // bytes

    FfmpegSound(Input input, double seconds, PcmFormat format) throws IOException {
      this.format = format;
      this.seconds = seconds;
      List<String> options = new ArrayList<>(List.of("-map", "0:a:" + (input.track() - 1)));
      options.addAll(List.of("-ac", "" + format.channels(), "-ar", "" + format.sampleRate()));
      options.addAll(List.of("-f", "f32le", "-c:a", "pcm_f32le", "pipe:1"));
      program = Program.start("ffmpeg", input, options);
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int n = program.read(into, from, length);
      delivered += Math.max(0, n);
      return n;
    }

    /** The end of the stream: complains of what could not be heard. */
    private SampleStream checkedEnd() throws IOException {
      program.checkEnd();
      double heard = delivered / (double) format.frameBytes() / format.sampleRate();
      if (seconds - heard > MOST_LACKING) {
        throw new IOException(
            String.format(Locale.ROOT, "the file says that it has %.2f s", seconds));
      }
      return null;
    }

    @Override
    public void close() {
      program.close();
    }
  }
}
