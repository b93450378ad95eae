// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.feature;

/**
 * Defines a model's features: everything between mono samples and the network's input.
 *
 * <p>Frame t covers samples {@code t*hop} to {@code t*hop + frameLength - 1}; nothing is padded, so
 * n samples yield {@code floor((n - frameLength) / hop) + 1} frames.
 *
 * @param sampleRate of the model's input, Hz
 * @param frameLength samples per frame
 * @param hop samples from one frame to the next
 * @param spectrum features computed from each frame
 */
public record FeatureSpec(int sampleRate, int frameLength, int hop, Spectrum spectrum) {

  /**
   * The spectrogram of the classic trigger-word network: linear power spectral density of 101 bins,
   * 200 samples at 44.1 kHz every 80.
   */
  public static final FeatureSpec CLASSIC =
      new FeatureSpec(44_100, 200, 80, new Spectrum.PowerDensity(8000));

  /** 40 log-mel energies of 25 ms at 16 kHz every 10 ms. */
  public static final FeatureSpec LOG_MEL =
      new FeatureSpec(16_000, 400, 160, new Spectrum.LogMel(Mel.of(MelScale.HTK, 40), 1e-6));

  /** 40 PCEN energies of 25 ms at 16 kHz every 10 ms. */
  public static final FeatureSpec PCEN =
      new FeatureSpec(
          16_000, 400, 160, new Spectrum.Pcen(Mel.of(MelScale.HTK, 40), 0.025, 0.98, 2, 0.5, 1e-6));

  /** 20 mel-frequency cepstral coefficients of 25 ms at 16 kHz every 10 ms. */
  public static final FeatureSpec MFCC =
      new FeatureSpec(16_000, 400, 160, new Spectrum.Mfcc(Mel.of(MelScale.HTK, 40), 1e-6, 20));

  /** The features of openWakeWord's models: 32 mel bands at 16 kHz every 10 ms. */
  public static final FeatureSpec OPEN_WAKE_WORD =
      new FeatureSpec(16_000, 512, 160, new Spectrum.OpenWakeWord());

  /**
   * The default for training: far better than log-mel in noise with few recordings (decision 014).
   */
  public static final FeatureSpec DEFAULT = PCEN;

  /** Checks every value and names the wrong one. */
  public FeatureSpec {
    check("sampleRate", sampleRate, 1000, 384_000);
    check("frameLength", frameLength, 3, 1 << 16);
    check("hop", hop, 1, frameLength);
    if (spectrum == null) {
      throw new IllegalArgumentException("spectrum=null");
    }
    Mel mel = spectrum.mel();
    if (mel != null && mel.highHz() > sampleRate / 2.0) {
      throw new IllegalArgumentException(
          "highHz=" + mel.highHz() + ", above half of sampleRate=" + sampleRate);
    }
    if (spectrum instanceof Spectrum.OpenWakeWord
        && (sampleRate != 16_000 || frameLength != 512 || hop != 160)) {
      throw new IllegalArgumentException(
          String.format(
              "sampleRate=%d frameLength=%d hop=%d, expected 16000, 512 and 160 for openWakeWord",
              sampleRate, frameLength, hop));
    }
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + "=" + value + ", expected " + least + " to " + most);
    }
  }

  /** Points of the Fourier transform: the frame itself, or the next power of two for mel bands. */
  public int fftLength() {
    return spectrum.mel() == null ? frameLength : Integer.highestOneBit(2 * frameLength - 1);
  }

  /**
   * The Hann window, [frameLength]: symmetric (as in filter design) for the power density, periodic
   * (as in spectral analysis) for all others, with zeros on both sides for openWakeWord.
   */
  public double[] window() {
    int length =
        spectrum instanceof Spectrum.OpenWakeWord ? Spectrum.OpenWakeWord.WINDOW : frameLength;
    int period = spectrum instanceof Spectrum.PowerDensity ? length - 1 : length;
    double[] window = new double[frameLength];
    for (int i = 0; i < length; i++) {
      window[(frameLength - length) / 2 + i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / period);
    }
    return window;
  }

  /** Values per frame. */
  public int bins() {
    return spectrum.bins(fftLength());
  }

  /** Complete frames in {@code samples} samples; for openWakeWord, those of complete groups. */
  public long frames(long samples) {
    long frames = samples < frameLength ? 0 : (samples - frameLength) / hop + 1;
    if (spectrum instanceof Spectrum.OpenWakeWord) {
      int first = Spectrum.OpenWakeWord.FIRST;
      return frames < first ? 0 : frames - (frames - first) % Spectrum.OpenWakeWord.GROUP;
    }
    return frames;
  }
}
