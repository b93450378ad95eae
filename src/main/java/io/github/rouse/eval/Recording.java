// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.audio.Channel;
import io.github.rouse.audio.Resampler;
import io.github.rouse.audio.SampleCollector;
import io.github.rouse.audio.SampleSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One file of an evaluation, or one channel of it.
 *
 * @param file to read
 * @param slice named part of the data that is also reported separately
 * @param channel of the file
 */
public record Recording(Path file, String slice, Channel channel) {
  /** The first channel of a file that is not silent. */
  public Recording(Path file, String slice) {
    this(file, slice, Channel.AUTO);
  }

  /**
   * A file as one recording, or with {@link Channel#EACH} as one of each channel. A file that
   * cannot be opened is one recording, so that playing it reports the reason.
   */
  public static List<Recording> of(Path file, String slice, Channel channel) {
    if (channel.choice() != Channel.Choice.EACH) {
      return List.of(new Recording(file, slice, channel));
    }
    if (!Files.isRegularFile(file)) {
      throw new UncheckedIOException(
          new AudioFormatException(file.toString(), "is a pipe, read once; each needs a file"));
    }
    List<Channel> channels = List.of();
    try (AudioFile audio = AudioFile.open(file)) {
      channels = channel.passes(audio.channels());
    } catch (IOException e) {
      // play() reports it
    }
    return channels.size() < 2
        ? List.of(new Recording(file, slice))
        : channels.stream().map(one -> new Recording(file, slice, one)).toList();
  }

  /** The file's name, with the channel if that was chosen. */
  public String name() {
    String name = file.getFileName().toString();
    return channel.choice() == Channel.Choice.ONE ? name + "#channel=" + channel : name;
  }

  /** A copy in another slice. */
  public Recording in(String other) {
    return new Recording(file, other, channel);
  }

  /**
   * Plays it at a rate in Hz.
   *
   * @throws IOException if the file cannot be read to its end, or holds no sound
   */
  void play(int rate, SampleSink sink) throws IOException {
    try (AudioFile audio = AudioFile.open(file)) {
      play(audio, channel, rate, sink);
    }
  }

  /**
   * Plays the rest of a file at a rate in Hz.
   *
   * @throws IOException if the file cannot be read to its end, or holds no sound
   */
  static void play(AudioFile audio, Channel channel, int rate, SampleSink sink) throws IOException {
    long[] played = new long[1]; // samples
    Resampler resampler = new Resampler(audio.sampleRate(), rate);
    audio.play(
        channel,
        (samples, from, n) -> {
          played[0] += n;
          resampler.accept(samples, from, n, sink);
        });
    resampler.finish(sink);
    if (played[0] == 0) {
      throw new AudioFormatException(audio.name(), "holds no sound");
    }
  }

  /** Returns all samples that {@link #play} would deliver. */
  float[] samples(int rate) throws IOException {
    SampleCollector sound = new SampleCollector();
    play(rate, sound);
    return sound.samples();
  }
}
