// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.speak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeechProgramTest {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  /** Echoes its input and fails, or sleeps. */
  static final class Program {
    public static void main(String[] args) throws Exception {
      if (args[0].equals("sleep")) {
        Thread.sleep(60_000);
      }
      System.in.transferTo(System.err);
      System.exit(3);
    }
  }

  @Test
  void aHangingProgramIsKilled() {
    long before = System.nanoTime();
    assertEquals(JAVA + ": did not finish within 1 s", failure(program("sleep"), 1));
    assertTrue(System.nanoTime() - before < 30e9);
  }

  @Test
  void aProgramReadsItsInputAndItsErrorIsQuoted() {
    assertEquals(JAVA + ": exited with 3: said in a line", failure(program("fail"), 60));
  }

  @Test
  void aMissingProgramIsNamed() {
    assertTrue(failure(List.of("no-such-program"), 60).contains("no-such-program"));
  }

  private static List<String> program(String does) {
    String classPath = System.getProperty("java.class.path");
    return List.of(JAVA, "-cp", classPath, Program.class.getName(), does);
  }

  private static String failure(List<String> command, int seconds) {
    return assertThrows(
            IOException.class, () -> SpeechProgram.run(command, "said in a line\n", seconds))
        .getMessage();
  }
}
