// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import io.github.rouse.audio.Channel;
import io.github.rouse.cli.output.EventFormat;
import picocli.CommandLine.Option;

/** The input channel and the output format. */
public final class SoundOptions {
  @Option(
      names = "--channel",
      paramLabel = "auto|N|mix|best|each",
      converter = ChannelConverter.class,
      description =
          "The channel to use. Default: auto, the first, and another while the first is silent."
              + " With each, scan searches every channel by itself.")
  public Channel channel = Channel.AUTO;

  @Option(
      names = "--format",
      paramLabel = "text|jsonl|csv",
      description = "The output format. Default: text on a terminal, jsonl in a pipe.")
  public EventFormat format;
}
