package io.github.rouse.cli.options;

import io.github.rouse.audio.Channel;
import io.github.rouse.cli.output.EventFormat;
import picocli.CommandLine.Option;

/** What to hear of a sound, and how what was heard is to look. */
public final class SoundOptions {
  @Option(
      names = "--channel",
      paramLabel = "N|mix|best",
      converter = ChannelConverter.class,
      description = "Which channel to hear. Default: the first.")
  public Channel channel = Channel.FIRST;

  @Option(
      names = "--format",
      paramLabel = "text|jsonl|csv",
      description = "How results look. Default: text on a terminal, jsonl in a pipe.")
  public EventFormat format;
}
