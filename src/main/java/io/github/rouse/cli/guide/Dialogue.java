// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import io.github.rouse.cli.output.Console;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Asks the person at the terminal before each step, or takes every step without asking. */
final class Dialogue {
  /** The answer. */
  enum Reply {
    GO,
    SKIP,
    STOP
  }

  private final Console console;
  private final BufferedReader answers; // null if nobody is asked

  /**
   * Starts a dialogue.
   *
   * @throws IllegalArgumentException if there is a person to ask but no terminal
   */
  Dialogue(Console console, boolean asks) {
    if (asks && !console.errIsTerminal()) {
      throw new IllegalArgumentException(
          "new asks before each step: run it on a terminal, or give --yes");
    }
    this.console = console;
    answers =
        asks
            ? new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8))
            : null;
  }

  /** Names a step and asks whether to take it. */
  Reply ask(Stage step) throws IOException {
    List<Stage> steps = List.of(Stage.values());
    String title = (steps.indexOf(step) + 1) + " of " + steps.size() + ": " + step.what();
    if (answers == null) {
      console.say(title);
      return Reply.GO;
    }
    while (true) {
      console.say(title + " [Enter: go on, s: skip, q: stop here]");
      String answer = answers.readLine();
      if (answer == null) {
        throw new IOException("no answer: standard input has ended; give --yes to ask nothing");
      }
      switch (answer.strip().toLowerCase(Locale.ROOT)) {
        case "", "y", "yes" -> {
          return Reply.GO;
        }
        case "s", "skip" -> {
          return Reply.SKIP;
        }
        case "q", "quit" -> {
          return Reply.STOP;
        }
        default -> console.say(answer + ": press Enter, s or q");
      }
    }
  }
}
