// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.options;

import io.github.rouse.audio.Channel;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a {@link Channel} from the command line. */
final class ChannelConverter implements ITypeConverter<Channel> {
  @Override
  public Channel convert(String value) {
    try {
      return Channel.parse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
