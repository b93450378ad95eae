// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import io.github.rouse.cli.output.EventFormat;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The input channel and the output format. */
public final class SoundOptions {
  @Mixin public ChannelOption channel;

  @Option(
      names = "--format",
      paramLabel = "text|jsonl|csv",
      description = "The output format. Default: text on a terminal, jsonl in a pipe.")
  public EventFormat format;
}
