// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import java.util.Locale;

/** The steps of {@code rouse new}, in order. */
enum Stage {
  ADVISE("how good a trigger the word is"),
  MICROPHONE("five seconds of listening: say a few words"),
  RECORD("recordings of the word"),
  ENROLL("the model, in half a minute"),
  TEST("a listening test"),
  TUNE("the threshold, from that test"),
  SERVICE("a listener that starts with the computer");

  private final String what;

  Stage(String what) {
    this.what = what;
  }

  /** The step in a few words. */
  String what() {
    return what;
  }

  /** Its name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
