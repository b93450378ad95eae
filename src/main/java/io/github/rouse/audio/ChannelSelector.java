// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.audio;

import io.github.rouse.state.Snapshot;
import java.util.Arrays;

/**
 * Reduces the channels of one stream to one.
 *
 * <p>{@link Channel#AUTO} selects the first channel. While all of its samples have been silent
 * ({@link SampleFormat#SILENCE}) for half a second (or since the start), it selects the next
 * channel that is not. Each sample is decided on by itself and those before it.
 *
 * <p>{@link Channel#BEST} tracks each channel in blocks of 20 ms: its level (smoothed energy) and
 * its floor (the minimum level, which rises by about 2 dB a second). It selects the channel with
 * the highest level-to-floor ratio. It switches only to a channel with twice the ratio (3 dB), at
 * most once a second, with a 10 ms cross-fade. Each block uses the decision made on earlier blocks,
 * so there is no delay, and the result does not depend on how the samples are split into calls.
 */
public final class ChannelSelector {
  private static final double BETTER = 2; // times the current channel's ratio
  private static final double RISE = 1.01; // of the floor, per block
  private static final double ATTACK = 0.3; // weight of a louder block in the level
  private static final double RELEASE = 0.1; // weight of a softer block in the level
  private static final double QUIET = 1e-10; // energy, -100 dB: keeps digital silence from winning

  private final Channel channel;
  private final int channels;
  private final int half; // frames of half a second
  private final int[] silent; // [channels] frames since the last sample that is not silent
  private final int block; // frames of 20 ms
  private final int fade; // frames of 10 ms
  private final int rest; // frames between two switches: 1 s
  private final double[] sum; // [channels] of the block so far
  private final double[] squares; // [channels] of the block so far
  private final double[] level; // [channels], mean square
  private final double[] floor; // [channels], mean square
  private int filled; // frames of the block so far
  private int current;
  private int previous;
  private int fading; // frames left of the cross-fade
  private long resting; // frames left before the next switch

  /**
   * Creates a selector for one stream.
   *
   * @param channel the channel to select
   * @param channels of the sound
   * @param sampleRate frames per second
   */
  public ChannelSelector(Channel channel, int channels, int sampleRate) {
    if (channels < 1) {
      throw new IllegalArgumentException("channels=" + channels + ", expected at least 1");
    }
    if (channel.choice() == Channel.Choice.EACH) {
      throw new IllegalArgumentException("channel=each, expected one sound: auto, N, mix or best");
    }
    if (channel.number() > channels) {
      throw new IllegalArgumentException(
          "channel=" + channel + ", expected at most " + channels + ", the sound's channels");
    }
    this.channel = channel;
    this.channels = channels;
    half = Math.max(1, sampleRate / 2);
    silent = new int[channels];
    block = Math.max(1, sampleRate / 50);
    fade = Math.max(1, sampleRate / 100);
    rest = sampleRate;
    sum = new double[channels];
    squares = new double[channels];
    level = new double[channels];
    floor = new double[channels];
    reset();
  }

  /** Starts a new stream. */
  public void reset() {
    Arrays.fill(silent, half);
    Arrays.fill(sum, 0);
    Arrays.fill(squares, 0);
    Arrays.fill(level, 0);
    Arrays.fill(floor, -1); // no block yet
    filled = 0;
    current = 0;
    fading = 0;
    resting = 0;
  }

  /**
   * Saves or restores the stream.
   *
   * @param snapshot of a selector of the same channel
   */
  public void state(Snapshot snapshot) {
    snapshot.values(silent);
    snapshot.values(sum);
    snapshot.values(squares);
    snapshot.values(level);
    snapshot.values(floor);
    filled = snapshot.number(filled);
    current = snapshot.number(current);
    previous = snapshot.number(previous);
    fading = snapshot.number(fading);
    resting = snapshot.number(resting);
  }

  /**
   * Reduces the next frames.
   *
   * @param interleaved [frames * channels]
   * @param frames number of frames
   * @param mono [frames], takes the result; may be {@code interleaved} itself
   */
  public void reduce(float[] interleaved, int frames, float[] mono) {
    switch (channel.choice()) {
      case AUTO -> {
        for (int i = 0; i < frames; i++) {
          mono[i] = auto(interleaved, i * channels);
        }
      }
      case ONE -> {
        int offset = channel.number() - 1;
        for (int i = 0; i < frames; i++) {
          mono[i] = interleaved[i * channels + offset];
        }
      }
      case MIX -> {
        for (int i = 0; i < frames; i++) {
          double total = 0;
          for (int c = 0; c < channels; c++) {
            total += interleaved[i * channels + c];
          }
          mono[i] = (float) (total / channels);
        }
      }
      case EACH -> throw new AssertionError(channel); // rejected by the constructor
      case BEST -> {
        for (int i = 0; i < frames; i++) {
          mono[i] = best(interleaved, i * channels);
        }
      }
    }
  }

  private float auto(float[] frame, int at) {
    int first = channels; // that is not silent
    for (int c = channels - 1; c >= 0; c--) {
      silent[c] =
          Math.abs(frame[at + c]) > SampleFormat.SILENCE ? 0 : Math.min(half, silent[c] + 1);
      first = silent[c] < half ? c : first;
    }
    return frame[at + (first < channels ? first : 0)];
  }

  private float best(float[] frame, int at) {
    for (int c = 0; c < channels; c++) {
      double value = frame[at + c];
      sum[c] += value;
      squares[c] += value * value;
    }
    float value = frame[at + current];
    if (fading > 0) {
      value += (frame[at + previous] - value) * fading-- / fade;
    }
    resting--;
    if (++filled == block) {
      measure();
      if (resting <= 0) {
        choose();
      }
    }
    return value;
  }

  private void measure() {
    for (int c = 0; c < channels; c++) {
      double mean = sum[c] / block; // subtract the microphone's DC offset
      double energy = Math.max(0, squares[c] / block - mean * mean);
      level[c] += (energy > level[c] ? ATTACK : RELEASE) * (energy - level[c]);
      floor[c] = floor[c] < 0 ? energy : Math.min(energy, floor[c] * RISE + QUIET / 100);
      sum[c] = 0;
      squares[c] = 0;
    }
    filled = 0;
  }

  private void choose() {
    int best = current;
    double highest = BETTER * ratio(current);
    for (int c = 0; c < channels; c++) {
      if (ratio(c) > highest) {
        best = c;
        highest = ratio(c);
      }
    }
    if (best != current) {
      previous = current;
      current = best;
      fading = fade;
      resting = rest;
    }
  }

  private double ratio(int c) {
    return level[c] / (floor[c] + QUIET);
  }
}
