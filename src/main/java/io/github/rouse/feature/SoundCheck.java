// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

import io.github.rouse.audio.Channel;
import io.github.rouse.audio.SampleFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jtransforms.fft.FloatFFT_1D;

/**
 * Looks, while a sound is read, for what makes detection worse: silence, a low level, clipping, a
 * constant offset, few levels and no treble in the channel that is heard; and channels that would
 * be heard better.
 *
 * <p>Levels and spectra are of one window in eight.
 */
public final class SoundCheck {
  /** What can be wrong with a sound. */
  public enum Fault {
    /** All samples are zero, or nearly so. */
    SILENT("silent: check the microphone, its connection and its mute switch"),
    /** No sample is loud. */
    QUIET("quiet, nothing above 1 % of full scale: if it holds speech, raise the recording level"),
    /** Many samples are at full scale. */
    CLIPPED("clipped: lower the recording level"),
    /** The mean is far from zero. */
    OFFSET("a constant offset: remove it, as `sox IN OUT highpass 20` does"),
    /** It has the levels of a few bits. */
    COARSE("the resolution of few bits: record with 16"),
    /** The upper part of its spectrum is empty. */
    DULL("no treble, as in telephone sound: more words are missed"),
    /** The first channel is silent, others are not. */
    FIRST_CHANNEL_SILENT("the first channel is silent; another one was used"),
    /** Another channel is much louder. */
    ANOTHER_LOUDER(
        "another channel is much louder than the one that was used; --channel N, best or each"
            + " chooses"),
    /** The mean of the channels is much softer than they are. */
    CANCELLED("the channels cancel each other out in the mix; --channel auto uses one"),
    /** The channels hold different sounds, of which one is used. */
    CHANNELS_DIFFER(
        "the channels differ and the first was used; --channel N, mix, best or each chooses"),
    /** Each of the channels is used, but they are the same. */
    CHANNELS_SAME("all channels are the same; --channel auto uses one");

    private final String advice;

    Fault(String advice) {
      this.advice = advice;
    }

    /** What is wrong, and what to do. */
    public String advice() {
      return advice;
    }
  }

  /**
   * Measurements, of the channel that is heard unless noted.
   *
   * @param peak dB of full scale, the loudest sample
   * @param floor dB of full scale, the quietest tenth of the windows: the background
   * @param clipped share of the samples at full scale
   * @param offset mean, of full scale
   * @param bandwidth Hz, above which there is next to nothing; 0 if there is no sound
   * @param dead numbers of the channels, from 1, that are silent while another is not
   */
  public record Measures(
      double peak,
      double floor,
      double clipped,
      double offset,
      double bandwidth,
      List<Integer> dead) {}

  /** The lowest magnitude of a clipped sample. */
  public static final float FULL = 0.999f;

  private static final double MOST_CLIPPED = 0.01; // share of the samples
  private static final float QUIETEST = 0.01f; // highest magnitude: -40 dB
  private static final double MOST_OFFSET = 0.05;
  private static final int MOST_LEVELS = 32; // that count as few
  private static final double LEAST_SECONDS = 1; // to judge level, treble and channels
  private static final int WINDOW = 2048; // samples of a spectrum
  private static final int EVERY = 8; // windows to one that is looked at
  private static final double TELEPHONE = 4000; // Hz, where its band ends
  private static final double SLOPE = 600; // Hz, either way, where resamplers leak
  private static final double BAND = 800; // Hz, on both sides of the slope
  private static final double LEAST_STEP = 1e-4; // of power between these bands: -40 dB
  private static final double LEAST_TREBLE = 1e-6; // of the power below it: -60 dB
  private static final double ALIKE = 0.5; // least correlation of channels with the same sound
  private static final double HOLDS = 1e-5; // variance of a channel with some sound: -50 dB
  private static final double MUCH = 100; // times a variance: 20 dB
  private static final int LOWEST_DB = 120; // below full scale
  private static final double FLOOR_SHARE = 0.1; // of the windows: the quietest

  private final Channel channel;
  private final int channels;
  private final int sampleRate;

  // Of all channels.
  private final double[] sum; // [channels]
  private final double[] squares; // [channels]
  private final double[] products; // [channels], with the first
  private final float[] peak; // [channels], of all samples
  private boolean same = true; // all samples of a frame, so far
  private long frames;
  private long looked; // frames looked at

  // Of the channel that is heard.
  private final Set<Float> levels = new HashSet<>();
  private final FloatFFT_1D fft = new FloatFFT_1D(WINDOW);
  private final float[] window = new float[WINDOW];
  private double heardSum;
  private double heardSquares;
  private float heardPeak; // of all samples
  private long heard; // samples
  private long heardLooked; // samples looked at
  private long clipped; // samples
  private final double[] power = new double[WINDOW / 2]; // by frequency
  private final int[] windowsByLevel = new int[LOWEST_DB + 1]; // windows, by dB below full scale

