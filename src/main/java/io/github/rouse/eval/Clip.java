package io.github.rouse.eval;

/**
 * A recording of one word, as it is to be heard.
 *
 * @param gain dB; clipped at full scale
 * @param snr power of its speech over that of the noise, dB
 * @param turn which of the noises, and where in it; from 0
 */
public record Clip(Recording recording, double gain, double snr, int turn) {
  /** As it is. */
  public static Clip asRecorded(Recording recording) {
    return new Clip(recording, 0, Double.POSITIVE_INFINITY, 0);
  }
}
