package io.github.rouse.model;

/** What runs a network. */
public enum Engine {
  /** The loops of this project. */
  NATIVE,
  /** ONNX Runtime, for checking. */
  ONNXRUNTIME
}