  /**
   * Prepares to look at a sound.
   *
   * @param channel that is heard; if each, the faults are of the one handed to {@link #heard}
   * @param channels of the sound
   * @param sampleRate frames per second
   */
  public SoundCheck(Channel channel, int channels, int sampleRate) {
    this.channel = channel;
    this.channels = channels;
    this.sampleRate = sampleRate;
    sum = new double[channels];
    squares = new double[channels];
    products = new double[channels];
    peak = new float[channels];
  }

  /**
   * Looks at the next frames of all channels.
   *
   * @param interleaved holds them
   * @param from index of the first sample
   * @param length samples of all channels
   */
  public void frames(float[] interleaved, int from, int length) {
    if (channels == 1) {
      return; // heard() sees every sample of a single channel
    }
    int count = length / channels;
    for (int c = 0; c < channels; c++) {
      float highest = peak[c];
      for (int i = from + c; i < from + length; i += channels) {
        highest = Math.max(highest, Math.abs(interleaved[i]));
      }
      peak[c] = highest;
      same = same && isFirst(interleaved, from, length, c);
    }
    for (int i = 0; i < count; ) {
      int end = (int) Math.min(count, i + WINDOW - (frames + i) % WINDOW); // of the window
      for (int k = isLookedAt(frames + i) ? i : end; k < end; k++) {
        look(interleaved, from + k * channels);
      }
      i = end;
    }
    frames += count;
  }

  /** Whether a channel is the same as the first. */
  private boolean isFirst(float[] interleaved, int from, int length, int c) {
    for (int i = from; i < from + length; i += channels) {
      if (Math.abs(interleaved[i + c] - interleaved[i]) > SampleFormat.SILENCE) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLookedAt(long at) {
    return at / WINDOW % EVERY == 0;
  }

  private void look(float[] frame, int at) {
    double first = frame[at];
    looked++;
    for (int c = 0; c < channels; c++) {
      double value = frame[at + c];
      sum[c] += value;
      squares[c] += value * value;
      products[c] += value * first;
    }
  }

  /**
   * Looks at the next samples of the channel that is heard.
   *
   * @param samples holds them
   * @param from index of the first sample
   * @param length number of samples
   */
  public void heard(float[] samples, int from, int length) {
    for (int i = 0; i < length; ) {
      int place = (int) ((heard + i) % WINDOW);
      int end = Math.min(length, i + WINDOW - place); // of the window, in these samples
      boolean isLookedAt = isLookedAt(heard + i);
      float highest = heardPeak;
      for (int k = i; k < end; k++) {
        highest = Math.max(highest, Math.abs(samples[from + k]));
      }
      heardPeak = highest;
      for (int k = isLookedAt ? i : end; k < end; k++) {
        look(samples[from + k]);
        window[place++] = samples[from + k];
      }
      if (isLookedAt && place == WINDOW) {
        addSpectrum();
      }
      i = end;
    }
    heard += length;
  }

  private void look(float sample) {
    heardLooked++;
    heardSum += sample;
    heardSquares += (double) sample * sample;
    clipped += Math.abs(sample) >= FULL ? 1 : 0;
    if (levels.size() <= MOST_LEVELS) {
      levels.add(sample);
    }
  }

  private void addSpectrum() {
    float[] spectrum = window.clone();
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < WINDOW; i++) {
      sum += window[i];
      squares += (double) window[i] * window[i];
      spectrum[i] *= (float) (0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / WINDOW));
    }
    long below = Math.round(-decibels(Math.sqrt(variance(sum, squares, WINDOW))));
    windowsByLevel[(int) Math.max(0, Math.min(LOWEST_DB, below))]++;
    fft.realForward(spectrum);
    for (int k = 1; k < WINDOW / 2; k++) {
      power[k] += spectrum[2 * k] * spectrum[2 * k] + spectrum[2 * k + 1] * spectrum[2 * k + 1];
    }
  }

  private static double decibels(double magnitude) {
    return Math.max(-LOWEST_DB, 20 * Math.log10(magnitude));
  }

  /** The measurements so far. */
  public Measures measures() {
    return new Measures(
        decibels(heardPeak),
        floor(),
        (double) clipped / Math.max(1, heardLooked),
        heardSum / Math.max(1, heardLooked),
        bandwidth(),
        highest() > SampleFormat.SILENCE ? dead() : List.of());
  }

  private List<Integer> dead() {
    return IntStream.rangeClosed(1, channels)
        .filter(number -> peak[number - 1] <= SampleFormat.SILENCE)
        .boxed()
        .collect(Collectors.toUnmodifiableList());
  }

