package io.github.rouse.model.onnx;

/** How a file holds the weights of its products; biases and norms are always of 32 bits. */
public enum WeightType {
  /** 32-bit floats, exactly. */
  FP32,
  /** 16-bit floats, IEEE 754: half the size. */
  FP16,
  /** 8-bit integers times a scale for each output: a quarter of the size. */
  INT8
}
