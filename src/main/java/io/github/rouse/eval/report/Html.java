package io.github.rouse.eval.report;

/** What text has to become to stand in a page. */
final class Html {
  private Html() {}

  /** Text as it may stand in HTML, attributes included. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