  private double floor() {
    long left = (long) Math.ceil(FLOOR_SHARE * Arrays.stream(windowsByLevel).sum());
    int below = LOWEST_DB;
    while (below > 0 && (left -= windowsByLevel[below]) > 0) {
      below--;
    }
    return -below;
  }

  /** The lowest frequency with next to nothing above it. */
  private double bandwidth() {
    double all = Arrays.stream(power).sum();
    double above = 0;
    int k = WINDOW / 2;
    while (k > 0 && above <= LEAST_TREBLE * all) {
      above += power[--k];
    }
    return all == 0 ? 0 : (k + 1.0) * sampleRate / WINDOW;
  }

  /** Power between two frequencies in Hz. */
  private double power(double from, double to) {
    double sum = 0;
    for (int k = 1; k < WINDOW / 2; k++) {
      double frequency = (double) k * sampleRate / WINDOW;
      sum += frequency >= from && frequency < to ? power[k] : 0;
    }
    return sum;
  }

  /** Whether there is next to nothing above the telephone's band, or a deep step at its end. */
  private boolean isDull() {
    double low = TELEPHONE - SLOPE;
    double high = TELEPHONE + SLOPE;
    double bass = power(0, high);
    return bass > 0
        && (power(high, sampleRate) < LEAST_TREBLE * bass
            || power(high, high + BAND) < LEAST_STEP * power(low - BAND, low));
  }

  /** What was found so far. */
  public List<Fault> faults() {
    if (heard == 0) {
      return List.of();
    }
    List<Fault> faults = new ArrayList<>();
    boolean isLong = heard >= LEAST_SECONDS * sampleRate;
    boolean chosen = channels > 1 && channel.choice() != Channel.Choice.EACH;
    if (chosen && highest() > SampleFormat.SILENCE) {
      addFaultOfChoice(isLong, faults);
    } else if (heardPeak <= SampleFormat.SILENCE) {
      return List.of(Fault.SILENT);
    } else if (channels > 1 && same) {
      faults.add(Fault.CHANNELS_SAME);
    }
    addFaultsOfHeard(isLong, faults);
    return faults;
  }

  private float highest() {
    float highest = 0;
    for (float one : peak) {
      highest = Math.max(highest, one);
    }
    return highest;
  }

  /** Whether another channel would be heard better. */
  private void addFaultOfChoice(boolean isLong, List<Fault> faults) {
    double loudest = 0;
    double mean = 0;
    for (int c = 0; c < channels; c++) {
      double one = variance(sum[c], squares[c], looked);
      loudest = Math.max(loudest, one);
      mean += one / channels;
    }
    double level = variance(heardSum, heardSquares, heardLooked);
    boolean auto = channel.choice() == Channel.Choice.AUTO;
    if (auto && peak[0] <= SampleFormat.SILENCE) {
      faults.add(Fault.FIRST_CHANNEL_SILENT);
    }
    if (channel.choice() == Channel.Choice.MIX) {
      if (mean > HOLDS && MUCH * level < mean) {
        faults.add(Fault.CANCELLED);
      }
    } else if (loudest > HOLDS && MUCH * level < loudest) {
      faults.add(Fault.ANOTHER_LOUDER);
    } else if (auto && isLong && channelsDiffer()) {
      faults.add(Fault.CHANNELS_DIFFER);
    }
  }

  private static double variance(double sum, double squares, long count) {
    return count == 0 ? 0 : Math.max(0, squares / count - sum / count * (sum / count));
  }

  private boolean channelsDiffer() {
    double first = variance(sum[0], squares[0], looked);
    for (int c = 1; c < channels; c++) {
      double other = variance(sum[c], squares[c], looked);
      double product = products[c] / looked - sum[0] / looked * (sum[c] / looked);
      boolean bothHold = Math.min(first, other) > HOLDS;
      if (bothHold && Math.abs(product) < ALIKE * Math.sqrt(first * other)) {
        return true;
      }
    }
    return false;
  }

  private void addFaultsOfHeard(boolean isLong, List<Fault> faults) {
    double mean = Math.abs(heardSum / heardLooked);
    if (clipped > MOST_CLIPPED * heardLooked) {
      faults.add(Fault.CLIPPED);
    }
    if (mean > MOST_OFFSET) {
      faults.add(Fault.OFFSET);
    }
    if (!isLong || faults.contains(Fault.ANOTHER_LOUDER) || faults.contains(Fault.CANCELLED)) {
      return; // too little to tell, or another channel is the remedy
    }
    if (heardPeak - mean < QUIETEST) {
      faults.add(Fault.QUIET);
    } else if (levels.size() > 1 && levels.size() <= MOST_LEVELS) {
      faults.add(Fault.COARSE);
    } else if (isDull()) {
      faults.add(Fault.DULL);
    }
  }
}
