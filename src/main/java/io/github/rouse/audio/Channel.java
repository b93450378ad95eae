// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Selects the channel of a sound to listen to.
 *
 * <pre>{@code
 * Listener meeting = Rouse.listen(model).channel(Channel.BEST).start();
 * Listener left = Rouse.listen(model).channel(Channel.of(1)).start();
 * }</pre>
 *
 * @param choice the first that is not silent, one channel, the mean of all, or the clearest
 * @param number of the channel, from 1, if {@code choice} is ONE; otherwise 0
 */
public record Channel(Choice choice, int number) {
  /** The ways to choose. */
  public enum Choice {
    /** The first, and another while the first is silent. */
    AUTO,
    /** Always the same one. */
    ONE,
    /** The average of all. */
    MIX,
    /** All, each as a sound of its own; only where a file can be read several times. */
    EACH,
    /** At each time, the channel in which speech stands out most. */
    BEST
  }

  /**
   * The default: the first channel, but while it has been silent for half a second and another one
   * has not, that one; see {@link ChannelSelector}.
   */
  public static final Channel AUTO = new Channel(Choice.AUTO, 0);

  /** The first channel. */
  public static final Channel FIRST = new Channel(Choice.ONE, 1);

  /** All channels, each as a sound of its own; see {@link #passes}. */
  public static final Channel EACH = new Channel(Choice.EACH, 0);

  /** The average of all channels. */
  public static final Channel MIX = new Channel(Choice.MIX, 0);

  /** The channel in which speech stands out most, see {@link ChannelSelector}. */
  public static final Channel BEST = new Channel(Choice.BEST, 0);

  /**
   * Checks that only ONE has a channel number.
   *
   * @param choice the first that is not silent, one channel, the mean of all, or the clearest
   * @param number of the channel, from 1, if {@code choice} is ONE; otherwise 0
   */
  public Channel {
    if (choice == Choice.ONE ? number < 1 : number != 0) {
      throw new IllegalArgumentException("channel=" + number + ", expected 1 or more");
    }
  }

  /**
   * One channel.
   *
   * @param number from 1
   * @return always that channel
   */
  public static Channel of(int number) {
    return new Channel(Choice.ONE, number);
  }

  /**
   * Parses a channel choice.
   *
   * @param text {@code auto}, a number from 1, {@code mix}, {@code best} or {@code each}
   * @return the choice
   */
  public static Channel parse(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    if (word.equals("auto")) {
      return AUTO;
    }
    if (word.equals("each")) {
      return EACH;
    }
    if (word.equals("mix")) {
      return MIX;
    }
    if (word.equals("best")) {
      return BEST;
    }
    try {
      return of(Integer.parseInt(word));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "channel=" + text + ", expected auto, a number from 1, mix, best or each", e);
    }
  }

  /**
   * The channels for which a sound is read, one after another.
   *
   * @param channels of the sound
   * @return all of them if this is {@link #EACH}, else this one
   */
  public List<Channel> passes(int channels) {
    return choice == Choice.EACH
        ? IntStream.rangeClosed(1, channels)
            .mapToObj(Channel::of)
            .collect(Collectors.toUnmodifiableList())
        : List.of(this);
  }

  /** The text that {@link #parse} accepts. */
  @Override
  public String toString() {
    return choice == Choice.ONE ? Integer.toString(number) : choice.name().toLowerCase(Locale.ROOT);
  }
}
