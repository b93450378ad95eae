// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.phones;

/** Decodes a phone recogniser's steps: probabilities to phones. For one stream. */
public interface PhoneDecoder {
  /**
   * Takes a step.
   *
   * @param at end of what the step has read, seconds
   * @param probabilities [phones + 1], that of the blank last
   */
  void accept(double at, float[] probabilities);

  /** Reports the phones under way, at the end of the sound; what follows is another utterance. */
  void finish();
}
