package io.github.rouse.audio;

import java.util.Locale;

/**
 * Which of a sound's channels to listen to.
 *
 * @param choice one of them, all, or the clearest
 * @param number of the channel, from 1, where one was chosen; otherwise 0
 */
public record Channel(Choice choice, int number) {
  /** The ways to choose. */
  public enum Choice {
    /** Always the same one. */
    ONE,
    /** The average of all. */
    MIX,
    /** At each time the one in which speech stands out most. */
    BEST
  }

  /** The first channel, what everything listens to unless told otherwise. */
  public static final Channel FIRST = new Channel(Choice.ONE, 1);

  /** The average of all channels. */
  public static final Channel MIX = new Channel(Choice.MIX, 0);

  /** The channel in which speech stands out most, see {@link ChannelSelector}. */
  public static final Channel BEST = new Channel(Choice.BEST, 0);

  /**
   * Checks that a number goes with ONE and with nothing else.
   *
   * @param choice one of them, all, or the clearest
   * @param number of the channel, from 1, where one was chosen; otherwise 0
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
   * Reads what people write.
   *
   * @param text a number from 1, {@code mix} or {@code best}
   * @return the choice
   */
  public static Channel parse(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
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
          "channel=" + text + ", expected a number from 1, mix or best", e);
    }
  }

  /** As people write it. */
  @Override
  public String toString() {
    return choice == Choice.ONE ? Integer.toString(number) : choice.name().toLowerCase(Locale.ROOT);
  }
}
