// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import io.github.rouse.audio.AudioFile;
import io.github.rouse.audio.AudioFormatException;
import io.github.rouse.audio.Channel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The channel of sound to use, for every command that reads sound. */
public final class ChannelOption {
  @Option(
      names = "--channel",
      paramLabel = "auto|N|mix|best|each",
      converter = ChannelConverter.class,
      description =
          "The channel to use. Default: auto, the first, and another while the first is silent."
              + " With each, every channel is a recording of its own; train, enroll and record"
              + " refuse that, because a channel may lack the word.")
  Channel channel;

  /** Whether the option was given. */
  public boolean isGiven() {
    return channel != null;
  }

  /** The channel given, or else {@link Channel#AUTO}. */
  public Channel orAuto() {
    return orElse(Channel.AUTO);
  }

  /** The channel given, or else another. */
  public Channel orElse(Channel other) {
    return channel == null ? other : channel;
  }

  /** The one sound of a recording of a word: rejects {@link Channel#EACH}. */
  public Channel ofWord(Channel other) {
    if (orElse(other).choice() == Channel.Choice.EACH) {
      throw new IllegalArgumentException(
          "channel=each, expected auto, N, mix or best: a recording of a word counts once, and a"
              + " channel may lack the word");
    }
    return orElse(other);
  }

  /** The channels for which a file is read, one after another; a pipe is read only once. */
  public static List<Channel> passes(Channel channel, Path path, AudioFile audio)
      throws AudioFormatException {
    List<Channel> passes = channel.passes(audio.channels());
    if (passes.size() > 1 && !Files.isRegularFile(path)) {
      throw new AudioFormatException(path.toString(), "is a pipe, read once; each needs a file");
    }
    return passes;
  }
}
