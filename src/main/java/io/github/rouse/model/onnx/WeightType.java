// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.model.onnx;

/** The type of a file's weight matrices; biases and normalisation are always 32-bit. */
public enum WeightType {
  /** 32-bit floats: exact. */
  FP32,
  /** 16-bit floats, IEEE 754: half the size. */
  FP16,
  /** 8-bit integers with a scale per output: a quarter of the size. */
  INT8
}
