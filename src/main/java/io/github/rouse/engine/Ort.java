// SPDX-License-Identifier: Apache-2.0
package io.github.rouse.engine;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;

/** Opens sessions in ONNX Runtime and names the model in its errors. */
final class Ort {
  private Ort() {}

  static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "rouse");
  }

  /** Opens a single-threaded session that logs nothing to stderr. */
  static OrtSession session(ModelProto graph) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      // Compute products with 8-bit weights in float: by default, 1.29 quantises the other factor
      // too.
      options.addConfigEntry("session.qdq_matmulnbits_accuracy_level", "1");
      return environment().createSession(graph.toByteArray(), options);
    }
  }

  /** Wraps a failure with the model's name; unchecked, so that streams need not declare it. */
  static IllegalStateException failed(String name, OrtException e) {
    return new IllegalStateException(name + ": ONNX Runtime: " + e.getMessage(), e);
  }
}
