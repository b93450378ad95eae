// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model;

/** The engine that runs a network. */
public enum Engine {
  /** Rouse's own Java code. */
  NATIVE,
  /** ONNX Runtime, to check the native engine. */
  ONNXRUNTIME
}
