// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.guide;

import java.util.List;

/**
 * What a check found.
 *
 * @param check such as {@code sound server}
 * @param level whether it is a problem
 * @param text the finding
 * @param remedy what to do; empty if nothing
 */
record Finding(String check, Severity level, String text, String remedy) {
  /** How bad a finding is. */
  enum Severity {
    /** As it should be. */
    OK,
    /** {@code listen} works, but not at its best; or another command does not work. */
    WARNING,
    /** {@code listen} cannot work. */
    FAULT
  }

  static Finding ok(String check, String text) {
    return new Finding(check, Severity.OK, text, "");
  }

  static Finding warning(String check, String text, String remedy) {
    return new Finding(check, Severity.WARNING, text, remedy);
  }

  static Finding fault(String check, String text, String remedy) {
    return new Finding(check, Severity.FAULT, text, remedy);
  }

  /** Counts the findings of a level. */
  static long count(List<Finding> findings, Severity level) {
    return findings.stream().filter(finding -> finding.level == level).count();
  }

  static boolean isFaulty(List<Finding> findings) {
    return count(findings, Severity.FAULT) > 0;
  }
}
