// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WordSpanTest {
  private static final int RATE = 16_000;
  private static final int HOP = 80;

  @Test
  void findsAWordInQuiet() {
    WordSpan span = heard(1.0, 1.6, 1e-6f, 1e-2f);
    span.locate((long) (1.75 * RATE));
    assertEquals(1.0, span.start() / (double) RATE, 0.03);
    assertEquals(1.6, span.end() / (double) RATE, 0.03);
  }

  @Test
  void aStopWithinTheWordDoesNotCutIt() {
    WordSpan span = new WordSpan(RATE);
    for (long at = HOP; at < 2 * RATE; at += HOP) {
      double second = (double) at / RATE;
      boolean word = second > 1 && second < 1.6 && !(second > 1.2 && second < 1.28);
      span.add(word ? 1e-2f : 1e-6f, at);
    }
    span.locate((long) (1.7 * RATE));
    assertEquals(1.0, span.start() / (double) RATE, 0.03);
  }

  @Test
  void aSoundThatHasJustBegunIsNotTheWord() {
    WordSpan span = new WordSpan(RATE);
    for (long at = HOP; at < 2 * RATE; at += HOP) {
      double second = (double) at / RATE;
      boolean loud = (second > 1 && second < 1.4) || second > 1.6;
      span.add(loud ? 1e-2f : 1e-6f, at);
    }
    span.locate((long) (1.63 * RATE));
    assertEquals(1.0, span.start() / (double) RATE, 0.03);
    assertEquals(1.4, span.end() / (double) RATE, 0.03);
  }

  @Test
  void digitalSilenceIsHandled() {
    WordSpan span = heard(0.5, 0.9, 0f, 1e-3f);
    span.locate(RATE);
    assertEquals(0.5, span.start() / (double) RATE, 0.03);
    assertEquals(0.9, span.end() / (double) RATE, 0.03);
  }

  @Test
  void roomNoiseAfterDigitalSilenceIsNotTheWord() {
    WordSpan span = new WordSpan(RATE);
    for (long at = HOP; at < 3 * RATE; at += HOP) {
      double second = (double) at / RATE;
      span.add(second < 1 ? 0 : second > 1.5 && second < 2.1 ? 1e-2f : 1e-6f, at);
    }
    span.locate((long) (2.2 * RATE));
    assertEquals(1.5, span.start() / (double) RATE, 0.03);
    assertEquals(2.1, span.end() / (double) RATE, 0.03);
  }

  @Test
  void runningSpeechStaysWithinBounds() {
    WordSpan span = heard(0, 10, 1e-6f, 1e-2f);
    span.locate(8 * RATE);
    double end = span.end() / (double) RATE;
    double start = span.start() / (double) RATE;
    assertTrue(end > 7.3 && end <= 8 && start >= end - 1.3, start + " to " + end);
  }

  @Test
  void anEmptyHistoryGivesThePositionItself() {
    WordSpan span = new WordSpan(RATE);
    span.locate(123);
    assertEquals(123, span.start());
    assertEquals(123, span.end());
  }

  private static WordSpan heard(double from, double to, float floor, float loud) {
    WordSpan span = new WordSpan(RATE);
    for (long at = HOP; at < 10 * RATE && at < (to + 1) * RATE; at += HOP) {
      double second = (double) at / RATE;
      span.add(second > from && second < to ? loud : floor, at);
    }
    return span;
  }
}
