// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.cli.service;

/** Escapes text for XML. */
final class Xml {
  private Xml() {}

  static String text(String plain) {
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
