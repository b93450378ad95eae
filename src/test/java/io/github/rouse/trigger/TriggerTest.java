// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TriggerTest {
  private static final int RATE = 1000; // a sample is a millisecond
  private static final int STEP = 10;
  private static final TriggerPolicy PLAIN = new TriggerPolicy(0.5f, 1, 1, 1f);

  private record Decision(long at, float score) {}

  @Test
  void scoreIsThePeakAndNotTheFirstValueAboveTheThreshold() {
    List<Decision> decisions = run(PLAIN, curve(0, 0.1, 0.6, 0.8, 0.93, 0.9, 0.2, 0));
    assertEquals(1, decisions.size());
    assertEquals(0.93f, decisions.get(0).score);
  }

  @Test
  void decisionComesWhenTheClimbHasSettled() {
    float[] plateau = new float[100];
    java.util.Arrays.fill(plateau, 20, 100, 0.9f);
    List<Decision> decisions = run(PLAIN, plateau);
    assertEquals(1, decisions.size());
    assertEquals(20 * STEP + Trigger.SETTLE_MILLIS, decisions.get(0).at);
  }

  @Test
  void anEndlessClimbIsDecidedInTime() {
    float[] climb = new float[100];
    for (int i = 0; i < 100; i++) {
      climb[i] = (float) Math.min(0.94, 0.5 * Math.pow(1.0125, i)); // a tenth in eight steps
    }
    assertEquals(Trigger.LONGEST_CLIMB_MILLIS, run(PLAIN, climb).get(0).at);
  }

  @Test
  void nearCertaintyTheClimbEnds() {
    float[] climb = new float[100];
    for (int i = 0; i < 100; i++) {
      climb[i] = (float) (1 - 0.5 * Math.pow(0.5, i / 2.0)); // 0.956 at step 7
    }
    Decision decision = run(PLAIN, climb).get(0);
    assertEquals(7 * STEP + Trigger.SETTLE_MILLIS, decision.at);
    assertEquals(climb[7 + Trigger.SETTLE_MILLIS / STEP], decision.score, "the peak until then");
  }

  @Test
  void aWordTriggersOnceWhileItsPosteriorStaysHigh() {
    float[] high = new float[500];
    java.util.Arrays.fill(high, 10, 500, 0.9f);
    assertEquals(1, run(PLAIN, high).size());
  }

  @Test
  void theRefractoryPeriodHidesASecondPeak() {
    float[] two = new float[300];
    java.util.Arrays.fill(two, 10, 20, 0.9f);
    java.util.Arrays.fill(two, 60, 70, 0.95f);
    assertEquals(1, run(PLAIN, two).size());
    assertEquals(2, run(PLAIN.withRefractory(0.1f), two).size());
    java.util.Arrays.fill(two, 200, 210, 0.95f);
    assertEquals(2, run(PLAIN, two).size());
  }

  @Test
  void aMurmurDoesNotHideTheWordAfterIt() {
    float[] murmur = new float[200];
    java.util.Arrays.fill(murmur, 10, 40, 0.05f);
    java.util.Arrays.fill(murmur, 40, 60, 0.97f); // without a dip in between
    List<Decision> decisions = run(PLAIN.withThreshold(0.02f), murmur);
    assertEquals(List.of(0.05f, 0.97f), decisions.stream().map(Decision::score).toList());
  }

  @Test
  void scoresAtALowThresholdMatchThoseAtAHighOne() {
    float[] stream = new float[1000];
    for (int i = 0; i < 1000; i++) {
      double bump = Math.exp(-Math.pow((i % 250 - 120) / 12.0, 2));
      stream[i] = (float) (0.01 + (0.4 + 0.19 * Math.floor(i / 250.0)) * bump);
    }
    List<Float> low =
        run(PLAIN.withThreshold(0.02f), stream).stream()
            .map(Decision::score)
            .filter(s -> s >= 0.5f)
            .toList();
    List<Float> high = run(PLAIN, stream).stream().map(Decision::score).toList();
    assertEquals(3, high.size());
    assertEquals(high, low);
  }

  @Test
  void patienceRequiresConsecutiveSteps() {
    float[] flicker = curve(0.9, 0, 0.9, 0, 0.9, 0.9, 0);
    assertEquals(3, run(new TriggerPolicy(0.5f, 1, 1, 0f), flicker).size());
    assertEquals(1, run(new TriggerPolicy(0.5f, 1, 2, 0f), flicker).size());
    assertEquals(0, run(new TriggerPolicy(0.5f, 1, 3, 0f), flicker).size());
  }

  @Test
  void aScoreIsThePeakSustainedForPatienceSteps() {
    float[] lone = curve(0.03, 0.03, 0.03, 0.9, 0, 0);
    float[] held = curve(0.9, 0.6, 0.6, 0.6, 0, 0);
    assertEquals(List.of(), run(new TriggerPolicy(0.5f, 1, 2, 0f), lone));
    assertEquals(0.03f, run(new TriggerPolicy(0.02f, 1, 2, 0f), lone).get(0).score);
    assertEquals(0.6f, run(new TriggerPolicy(0.02f, 1, 3, 0f), held).get(0).score);
    assertEquals(1, run(new TriggerPolicy(0.6f, 1, 3, 0f), held).size());
    assertEquals(0, run(new TriggerPolicy(0.61f, 1, 3, 0f), held).size());
  }

  @Test
  void smoothingAverages() {
    List<Decision> decisions = run(new TriggerPolicy(0.5f, 2, 1, 0f), curve(0, 0.8, 0.6, 0, 0));
    assertEquals(0.7f, decisions.get(0).score, 1e-6f);
    assertEquals(0, run(new TriggerPolicy(0.5f, 4, 1, 0f), curve(0, 0.8, 0.6, 0, 0)).size());
  }

  @Test
  void aCandidateAtTheEndOfTheStreamIsDecided() {
    Trigger trigger = new Trigger(PLAIN, RATE);
    assertTrue(!trigger.step(0.9f, 10));
    assertTrue(trigger.finish(12));
    assertEquals(0.9f, trigger.score());
    assertTrue(!trigger.finish(13));
  }

  @Test
  void aWrongPolicyIsNamed() {
    for (TriggerPolicyMaker maker :
        List.<TriggerPolicyMaker>of(
            () -> PLAIN.withThreshold(1.1f),
            () -> PLAIN.withThreshold(Float.NaN),
            () -> PLAIN.withPatience(0),
            () -> PLAIN.withRefractory(-1),
            () -> new TriggerPolicy(0.5f, 0, 1, 1))) {
      String message = assertThrows(IllegalArgumentException.class, maker::make).getMessage();
      assertTrue(message.matches("(threshold|patience|refractory|smoothing)=.*"), message);
    }
  }

  private interface TriggerPolicyMaker {
    TriggerPolicy make();
  }

  private static float[] curve(double... values) {
    float[] curve = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      curve[i] = (float) values[i];
    }
    return curve;
  }

  private static List<Decision> run(TriggerPolicy policy, float[] posteriors) {
    Trigger trigger = new Trigger(policy, RATE);
    List<Decision> decisions = new ArrayList<>();
    for (int i = 0; i < posteriors.length; i++) {
      if (trigger.step(posteriors[i], (long) i * STEP)) {
        decisions.add(new Decision((long) i * STEP, trigger.score()));
      }
    }
    return decisions;
  }
}
