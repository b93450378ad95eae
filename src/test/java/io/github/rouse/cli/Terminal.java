// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli;

import io.github.rouse.cli.output.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs commands and captures their output. */
public final class Terminal {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private byte[] in = {};
  private boolean isTerminal;

  public Terminal withInput(byte[] bytes) {
    in = bytes;
    return this;
  }

  /** Messages appear on a terminal, with a person before it. */
  public Terminal withPerson() {
    isTerminal = true;
    return this;
  }

  /** Runs a command and returns its exit code. */
  public int run(Object... args) {
    Console console =
        new Console(
            new ByteArrayInputStream(in),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            isTerminal);
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = args[i].toString();
    }
    return Main.run(console, words);
  }

  public List<String> out() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  public List<String> err() {
    return err.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
