// SPDX-License-Identifier: Apache-2.0
package io.github.rouse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.TargetDataLine;
import org.junit.jupiter.api.Test;

class NeedsConditionTest {
  private static final NeedsCondition.Need NEVER_MET =
      new NeedsCondition.Need("moon", NeedsShared.class, "the moon", () -> false);

  @Test
  void anUnmetNeedSkipsTheTestWithOneMessagePerGroup() {
    PrintStream before = System.out;
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    try {
      assertTrue(NeedsCondition.missing(NEVER_MET, "").isDisabled());
      assertTrue(NeedsCondition.missing(NEVER_MET, "shared,moonlight").isDisabled());
    } finally {
      System.setOut(before);
    }
    assertEquals(
        "*** SKIPPED: tests of group 'moon' need the moon, which is not here ***"
            + System.lineSeparator(),
        output.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aRequiredButUnmetNeedFails() {
    AssertionError failure =
        assertThrows(AssertionError.class, () -> NeedsCondition.missing(NEVER_MET, "espeak, moon"));
    assertTrue(failure.getMessage().contains("'moon' need the moon"), failure.getMessage());
  }

  @Test
  void onlyProgramsOnThePathAreFound() {
    assertTrue(
        NeedsCondition.isOnPath("java")
            || NeedsCondition.isOnPath("sh")
            || NeedsCondition.isOnPath("cmd"));
    assertFalse(NeedsCondition.isOnPath("no-such-program"));
  }

  @Test
  @NeedsShared
  void theSharedGroupFindsItsFiles() {
    assertTrue(Files.isReadable(Shared.file("README.md")));
    assertThrows(IllegalArgumentException.class, () -> Shared.file("no/such/file"));
  }

  @Test
  @NeedsMicrophone
  void theMicrophoneGroupOpensACaptureLine() throws Exception {
    AudioFormat format = new AudioFormat(44_100, 16, 1, true, false);
    try (TargetDataLine line = AudioSystem.getTargetDataLine(format)) {
      line.open(format);
      line.start();
      byte[] tenthOfASecond = new byte[2 * 4_410];
      assertEquals(tenthOfASecond.length, line.read(tenthOfASecond, 0, tenthOfASecond.length));
    }
  }

  @Test
  @NeedsEspeak
  void theEspeakGroupSpeaks() throws Exception {
    Path wav = Files.createTempFile("espeak", ".wav");
    try {
      Process espeak =
          new ProcessBuilder("espeak-ng", "-w", wav.toString(), "hello").inheritIO().start();
      assertEquals(0, espeak.waitFor());
      assertTrue(Files.size(wav) > 10_000, () -> "only a few bytes of speech in " + wav);
    } finally {
      Files.delete(wav);
    }
  }
}
