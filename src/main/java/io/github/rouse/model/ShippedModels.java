// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

import java.io.InputStream;

/** The models of the artefact with the classifier {@code models}, resources of the class path. */
final class ShippedModels {
  private static final String FOLDER = "/io/github/rouse/models/";
  private static final String LISTED = FOLDER + "README.md"; // in the artefact, whatever its models

  private ShippedModels() {}

  /** Opens a model's file. */
  static InputStream open(String name) {
    Class<?> here = ShippedModels.class;
    if (here.getResource(LISTED) == null) {
      throw new IllegalStateException(
          "the shipped models are not on the class path: add io.github.rouse:rouse with the"
              + " classifier models");
    }
    InputStream in = name.contains("/") ? null : here.getResourceAsStream(FOLDER + name + ".onnx");
    if (in == null) {
      throw new IllegalArgumentException(
          "model=" + name + ", expected a shipped model, such as jarvis");
    }
    return in;
  }
}
