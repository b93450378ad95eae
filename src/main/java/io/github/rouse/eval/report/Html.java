// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.eval.report;

/** Escapes text for HTML. */
final class Html {
  private Html() {}

  /** Escapes text for HTML, including attribute values. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
