// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import java.io.File;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.Line;
import javax.sound.sampled.TargetDataLine;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips the tests of a group whose needs are not met on this machine, with one message per group.
 * If the system property {@code rouse.require} (groups separated by commas) names the group, they
 * fail instead.
 */
final class NeedsCondition implements ExecutionCondition {
  /** The requirement behind one annotation. */
  record Need(
      String group, Class<? extends Annotation> annotation, String what, BooleanSupplier met) {}

  private static final List<Need> NEEDS =
      List.of(
          new Need("shared", NeedsShared.class, "../shared", Shared::isHere),
          new Need(
              "microphone",
              NeedsMicrophone.class,
              "a microphone that javax.sound can open",
              NeedsCondition::canCapture),
          new Need(
              "espeak",
              NeedsEspeak.class,
              "the program espeak-ng on PATH",
              () -> isOnPath("espeak-ng")),
          new Need(
              "ffmpeg", NeedsFfmpeg.class, "the program ffmpeg on PATH", () -> isOnPath("ffmpeg")),
          new Need(
              "chromium",
              NeedsChromium.class,
              "the programs chromium and chromedriver on PATH",
              () -> isOnPath("chromium") && isOnPath("chromedriver")),
          new Need(
              "mosquitto",
              NeedsMosquitto.class,
              "the program mosquitto on PATH or in /usr/sbin",
              () -> isOnPath("mosquitto") || new File("/usr/sbin/mosquitto").canExecute()),
          new Need(
              "openwakeword",
              NeedsOpenWakeWord.class,
              "target/openwakeword, which src/test/scripts/fetch-openwakeword fetches",
              () -> new File("target/openwakeword/models/embedding_model.onnx").isFile()),
          new Need(
              "slow",
              Slow.class,
              "-Drouse.require=slow",
              () -> required("slow", System.getProperty("rouse.require", ""))));

  private static final Set<String> announced = ConcurrentHashMap.newKeySet();

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    for (Need need : NEEDS) {
      boolean needed = context.getElement().map(element -> asksFor(element, need)).orElse(false);
      if (needed && !need.met().getAsBoolean()) {
        return missing(need, System.getProperty("rouse.require", ""));
      }
    }
    return ConditionEvaluationResult.enabled("everything needed is here");
  }

  /** An annotation on a class is evaluated there, before any of its methods. */
  private static boolean asksFor(AnnotatedElement element, Need need) {
    return element.isAnnotationPresent(need.annotation());
  }

  /** The result for a test whose need is not met. */
  static ConditionEvaluationResult missing(Need need, String required) {
    String reason =
        "tests of group '" + need.group() + "' need " + need.what() + ", which is not here";
    if (required(need.group(), required)) {
      throw new AssertionError(
          reason + ", and rouse.require=" + required + " forbids skipping them");
    }
    if (announced.add(need.group())) {
      System.out.println("*** SKIPPED: " + reason + " ***");
    }
    return ConditionEvaluationResult.disabled(reason);
  }

  private static boolean required(String group, String required) {
    return Arrays.stream(required.split(",")).map(String::strip).anyMatch(group::equals);
  }

  private static boolean canCapture() {
    return AudioSystem.isLineSupported(new Line.Info(TargetDataLine.class));
  }

  static boolean isOnPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(
            folder ->
                new File(folder, program).canExecute()
                    || new File(folder, program + ".exe").canExecute());
  }
}
